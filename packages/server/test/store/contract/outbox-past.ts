import { expect, test } from 'vitest';
import type { ResendQuery } from '../../../src/store/outbox.ts';
import type { Store } from '../../../src/store/store.ts';
import { T0, commit } from '../builders.ts';
import type { MakeStore } from '../contract.ts';
import { FAILED, TAKEN, claim, endpoint, event, giveUp, settle } from './outbox-builders.ts';

/** What is done with deliveries later: pages of them, sending again, forgetting those of an endpoint. */
export function outboxPastContract(make: MakeStore): void {
  pagesContract(make);
  resendContract(make);
  laneContract(make);
  goneContract(make);
}

async function resend(store: Store, query: Partial<ResendQuery>, now = T0 + 100): Promise<number> {
  const { count, done } = await store.resend({ endpoint: 'one', ...query, limit: 10 }, now);
  expect(done).toBeNull();
  return count;
}

/** Whose turn it is at an endpoint. */
async function due(store: Store, now = T0 + 100): Promise<readonly string[]> {
  return (await claim(store, 'one', now)).map(({ event: { id } }) => id);
}

function pagesContract(make: MakeStore): void {
  test('[WHK12] pages go by the time of the events, over endpoints and states, and leave none out', async () => {
    const store = await make();
    const told = [3, 1, 2, 2, 0].map((at) => ({ at: T0 + at, ...event('call-a', ['one', 'two']) }));
    for (const { at, ...each } of told) await commit(store, { at, events: [each] });
    for (const each of await claim(store, 'two', T0 + 9)) await settle(store, each, TAKEN);
    const pages: string[][] = [];
    let before: { at: number; n: number } | undefined;
    do {
      const page = await store.deliveries({ limit: 3, ...(before && { before }) });
      pages.push(page.map(({ n, event: { at } }) => `${at - T0}:${n}`));
      const last = page.at(-1);
      before = last && { at: last.event.at, n: last.n };
    } while (before);
    expect(pages).toEqual([
      ['3:2', '3:1', '2:8'],
      ['2:7', '2:6', '2:5'],
      ['1:4', '1:3', '0:10'],
      ['0:9'],
      [],
    ]);
  });

  test.each([undefined, 'waiting', 'delivered'] as const)(
    '[WHK12] a kind of event is found among many others, page by page: %s',
    async (state) => {
      const store = await make();
      const others = Array.from({ length: 600 }, () => event('call-a', ['two']));
      const sought = [1, 2].map(() => event('call-b', ['one', 'two'], 'call.ended'));
      await commit(store, { events: [...sought, ...others] });
      if (state === 'delivered') {
        for (let n = 1; n <= 4 + others.length; n++) await settle(store, n, TAKEN);
      }
      const query = { ...(state && { state }), limit: 3, type: 'call.ended' } as const;
      const found = await store.deliveries(query);
      expect(found.map(({ n }) => n)).toEqual([4, 3, 2]);
      const before = { at: T0, n: 2 };
      expect((await store.deliveries({ ...query, before })).map(({ n }) => n)).toEqual([1]);
      const one = await store.deliveries({ ...query, endpoint: 'one' });
      expect(one.map(({ n }) => n)).toEqual([3, 1]);
      expect(await store.deliveries({ ...query, type: 'call.ringing' })).toEqual([]);
      const many = { ...query, type: 'call.held', limit: 601 } as const;
      expect(await store.deliveries(many)).toHaveLength(600);
      expect(await store.deliveries({ ...many, endpoint: 'one' })).toEqual([]);
    },
  );
}

