import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SAME_CALL_WITHIN_MS, mergeRecords, parseCallRecord } from '../../src/netease.ts';

const HEX = '0123456789abcdef0123456789abcdef';
const AT = 1_700_000_000_000;

interface Told {
  readonly from?: string;
  readonly to?: string;
  readonly at?: number;
  readonly room?: number | string;
  readonly type?: number;
  readonly status?: number;
  readonly ids?: readonly [server: string, client: string];
}

let messages = 0;

/** A record as a message tells it, with ids of its own unless told otherwise. */
function told({ from = 'alice', to = 'bob', at = AT, room, type = 1, status = 1, ids }: Told) {
  const own = String(++messages);
  const [msgidServer, msgidClient] = ids ?? [own, `c${own}`];
  const attach = JSON.stringify({ type, status, channelId: room });
  const around = { fromAccount: from, to, msgTimestamp: at, msgidServer, msgidClient };
  return parseCallRecord({ ...around, attach });
}

const byServer = (rest: Told = {}) => told({ room: 6265489, ...rest });
const byApp = (rest: Told = {}) => told({ room: HEX, ...rest });

describe('one call', () => {
  test('[RDN7] a message that came twice, by either of its ids', () => {
    const first = byServer({ ids: ['1', 'a'], room: 1 });
    expect(mergeRecords([first, byServer({ ids: ['1', 'b'], room: 2 })])).toEqual([first]);
    expect(mergeRecords([first, byServer({ ids: ['2', 'a'], room: 3 })])).toEqual([first]);
  });

  test('[RDN7] the same room of the same users with the same outcome, hours apart', () => {
    const first = byServer();
    expect(mergeRecords([first, byServer({ at: AT + 7_200_000 })])).toEqual([first]);
  });

  test('[RDN7] told by app and server: the server’s stays, whichever came first', () => {
    const [app, server] = [byApp(), byServer({ at: AT + SAME_CALL_WITHIN_MS })];
    expect(mergeRecords([app, server])).toEqual([server]);
    expect(mergeRecords([server, app])).toEqual([server]);
  });
});

describe('two calls', () => {
  test.each([
    ['app and server more than 2 s apart', byApp({ at: AT - 1 }), byServer({ at: AT + 2000 })],
    ['with another peer', byApp({ to: 'carol' }), byServer()],
    ['the other way', byApp({ from: 'bob', to: 'alice' }), byServer()],
    ['of another type', byApp({ type: 2 }), byServer()],
    ['not completed', byApp({ status: 2 }), byServer()],
    ['by the same producer at the same time', byServer({ room: 1 }), byServer({ room: 2 })],
    ['in a room of other users', byServer({ from: 'carol' }), byServer()],
    ['in one room with another outcome', byServer({ status: 3 }), byServer()],
    ['without a room', told({}), byServer()],
  ])('[RDN7] %s', (_, one, other) => {
    expect(mergeRecords([one, other])).toEqual([one, other]);
  });

  test('[RDN7] records without a message are left alone', () => {
    const bare = parseCallRecord({ type: 1, status: 1, channelId: 5 });
    expect(mergeRecords([bare, bare])).toHaveLength(2);
  });
});

test('[RDN7] merging twice changes nothing, and keeps the order', () => {
  const record = fc.record({
    from: fc.constantFrom('alice', 'bob'),
    to: fc.constantFrom('bob', 'carol'),
    at: fc.integer({ min: AT, max: AT + 5000 }),
    room: fc.constantFrom<(string | number)[]>(1, 2, HEX, HEX.replace('0', '1')),
    status: fc.constantFrom(1, 2),
  });
  fc.assert(
    fc.property(fc.array(record), (list) => {
      const records = list.map(told);
      const merged = mergeRecords(records);
      expect(mergeRecords(merged)).toEqual(merged);
      expect(records.filter((each) => merged.includes(each))).toEqual(merged);
    }),
  );
});
