import type { Actor } from '@ringline/call';
import type {
  Attribute,
  AttributeSet,
  AttributesOf,
  Refusal,
  RtmGetAttributes,
  RtmSetAttributes,
} from '@ringline/protocol';
import {
  MAX_ATTRIBUTES,
  MAX_CHANNEL_ATTRIBUTES_BYTES,
  MAX_USER_ATTRIBUTES_BYTES,
  refusal,
  utf8Length,
} from '@ringline/protocol';
import type { Bus } from '../cluster/bus.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE, refusedWith } from '../steps/answer.ts';
import type { Plan, RequestOrigin, StepRunner } from '../steps/step-runner.ts';
import type { Snapshot, Store } from '../store/store.ts';
import { NO_LOGIN } from './no-login.ts';

type Change = Pick<RtmSetAttributes, 'of' | 'replace' | 'set' | 'remove' | 'notify'>;

/** Attributes of users and channels: changed in one step, gone with the last login or member; a channel may have some before it has a member. */
export class Attributes {
  readonly #bus: Bus;
  readonly #steps: StepRunner;
  readonly #store: Pick<Store, 'load'>;

  constructor(parts: { bus: Bus; steps: StepRunner; store: Pick<Store, 'load'> }) {
    this.#bus = parts.bus;
    this.#steps = parts.steps;
    this.#store = parts.store;
  }

  /** Resolves once the change is durable, and the members told who are to know; throws StoreFault when the store is away. */
  async change(change: Change, by: Actor, request: RequestOrigin): Promise<Answer> {
    const { of, notify } = change;
    if (of.kind === 'user' && of.user !== by.user) return refusedWith(NOT_YOURS);
    let after: readonly Attribute[] | undefined;
    const answer = await this.#steps.run({
      cause: { type: 'rtm-set-attributes', by },
      scope: { users: [], actor: by, rtm: { attributesOf: of } },
      request,
      plan: (snapshot, now) => {
        const plan = planOf(change, by, snapshot, now);
        after = plan.attributes?.[0]?.attributes;
        return plan;
      },
    });
    if (after && notify && answer.kind === 'reply') this.#tell(of, after);
    return answer;
  }

  /** Those of these keys that there are, or all; throws StoreFault when the store is away. */
  async find({
    of,
    keys,
  }: Pick<RtmGetAttributes, 'of' | 'keys'>): Promise<readonly Attribute[] | Refusal> {
    const { rtm } = await this.#store.load({ users: [], rtm: { attributesOf: of } });
    if (of.kind === 'user' && !rtm?.isThere) return refusal('unknown-user');
    const attributes = rtm?.attributes.attributes ?? [];
    return keys ? attributes.filter(({ key }) => keys.includes(key)) : attributes;
  }

  #tell(of: AttributesOf, attributes: readonly Attribute[]): void {
    if (of.kind === 'user') return;
    const { channel } = of;
    const message = { type: 'rtm-attributes-changed', channel, attributes } as const;
    this.#bus.publishToChannel(channel, { kind: 'channel-attributes', message });
  }
}

const NOT_YOURS = refusal('forbidden', {
  path: 'of.user',
  message: 'Only one’s own attributes can be changed.',
});

function planOf(change: Change, by: Actor, { actor, rtm }: Snapshot, now: number): Plan {
  if (!actor?.login || !rtm) return { answer: refusedWith(NO_LOGIN) };
  const { version, attributes: before } = rtm.attributes;
  const attributes = changed(before, change, { by: by.user, at: now });
  const why = flawOf(attributes, change.of);
  if (why) return { answer: refusedWith(why) };
  const isSame = change.set.length === 0 && attributes.length === before.length;
  return { answer: DONE, ...(!isSame && { attributes: [{ of: change.of, version, attributes }] }) };
}

/** What is removed goes first; a key that is set twice has what was said last. */
function changed(
  before: readonly Attribute[],
  { replace, set, remove }: Change,
  author: Pick<Attribute, 'by' | 'at'>,
): readonly Attribute[] {
  const kept = replace ? [] : before.filter(({ key }) => !remove.includes(key));
  const after = new Map(kept.map((attribute) => [attribute.key, attribute]));
  for (const { key, value } of set) after.set(key, { key, value, ...author });
  return [...after.values()];
}

function flawOf(attributes: readonly Attribute[], of: AttributesOf): Refusal | undefined {
  const count = attributes.length;
  if (count > MAX_ATTRIBUTES) {
    return tooMuch(`must leave at most ${MAX_ATTRIBUTES} attributes, leaves ${count}`);
  }
  const limit = of.kind === 'user' ? MAX_USER_ATTRIBUTES_BYTES : MAX_CHANNEL_ATTRIBUTES_BYTES;
  const bytes = attributes.reduce((sum, attribute) => sum + bytesOf(attribute), 0);
  if (bytes <= limit) return undefined;
  return tooMuch(`must leave at most ${limit} bytes of keys and values, leaves ${bytes}`);
}

function bytesOf({ key, value }: AttributeSet): number {
  return utf8Length(key) + utf8Length(value);
}

function tooMuch(flaw: string): Refusal {
  return refusal('malformed', { path: 'set', message: `\`set\` ${flaw}.` });
}
