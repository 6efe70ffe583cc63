import { expect, test } from 'vitest';
import { Names } from '../src/model/names.ts';
import { Phone } from '../src/model/phone.ts';
import { TestCall, TestClient } from './support.ts';

function phone() {
  const client = new TestClient();
  const names = new Names();
  return { client, names, phone: new Phone(client.port, names) };
}

test('a call that rings is beside the stage, and takes it when it is answered', () => {
  const { client, phone: it, names } = phone();
  const call = new TestCall();
  client.rings(call);
  expect(it.ringing).toEqual([call]);
  expect(it.stage.kind).toBe('idle');
  expect(names.of('alice')).toBe('Alice');
  call.becomes('established');
  expect(it.ringing).toEqual([]);
  expect(it.stage).toEqual({ kind: 'call', call });
});

test('a missed call says so on the stage, in place of one that is over', () => {
  const { client, phone: it } = phone();
  for (const id of ['one', 'two']) {
    const call = new TestCall(id);
    client.rings(call);
    call.becomes('ended', 'cancelled');
  }
  expect(it.stage).toMatchObject({ kind: 'call', call: { id: 'two' } });
  it.dismiss();
  expect(it.stage.kind).toBe('idle');
});

test('a call that was refused here leaves nothing on the stage; one answered elsewhere says so', async () => {
  const { client, phone: it } = phone();
  const refused = new TestCall('one');
  client.rings(refused);
  await it.refuse(refused.call);
  expect(it.stage.kind).toBe('idle');
  const elsewhere = new TestCall('two');
  client.rings(elsewhere);
  elsewhere.becomes('ended', 'answered-elsewhere');
  expect(it.stage).toEqual({ kind: 'call', call: elsewhere });
});

test('what could not begin says why, and a call dismissed before it stood is taken back', async () => {
  const { client, phone: it } = phone();
  client.placed = Promise.reject(new Error('denied'));
  await it.place({ user: 'bob' }, 'audio');
  expect(it.stage).toMatchObject({ kind: 'failed', error: new Error('denied') });
  const call = new TestCall('mine', 'outgoing');
  client.placed = Promise.resolve(call.call);
  const placed = it.place({ user: 'bob' }, 'audio');
  expect(client.signal?.aborted).toBe(false);
  it.dismiss();
  expect(client.signal?.aborted).toBe(true);
  await placed;
  expect(call.done).toEqual(['cancel']);
  expect(it.stage.kind).toBe('idle');
});

test('while a call is on no other is begun', async () => {
  const { client, phone: it } = phone();
  const call = new TestCall('mine', 'outgoing');
  client.placed = Promise.resolve(call.call);
  await it.place({ user: 'bob' }, 'audio');
  await it.place({ user: 'carol' }, 'audio');
  expect(it.stage).toEqual({ kind: 'call', call });
});

test('a call is held, resumed or given a picture one change at a time', async () => {
  const { client, phone: it } = phone();
  const call = new TestCall('one', 'outgoing');
  client.placed = Promise.resolve(call.call);
  await it.place({ user: 'alice' }, 'audio');
  let finish = (): void => {};
  let begun = 0;
  const act = () => {
    begun++;
    return new Promise<void>((resolve) => (finish = resolve));
  };
  const first = it.change(call.call, 'hold', act);
  expect(it.pendingOf(call.call)).toBe('hold');
  await it.change(call.call, 'picture', act);
  expect(begun).toBe(1);
  finish();
  await first;
  expect(it.pendingOf(call.call)).toBeUndefined();
});

test('a change that fails is told, and is over', async () => {
  const { client, phone: it } = phone();
  const call = new TestCall('one', 'outgoing');
  client.placed = Promise.resolve(call.call);
  await it.place({ user: 'alice' }, 'audio');
  const fault = new Error('not permitted');
  await it.change(call.call, 'hold', () => Promise.reject(fault));
  expect(it.failureOf(call.call)).toBe(fault);
  expect(it.pendingOf(call.call)).toBeUndefined();
});

test('a picture ends whatever is under way, and what was asked of it before is no news', async () => {
  const { client, phone: it } = phone();
  const call = new TestCall('one', 'outgoing');
  client.placed = Promise.resolve(call.call);
  await it.place({ user: 'alice' }, 'audio');
  let fail = (_why: Error): void => {};
  const asking = it.change(call.call, 'picture', () => {
    return new Promise<void>((_, reject) => (fail = reject));
  });
  await it.endPicture(call.call);
  expect(call.done).toEqual(['removeVideo']);
  expect(it.pendingOf(call.call)).toBeUndefined();
  fail(new Error('it was taken back'));
  await asking;
  expect(it.failureOf(call.call)).toBeUndefined();
});

test('a picture ends beside a hold that is under way', async () => {
  const { client, phone: it } = phone();
  const call = new TestCall('one', 'outgoing');
  client.placed = Promise.resolve(call.call);
  await it.place({ user: 'alice' }, 'audio');
  let finish = (): void => {};
  const holding = it.change(call.call, 'hold', () => new Promise<void>((done) => (finish = done)));
  await it.endPicture(call.call);
  expect(call.done).toEqual(['removeVideo']);
  expect(it.pendingOf(call.call)).toBe('hold');
  finish();
  await holding;
  expect(it.pendingOf(call.call)).toBeUndefined();
});