function resendContract(make: MakeStore): void {
  test('[WHK12] what was delivered or given up is sent again by event, state or time', async () => {
    const store = await make();
    const events = [event('call-a'), event('call-b'), event('call-c')];
    for (const [i, each] of events.entries()) await commit(store, { at: T0 + i, events: [each] });
    for (const each of await claim(store, 'one', T0 + 10)) await settle(store, each, TAKEN);
    expect(await resend(store, { endpoint: 'two' })).toBe(0);
    expect(await resend(store, { state: 'dead' })).toBe(0);
    const [first] = events;
    expect(await resend(store, { endpoint: 'two', event: first?.id ?? '' })).toBe(0);
    expect(await resend(store, { event: 'no-event' })).toBe(0);
    expect(await resend(store, { event: first?.id ?? '' })).toBe(1);
    expect(await resend(store, { from: T0 + 1, to: T0 + 2 })).toBe(1);
    const again = await claim(store, 'one', T0 + 100);
    expect(again.map(({ attempts, event: { key } }) => [attempts, key])).toEqual([
      [0, 'call-a'],
      [0, 'call-b'],
    ]);
  });

  test.each([[{}], [{ state: 'dead' }], [{ state: 'delivered' }], [{ from: T0 + 1 }]] as const)(
    '[WHK12] in portions each is sent again once, the oldest first: %j',
    async (query) => {
      const store = await make();
      const events = Array.from({ length: 7 }, (_, i) => event(`call-${i}`));
      for (const [i, each] of events.entries()) {
        await commit(store, { at: T0 + 10 - i, events: [each] });
      }
      for (const { n } of await claim(store, 'one', T0 + 20)) {
        await (n % 2 === 0 ? settle(store, n, TAKEN) : giveUp(store, n));
      }
      const wanted = await store.deliveries({ endpoint: 'one', ...query, limit: 10 });
      const portion = { endpoint: 'one', ...query, limit: 2 };
      const sent: string[] = [];
      for (let after: { at: number; n: number } | undefined | null; after !== null;) {
        const now = T0 + 100 + sent.length;
        const { count, done } = await store.resend({ ...portion, ...(after && { after }) }, now);
        after = done;
        const taken = await claim(store, 'one', now);
        expect(taken).toHaveLength(count);
        sent.push(...taken.map((each) => each.event.id).toSorted());
        // Delivered before the next portion is looked for: it is not found once more.
        for (const each of taken) await settle(store, each, TAKEN);
      }
      expect(new Set(sent)).toEqual(new Set(wanted.map((each) => each.event.id)));
      expect(sent).toHaveLength(wanted.length);
      expect(sent.slice(0, 2)).toEqual(
        wanted
          .slice(-2)
          .map((each) => each.event.id)
          .toSorted(),
      );
    },
  );
}

function laneContract(make: MakeStore): void {
  test('[WHK5] what is sent again keeps its order: of each lane the first is due, and the next after it', async () => {
    const store = await make();
    const told = [event('call-a'), event('call-a')];
    await commit(store, { events: told });
    for (let i = 0; i < told.length; i++) {
      const [one] = await claim(store, 'one', T0 + 5);
      await giveUp(store, one);
    }
    expect(await resend(store, { state: 'dead' }, T0 + 9)).toBe(2);
    const [first, ...more] = await claim(store, 'one', T0 + 9);
    expect([first?.event.id, more]).toEqual([told[0]?.id, []]);
    await settle(store, first, TAKEN);
    expect(await due(store)).toEqual([told[1]?.id]);
  });

  test('[WHK5] a later one that waits for another attempt waits for an earlier one that is sent again', async () => {
    const store = await make();
    const [one, two] = [event('call-a'), event('call-a')];
    await commit(store, { events: [one, two] });
    const [first] = await claim(store);
    await settle(store, first, TAKEN);
    const [second] = await claim(store, 'one', T0 + 5);
    await settle(store, second, FAILED, T0 + 50);
    expect(await resend(store, { event: one.id })).toBe(1);
    const [again, ...more] = await claim(store, 'one', T0 + 100);
    expect([again?.event.id, more]).toEqual([one.id, []]);
    await settle(store, again, TAKEN);
    expect(await due(store)).toEqual([two.id]);
  });

  test('[WHK5] and so does one that was under way and failed', async () => {
    const store = await make();
    const [one, two] = [event('call-a'), event('call-a')];
    await commit(store, { events: [one, two] });
    const [first] = await claim(store);
    await settle(store, first, TAKEN);
    const [second] = await claim(store, 'one', T0 + 5);
    await resend(store, { event: one.id });
    await settle(store, second, FAILED, T0 + 50);
    expect(await due(store)).toEqual([one.id]);
  });

  test('[WHK12] what was under way when it was sent again comes to nothing', async () => {
    const store = await make();
    const told = event('call-a');
    await commit(store, { events: [told] });
    const [stale] = await claim(store);
    expect(await resend(store, { event: told.id }, T0 + 3)).toBe(1);
    await settle(store, stale, FAILED, T0 + 3_600_000);
    await giveUp(store, stale);
    const [again] = await claim(store, 'one', T0 + 9);
    expect(again).toMatchObject({ n: stale?.n, attempts: 0, since: T0 + 3 });
    await settle(store, stale, TAKEN);
    expect(await store.deliveries({ state: 'delivered', limit: 9 })).toEqual([]);
    await settle(store, again, TAKEN);
    expect(await store.deliveries({ state: 'delivered', limit: 9 })).toHaveLength(1);
  });

  test('[WHK8] of two claims the newer counts, when the older comes to its end late', async () => {
    const store = await make();
    await commit(store, { events: [event('call-a')] });
    const [older] = await claim(store);
    const [newer] = await claim(store, 'one', T0 + 30_001);
    expect(newer).toMatchObject({ n: older?.n, since: T0 });
    await giveUp(store, older);
    expect(await store.deliveries({ state: 'dead', limit: 9 })).toEqual([]);
    await settle(store, newer, TAKEN);
    expect(await store.deliveries({ state: 'delivered', limit: 9 })).toHaveLength(1);
  });

  test('[WHK6] what waits behind another has its full time again as well', async () => {
    const store = await make();
    await commit(store, { events: [event('call-a'), event('call-a')] });
    const later = T0 + 10 * 86_400_000;
    expect(await resend(store, { state: 'waiting' }, later)).toBe(2);
    const [one] = await claim(store, 'one', later);
    const attempt = { ...TAKEN, at: later };
    const taken = { n: one?.n ?? 0, claim: one?.claim ?? 0, dueAt: null, attempt } as const;
    expect(await store.settleDeliveries([{ ...taken, state: 'delivered' }], later)).toEqual([
      one?.n,
    ]);
    expect(await claim(store, 'one', later)).toMatchObject([{ since: later, attempts: 0 }]);
    // What is settled a second time counts no more.
    expect(await store.settleDeliveries([{ ...taken, state: 'dead' }], later)).toEqual([]);
  });

  test('to send again what waits behind another changes nothing of their order', async () => {
    const store = await make();
    const [one, two] = [event('call-a'), event('call-a')];
    await commit(store, { events: [one, two] });
    expect(await resend(store, {}, T0)).toBe(2);
    expect(await claim(store)).toHaveLength(1);
    expect(await resend(store, { event: two.id }, T0)).toBe(1);
    expect(await resend(store, { event: one.id }, T0 + 1)).toBe(1);
    expect(await due(store, T0 + 1)).toEqual([one.id]);
  });
}

