import type { UserId } from '@ringline/client';
import type { Channel, ChannelEvents } from '../core/channel.ts';
import type { Tell } from '../core/listeners.ts';
import { EventEmitter } from './emitter.ts';
import type { RtmChannelEvents } from './events.ts';
import type { RtmMessage, SendMessageOptions } from './types.ts';

/** A channel, as ar-rtm-sdk has it. Promises reject with an error whose `code` is the vendor's. */
export class RtmChannel extends EventEmitter<RtmChannelEvents> {
  readonly channelId: string;
  readonly #core: Channel;

  constructor(core: Channel) {
    super();
    this.#core = core;
    this.channelId = core.id;
    core.tell = this.emit.bind(this) as Tell<ChannelEvents>;
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
