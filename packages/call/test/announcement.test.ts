import { MAX_ANNOUNCING_MS } from '@ringline/protocol';
import type { EndReason } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { accept, bind, invite, OTHER, refuse } from './scene/commands.ts';
import type { Exchange } from './scene/exchange.ts';
import { alice1, bob1, bob2, carol1 } from './scene/people.ts';
import { ended, EVERYBODY, idle, ringing } from './scene/states.ts';

const DAVE = { user: 'dave', device: 'dave1' };

function announcing(exchange: Exchange, by = alice1): number | undefined {
  const view = exchange.view(by);
  return view?.state === 'ended' ? view.announcingMs : undefined;
}

test.each<EndReason>(['busy', 'refused', 'no-answer', 'offline'])(
  '[ANN1] a voice may tell the caller that it was %s, and nobody else',
  (reason) => {
    const exchange = ended(reason);
    expect(announcing(exchange)).toBe(MAX_ANNOUNCING_MS);
    expect([bob1, bob2, carol1].map((by) => announcing(exchange, by))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  },
);

test.each<EndReason>([
  'completed',
  'cancelled',
  'connection-lost',
  'media-failed',
  'resume-failed',
])('[ANN1] no voice tells of a call that was %s', (reason) => {
  expect(announcing(ended(reason))).toBeUndefined();
});

test('[ANN2] it may for a minute from the end', () => {
  const exchange = ended('refused').pass(MAX_ANNOUNCING_MS - 1);
  expect(announcing(exchange)).toBe(1);
  expect(announcing(exchange.pass(1))).toBeUndefined();
});

test('[ANN3] none tells where the policy for the call does not permit it', () => {
  const exchange = idle(...EVERYBODY).says(invite(alice1, 'bob', { isAnnounced: false }));
  expect(announcing(exchange.says(refuse(bob1)))).toBeUndefined();
});

test('[ANN3] nor of a user whose newest token forbids it, also while that user is away', () => {
  const exchange = idle(alice1)
    .says(bind(bob1, { isAnnounced: false }))
    .lose(bob1);
  exchange.says(invite(alice1, 'bob')).wait(60_000);
  expect(exchange.record().reason).toBe('offline');
  expect(announcing(exchange)).toBeUndefined();
  exchange.says(bind(bob2, { isAnnounced: true }), invite(alice1, 'bob', { call: OTHER }));
  expect(exchange.call(OTHER).isAnnounced).toBe(true);
});

test('[ANN3] none speaks into a conversation: whoever talks already is told by the view alone', () => {
  const busy = idle(...EVERYBODY, DAVE).says(
    invite(alice1, 'bob'),
    accept(bob1),
    invite(carol1, 'dave', { call: OTHER }),
    accept(DAVE, { call: OTHER }),
    invite(bob1, 'carol', { call: 'call-3', mayHoldOther: true }),
  );
  expect(busy.record('call-3').reason).toBe('busy');
  expect(busy.view(bob1, 'call-3')).not.toHaveProperty('announcingMs');
});

test('[ANN4] meanwhile both lines are free and the record is written', () => {
  const exchange = ringing().says(refuse(bob1));
  expect(announcing(exchange)).toBeGreaterThan(0);
  expect([exchange.line('alice'), exchange.line('bob')]).toEqual([[], []]);
  expect(exchange.record().reason).toBe('refused');
  exchange.says(invite(carol1, 'alice', { call: OTHER }));
  expect(exchange.call(OTHER).state).toBe('inviting');
});
