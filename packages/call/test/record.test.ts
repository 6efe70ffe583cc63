import type { EndReason } from '@ringline/protocol';
import { END_REASONS, GRACE_MS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import {
  OTHER,
  accept,
  bind,
  cancel,
  connected,
  end,
  expire,
  invite,
  refuse,
  ring,
} from './scene/commands.ts';
import type { Actor } from '../src/index.ts';
import type { Exchange } from './scene/exchange.ts';
import { START } from './scene/exchange.ts';
import { alice1, bob1, bob2, carol1 } from './scene/people.ts';
import { ended, established, idle, inviting, ringing, talking } from './scene/states.ts';

describe('the record', () => {
  test.each(END_REASONS)(
    '[REC1] a call that ended %s keeps the reason and record that it has',
    (reason) => {
      const exchange = ended(reason);
      const before = exchange.call();
      expect(exchange.record().reason).toBe(reason);
      const everything = [accept(bob1), cancel(alice1), end(bob1), refuse(bob2), ring(bob2)];
      exchange.says(...everything, connected(alice1), expire(), bind(bob1), invite(alice1, 'bob'));
      expect(exchange.lose(alice1).wait(GRACE_MS).call()).toBe(before);
    },
  );

  const STATUS: Record<EndReason, number> = {
    completed: 1,
    'media-failed': 1,
    'resume-failed': 1,
    'connection-lost': 1,
    cancelled: 2,
    refused: 3,
    'no-answer': 4,
    offline: 4,
    busy: 5,
  };

  test.each(END_REASONS)('[REC2] the status of a call that ended %s', (reason) => {
    expect(ended(reason).record().status).toBe(STATUS[reason]);
  });

  test('[REC2] a caller who was lost before the accept counts as one who cancelled', () => {
    expect(ringing().lose(alice1).wait(GRACE_MS).record()).toMatchObject({
      reason: 'connection-lost',
      status: 2,
    });
  });

  test('[REC3] each member’s duration is from the connection to its leaving, in whole seconds rounded down', () => {
    const exchange = established().pass(3000).says(connected(alice1), connected(bob1)).pass(61_999);
    expect(exchange.says(end(bob1)).durations()).toEqual([61, 61]);
  });

  test('[REC4] who was lost left at the loss; who waited, at the end', () => {
    const exchange = talking().pass(20_000).lose(bob1).wait(GRACE_MS);
    expect(exchange.record().endedAt).toBe(START + 20_000 + GRACE_MS);
    expect(exchange.durations()).toEqual([50, 20]);
    const hungUp = talking().pass(20_000).lose(bob1).pass(7000).says(end(alice1));
    expect(hungUp.durations()).toEqual([27, 20]);
    const back = talking().pass(20_000).lose(bob1).pass(7000).says(bind(bob1), end(alice1));
    expect(back.durations()).toEqual([27, 27]);
  });

  test('[REC5] answered and never connected: nobody took part for a second; never answered: no durations', () => {
    expect(established().pass(9000).says(end(alice1)).durations()).toEqual([0, 0]);
    expect(ended('cancelled').durations()).toEqual([]);
  });

  test.each([
    ['invited and never answered', ringing().says(cancel(alice1)), 'video'],
    ['invited, answered as audio, never connected', audioOnly().says(end(alice1)), 'video'],
    ['answered as audio and connected', linked(audioOnly()).says(end(alice1)), 'audio'],
    ['video for both', talking().says(end(alice1)), 'video'],
    ['audio', talking({ media: 'audio' }).says(end(alice1)), 'audio'],
  ])('[REC6] the type of a call: %s', (_, exchange, type) => {
    expect(exchange.record().type).toBe(type);
  });

  test('[REC7] it says which call, who, when, and who ended it', () => {
    const exchange = ringing().pass(2000).says(accept(bob1)).pass(1000);
    exchange.says(connected(alice1), connected(bob1)).pass(5000).says(end(bob1));
    expect(exchange.record()).toEqual({
      call: 'call-1',
      roomId: 7,
      type: 'video',
      status: 1,
      reason: 'completed',
      caller: 'alice',
      callee: 'bob',
      durations: [
        { user: 'alice', seconds: 5 },
        { user: 'bob', seconds: 5 },
      ],
      invitedAt: START,
      acceptedAt: START + 2000,
      connectedAt: START + 3000,
      endedAt: START + 8000,
      endedBy: 'bob',
    });
  });
});

function audioOnly() {
  return ringing().says(accept(bob1, { media: 'audio' }));
}

function linked(exchange: ReturnType<typeof audioOnly>) {
  return exchange.says(connected(alice1), connected(bob1));
}

describe('the record as a message', () => {
  const both = (exchange: Exchange) => exchange.says(end(alice1)).ended().recordTo;

  test('[REC10] both have it unless the caller’s invitation says that nobody has', () => {
    expect(both(talking())).toEqual(['caller', 'callee']);
    expect(both(talking({ tellsRecord: false }))).toEqual([]);
    expect(both(inviting({ tellsRecord: false }))).toEqual([]);
  });

  test('[REC10] whose token says so has none, whichever part it has, and the other has it', () => {
    const without = (who: Actor) => idle(alice1, bob1).says(bind(who, { takesRecords: false }));
    expect(both(without(bob1).says(invite(alice1, 'bob')))).toEqual(['caller']);
    expect(both(without(alice1).says(invite(alice1, 'bob')))).toEqual(['callee']);
    const again = without(bob1).says(bind(bob1), invite(alice1, 'bob'));
    expect(both(again)).toEqual(['caller', 'callee']);
  });

  test('[REC10] a busy call has it too, and the record is there in any case', () => {
    const exchange = talking().says(bind(bob1, { takesRecords: false }));
    exchange.says(invite(carol1, 'bob', { call: OTHER }));
    expect(exchange.ended(OTHER).recordTo).toEqual(['caller']);
    expect(exchange.record(OTHER)).toMatchObject({ reason: 'busy', callee: 'bob' });
  });
});