function goneContract(make: MakeStore): void {
  test('[WHK11] what is kept for an endpoint goes in portions, and nothing of others', async () => {
    const store = await make();
    await store.addEndpoint(endpoint('one'), 9);
    const told = [event('call-a', ['one', 'two']), event('call-a'), event('call-b')];
    await commit(store, { events: told });
    await store.removeEndpoint('one');
    await store.removeEndpoint('nobody');
    expect(await store.endpoints()).toEqual([]);
    expect(await store.forgetDeliveries('one', 2)).toBe(2);
    // Of a lane the first is left: whatever stops here leaves nothing that waits behind nothing.
    const audit = await store.audit();
    expect((await audit.strays(10)).stuck).toEqual([]);
    await audit.close();
    expect(await due(store)).toEqual([told[0]?.id]);
    expect(await store.forgetDeliveries('one', 2)).toBe(1);
    expect(await store.forgetDeliveries('one', 2)).toBe(0);
    const left = await store.deliveries({ limit: 10 });
    expect(left.map((delivery) => delivery.endpoint)).toEqual(['two']);
  });

  test('[WHK13] an endpoint for which something is kept is missed since it was first not named', async () => {
    const store = await make();
    await commit(store, { events: [event('call-a', ['one', 'two', 'three'])] });
    expect(await store.noteEndpoints(['one', 'two', 'three', 'four'], T0)).toEqual([]);
    expect(await store.noteEndpoints(['one', 'three'], T0 + 1)).toEqual([
      { id: 'two', since: T0 + 1 },
    ]);
    const both = await store.noteEndpoints(['three'], T0 + 2);
    expect(both.toSorted((a, b) => a.since - b.since)).toEqual([
      { id: 'two', since: T0 + 1 },
      { id: 'one', since: T0 + 2 },
    ]);
    // It was put back and taken out once more: its time begins anew.
    await store.noteEndpoints(['one', 'two', 'three'], T0 + 3);
    expect(await store.noteEndpoints(['one', 'three'], T0 + 4)).toEqual([
      { id: 'two', since: T0 + 4 },
    ]);
    await store.forgetDeliveries('two', 10);
    expect(await store.noteEndpoints(['one', 'three'], T0 + 5)).toEqual([]);
  });
}
