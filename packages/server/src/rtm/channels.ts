import type { Actor } from '@ringline/call';
import type { Refusal, RtmChannelMessage, UserId } from '@ringline/protocol';
import { MAX_JOINED_CHANNELS, MAX_LISTED_MEMBERS, refusal } from '@ringline/protocol';
import type { Bus } from '../cluster/bus.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE, refusedWith } from '../steps/answer.ts';
import type { Plan, RequestOrigin, StepRunner } from '../steps/step-runner.ts';
import type { Login } from '../store/rtm.ts';
import type { Device, Store } from '../store/store.ts';
import { NO_LOGIN } from './no-login.ts';

/** Channels: who is in which belongs to the login of a device, and ends with it. */
export class Channels {
  readonly #bus: Bus;
  readonly #steps: StepRunner;
  readonly #store: Pick<Store, 'countMembers' | 'load' | 'members'>;

  constructor(parts: {
    bus: Bus;
    steps: StepRunner;
    store: Pick<Store, 'countMembers' | 'load' | 'members'>;
  }) {
    this.#bus = parts.bus;
    this.#steps = parts.steps;
    this.#store = parts.store;
  }

  /** Resolves once the device is a member; throws StoreFault when the store is away. */
  join(channel: string, by: Actor, request: RequestOrigin): Promise<Answer> {
    return this.#change('rtm-join', by, request, ({ channels }) => {
      if (channels.includes(channel)) return channels;
      if (channels.length >= MAX_JOINED_CHANNELS) return refusal('too-many-channels');
      return [...channels, channel];
    });
  }

  /** Resolves once the device is a member no more; throws StoreFault when the store is away. */
  leave(channel: string, by: Actor, request: RequestOrigin): Promise<Answer> {
    return this.#change('rtm-leave', by, request, ({ channels }) => {
      if (!channels.includes(channel)) return NOT_IN_IT;
      return channels.filter((each) => each !== channel);
    });
  }

  /** The first MAX_LISTED_MEMBERS of a channel in which the device is; throws StoreFault when the store is away. */
  async members(channel: string, by: Actor): Promise<readonly UserId[] | Refusal> {
    const why = await this.#whyNot(channel, by);
    if (why) return why;
    const [found] = await this.#store.members([channel], MAX_LISTED_MEMBERS);
    return found?.members ?? [];
  }

  /** How many users each of these channels has; throws StoreFault when the store is away. */
  count(channels: readonly string[]): Promise<readonly number[]> {
    return this.#store.countMembers(channels);
  }

  /** Says it to the other members who are there, or tells why not; throws StoreFault when the store is away. */
  async publish(message: RtmChannelMessage, by: Actor): Promise<Refusal | undefined> {
    const why = await this.#whyNot(message.channel, by);
    if (why) return why;
    this.#bus.publishToChannel(message.channel, { kind: 'channel-message', by, message });
    return undefined;
  }

  async #whyNot(channel: string, by: Actor): Promise<Refusal | undefined> {
    const { actor } = await this.#store.load({ users: [], actor: by });
    if (!actor?.login) return NO_LOGIN;
    return actor.login.channels.includes(channel) ? undefined : NOT_IN_IT;
  }

  #change(
    type: 'rtm-join' | 'rtm-leave',
    by: Actor,
    request: RequestOrigin,
    next: (login: Login) => readonly string[] | Refusal,
  ): Promise<Answer> {
    return this.#steps.run({
      cause: { type, by },
      scope: { users: [], actor: by },
      request,
      plan: ({ actor }) => planOf(actor, next),
    });
  }
}

const NOT_IN_IT = refusal('wrong-state', {
  message: 'This page is not a member of the channel: join it first.',
});

function planOf(
  device: Device | undefined,
  next: (login: Login) => readonly string[] | Refusal,
): Plan {
  if (!device?.login) return { answer: refusedWith(NO_LOGIN) };
  const channels = next(device.login);
  if ('code' in channels) return { answer: refusedWith(channels) };
  if (channels === device.login.channels) return { answer: DONE };
  return { answer: DONE, device: { ...device, login: { ...device.login, channels } } };
}
