import { VIDEO_CONSENT_MS } from '@ringline/protocol';
import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call, CallEvent } from '../src/index.ts';
import { eventsBetween } from '../src/index.ts';
import {
  accept,
  answerVideo,
  cancel,
  connected,
  declare,
  end,
  hold,
  invite,
  removeVideo,
  requestVideo,
  resume,
  ring,
  swap,
} from './scene/commands.ts';
import { Exchange } from './scene/exchange.ts';
import { CAST, histories } from './scene/histories.ts';
import { alice1, bob1, bob2, carol1 } from './scene/people.ts';
import { idle, inviting, invitingNobody, ringing, talking, twoCalls } from './scene/states.ts';

/** All events of every call, in the order in which its versions came to be. */
function events({ log }: Pick<Exchange, 'log'>, call = 'call-1'): readonly CallEvent[] {
  const versions = log.filter(({ id }) => id === call);
  return versions.flatMap((after, i) => eventsBetween(versions[i - 1], after));
}

function types(exchange: Exchange, call?: string): readonly string[] {
  return events(exchange, call).map(({ type }) => type);
}

/** What happened after the scene was set. */
function typesSince(exchange: Exchange, act: (exchange: Exchange) => unknown): readonly string[] {
  const before = events(exchange).length;
  act(exchange);
  return types(exchange).slice(before);
}

const CALLED = ['call.invited', 'call.ringing'];
const OVER = ['call.ended', 'record.created'];
const audio = () => talking({ media: 'audio' });
const flows = (number: number) => [
  connected(alice1, { epoch: 1, resume: number }),
  connected(bob1, { epoch: 1, resume: number }),
];

