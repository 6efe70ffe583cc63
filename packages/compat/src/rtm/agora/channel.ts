import type { UserId } from '@ringline/client';
import type { Channel } from '../core/channel.ts';
import { EventEmitter } from './emitter.ts';
import type { RtmChannelEvents } from './events.ts';
import type { RtmMessage, SendMessageOptions } from './types.ts';

/** A channel, as agora-rtm-sdk has it. Promises reject with an error whose `code` is the vendor's. */
export class RtmChannel extends EventEmitter<RtmChannelEvents> {
  readonly channelId: string;
  readonly #core: Channel;

  constructor(core: Channel) {
    super();
    this.#core = core;
    this.channelId = core.id;
    core.tell = (name, ...args) => this.emit(name, ...args);
  }

  join(): Promise<void> {
    return this.#core.join();
  }

  leave(): Promise<void> {
    return this.#core.leave();
  }

  getMembers(): Promise<UserId[]> {
    return this.#core.members();
  }

  sendMessage(message: RtmMessage, _options?: SendMessageOptions): Promise<void> {
    return this.#core.send(message);
  }
}