describe('the events of one call', () => {
  test('[EVT1] a call that is answered, from the invitation to its record', () => {
    const exchange = audio().says(end(bob1));
    expect(types(exchange)).toEqual([...CALLED, 'call.accepted', 'call.connected', ...OVER]);
    expect(events(exchange).at(-1)?.data).toEqual({ call: 'call-1', record: exchange.record() });
  });

  test('[EVT1] whoever answers before its page has reported is not said to ring', () => {
    expect(types(inviting().says(accept(bob1)))).toEqual(['call.invited', 'call.accepted']);
  });

  test('[EVT1] a second device that rings is no event, and neither is a declaration', () => {
    expect(typesSince(ringing(), (exchange) => exchange.says(ring(bob2)))).toEqual([]);
    const declares = (exchange: Exchange) => exchange.says(declare(alice1, { microphone: false }));
    expect(typesSince(audio(), declares)).toEqual([]);
  });

  test('[EVT2] an invitation says whether a device of the callee is there', () => {
    const content = 'about the roof';
    const there = inviting({ content });
    const [offline] = events(invitingNobody());
    expect(offline?.data).toMatchObject({ offline: true, callee: { user: 'bob' } });
    expect(events(there)[0]?.data).toMatchObject({ offline: false, content });
    expect(events(there)[0]?.data).not.toHaveProperty('caller.device');
  });

  test('[EVT2] a callee who is busy is not offline, and it is over at once', () => {
    const exchange = audio();
    exchange.says(invite(carol1, 'bob', { call: 'call-2' }));
    expect(types(exchange, 'call-2')).toEqual(['call.invited', ...OVER]);
    expect(events(exchange, 'call-2')[0]?.data).toMatchObject({ offline: false });
    expect(events(exchange, 'call-2')[1]?.data).toMatchObject({ reason: 'busy', by: null });
  });

  test('[EVT1] taken back: whose act it was', () => {
    const exchange = ringing().says(cancel(alice1));
    expect(types(exchange)).toEqual([...CALLED, ...OVER]);
    expect(events(exchange).at(-2)?.data).toMatchObject({ reason: 'cancelled', by: 'alice' });
  });

  test('[EVT3] a hold is told when it is, its end when media flow again', () => {
    expect(typesSince(audio(), (call) => call.says(hold(alice1)))).toEqual(['call.held']);
    const held = audio().says(hold(alice1));
    expect(typesSince(held, (call) => call.says(resume(alice1)))).toEqual([]);
    expect(typesSince(held, (call) => call.says(...flows(1)))).toEqual(['call.resumed']);
    expect(events(held).at(-1)?.data).toMatchObject({ by: 'alice' });
  });

  test('[EVT3] with two holds, the first resume is told at once, and whose it is', () => {
    const both = audio().says(hold(alice1), hold(bob1));
    expect(typesSince(both, (call) => call.says(resume(bob1)))).toEqual(['call.resumed']);
    expect(events(both).at(-1)?.data).toMatchObject({ by: 'bob' });
  });

  test('[EVT3] a resume that meets the other side’s hold is told before it', () => {
    const resuming = audio().says(hold(alice1), resume(alice1));
    const told = typesSince(resuming, (call) => call.says(hold(bob1)));
    expect(told).toEqual(['call.resumed', 'call.held']);
  });

  test('[EVT3] a swap holds one call and resumes the other', () => {
    const exchange = twoCalls();
    const before = [events(exchange).length, events(exchange, 'call-2').length];
    exchange.says(swap(bob1, { call: 'call-1' }), ...flows(1));
    expect(types(exchange).slice(before[0])).toEqual(['call.resumed']);
    expect(types(exchange, 'call-2').slice(before[1])).toEqual(['call.held']);
  });

  test('[EVT4] a picture that both agreed to, and its end: why, and by whom', () => {
    const exchange = audio().says(requestVideo(alice1));
    const agrees = (call: Exchange) => call.says(answerVideo(bob1, { answer: 'accept' }));
    expect(typesSince(exchange, agrees)).toEqual(['call.video.added']);
    const removes = (call: Exchange) => call.says(removeVideo(bob1));
    expect(typesSince(exchange, removes)).toEqual(['call.video.removed']);
    expect(events(exchange).at(-1)?.data).toMatchObject({ why: 'removed', by: 'bob' });
  });

  test('[EVT4] a hold takes the picture away, and it comes back with the resume', () => {
    const exchange = talking();
    const [removed, added] = ['call.video.removed', 'call.video.added'];
    expect(typesSince(exchange, (call) => call.says(hold(alice1)))).toEqual(['call.held', removed]);
    expect(events(exchange).at(-1)?.data).toMatchObject({ why: 'held', by: 'alice' });
    const resumes = (call: Exchange) => call.says(resume(alice1), ...flows(1));
    expect(typesSince(exchange, resumes)).toEqual(['call.resumed', added]);
  });

  test('[EVT4] after a long hold the picture is only asked for: no event', () => {
    const exchange = talking()
      .says(hold(alice1))
      .wait(VIDEO_CONSENT_MS + 1);
    const resumes = (call: Exchange) => call.says(resume(alice1), ...flows(1));
    expect(typesSince(exchange, resumes)).toEqual(['call.resumed']);
  });
});

test('[EVT5] whatever people do, a call is invited first, and its record comes last and once', () => {
  assert(
    property(histories(30), (history) => {
      const exchange = new Exchange();
      for (const happens of history) happens(CAST)(exchange);
      for (const id of exchange.calls.keys()) expect(flaw(exchange, id)).toBeUndefined();
    }),
  );
});

function flaw(exchange: Exchange, id: string): string | undefined {
  const told = types(exchange, id);
  const isOver = (exchange.calls.get(id) as Call).state === 'ended';
  if (told[0] !== 'call.invited' || told.lastIndexOf('call.invited') !== 0) return 'invited';
  if (told.filter((type) => type === 'record.created').length !== (isOver ? 1 : 0)) return 'record';
  if (isOver && told.at(-1) !== 'record.created') return 'what comes last';
  for (const [once, many] of PAIRS) if (!alternate(told, once, many)) return `${once}, ${many}`;
  return undefined;
}

const PAIRS = [
  ['call.invited', 'call.accepted'],
  ['call.accepted', 'call.connected'],
] as const;

/** The second comes at most once, and after the first. */
function alternate(told: readonly string[], first: string, second: string): boolean {
  const at = told.indexOf(second);
  return at === told.lastIndexOf(second) && (at === -1 || told.indexOf(first) < at);
}

test('[EVT5] nothing is told of a call that nobody has made', () => {
  expect(types(idle(alice1, bob1))).toEqual([]);
});
