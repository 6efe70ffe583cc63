import type { Signal } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { isRelayed, withDtx, withRelaysOnly } from '../src/negotiation/sdp.ts';
import { connectedPair, Pair } from './support/pair.ts';

test('the caller offers audio and video, the callee answers, and both connect', async () => {
  const pair = await connectedPair();
  expect(pair.alice.descriptions).toEqual(['offer']);
  expect(pair.bob.descriptions).toEqual(['answer']);
  for (const { connection } of [pair.alice, pair.bob]) {
    const transceivers = connection.getTransceivers();
    expect(transceivers.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    expect(transceivers.map((each) => each.currentDirection)).toEqual(['sendrecv', 'sendrecv']);
  }
});

test.each(['alice', 'bob'] as const)('both tracks for %s arrive in one stream', async (side) => {
  const pair = new Pair();
  const streams: unknown[] = [];
  pair[side].connection.ontrack = (event) => streams.push(event.streams[0]);
  pair.start();
  await pair.pass();
  expect(streams).toHaveLength(2);
  expect(streams[0]).toBeDefined();
  expect(streams[0]).toBe(streams[1]);
});

test('a track given before, during or after the negotiation is sent, and no offer is made for it', async () => {
  const pair = new Pair();
  const { negotiation, connection } = pair.bob;
  const opening = pair.media.device('bob1').getUserMedia({ audio: true, video: true });
  const [audio, video] = (await pair.clock.untilSettled(opening)).getTracks();
  void negotiation.setTrack('audio', audio!);
  pair.start();
  await pair.pass();
  void negotiation.setTrack('video', video!);
  await pair.pass();
  const senders = () => connection.getTransceivers().map(({ sender }) => sender.track);
  expect(senders()).toEqual([audio, video]);
  void negotiation.setTrack('video', null);
  await pair.pass();
  expect(senders()).toEqual([audio, null]);
  expect(pair.alice.descriptions).toEqual(['offer']);
});

test('candidates that overtake their description wait for it', async () => {
  const pair = new Pair();
  const held: Signal[] = [];
  pair.alice.carry = (signal) => {
    if (signal.kind === 'description') held.push(signal);
    else pair.bob.negotiation.receive(signal);
  };
  pair.start();
  await pair.pass(100);
  for (const signal of held) pair.bob.negotiation.receive(signal);
  await pair.pass();
  expect(pair.areConnected).toBe(true);
});

test('everything said twice changes nothing, except that a repeated offer is answered again', async () => {
  const pair = await connectedPair();
  let applied = 0;
  for (const { connection } of [pair.alice, pair.bob]) {
    connection.setRemoteDescription = async () => void applied++;
  }
  for (const signal of pair.alice.said) pair.bob.negotiation.receive(signal);
  for (const signal of pair.bob.said) pair.alice.negotiation.receive(signal);
  await pair.pass();
  expect(pair.alice.descriptions).toEqual(['offer']);
  expect(pair.bob.descriptions).toEqual(['answer', 'answer']);
  expect(pair.areConnected).toBe(true);
  expect(applied).toBe(0);
});

test('an answer that nobody waits for changes nothing', async () => {
  const pair = await connectedPair();
  const description = { type: 'answer', sdp: 'of an older offer' } as const;
  pair.alice.negotiation.receive({ kind: 'description', description });
  await pair.pass();
  expect(pair.alice.failures).toEqual([]);
});

test('after a reconnect each side says its description and candidates again', async () => {
  const pair = await connectedPair();
  const before = pair.alice.said.length;
  pair.alice.negotiation.resend();
  expect(pair.alice.said.slice(before)).toEqual(pair.alice.said.slice(0, before));
  pair.bob.negotiation.resend();
  await pair.pass();
  expect(pair.areConnected).toBe(true);
});

test('a lost offer is asked for, a lost answer too', async () => {
  for (const loser of ['alice', 'bob'] as const) {
    const pair = new Pair();
    const { carry } = pair[loser];
    let lost = 0;
    pair[loser].carry = (signal) => {
      if (signal.kind === 'description' && lost++ === 0) return;
      carry(signal);
    };
    pair.start();
    await pair.pass(5000);
    expect(pair.areConnected).toBe(true);
  }
});

test('a path that is disturbed is repaired after ICE had two seconds', async () => {
  const pair = await connectedPair();
  pair.media.cut('bob1');
  await pair.pass(6900);
  expect(pair.alice.descriptions).toEqual(['offer']);
  await pair.pass(200);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
});

test('a path that has failed is repaired by the caller’s device at once', async () => {
  const pair = await connectedPair();
  await pair.pass(2000);
  pair.media.fail('alice1');
  await pair.pass(200);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
  expect(pair.bob.descriptions).toEqual(['answer', 'answer']);
  expect(pair.bob.count('restart')).toBe(1);
  expect(pair.areConnected).toBe(true);
});

test('a short break heals without a restart', async () => {
  const pair = await connectedPair();
  pair.media.cut('bob1');
  await pair.pass(5500);
  expect(pair.areConnected).toBe(false);
  pair.media.restore('bob1');
  await pair.pass(1000);
  expect(pair.areConnected).toBe(true);
  expect(pair.alice.descriptions).toEqual(['offer']);
});

test('a path that stays away is tried again and again, with one offer at a time', async () => {
  const pair = await connectedPair();
  pair.media.cut('bob1');
  pair.alice.carry = () => {};
  await pair.pass(40_000);
  const offers = new Set(
    pair.alice.said.flatMap((each) => (each.kind === 'description' ? [each.description.sdp] : [])),
  );
  expect(offers.size).toBe(2);
  expect(pair.alice.descriptions.length).toBeGreaterThan(4);
});

test('the callee never offers, and asks the caller’s device to restart', async () => {
  const pair = await connectedPair();
  pair.bob.negotiation.receive({
    kind: 'description',
    description: { type: 'answer', sdp: 'nonsense' },
  });
  await pair.pass(2000);
  pair.alice.negotiation.receive({ kind: 'restart' });
  await pair.pass();
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
  expect(pair.bob.descriptions).toEqual(['answer', 'answer']);
  expect(pair.bob.failures).toEqual([]);
});

test('a description that the browser refuses is told, and the next one may do', async () => {
  const pair = new Pair();
  pair.bob.negotiation.start();
  pair.bob.negotiation.receive({
    kind: 'description',
    description: { type: 'offer', sdp: 'nonsense' },
  });
  await pair.pass(10);
  expect(pair.bob.failures).toHaveLength(1);
  pair.alice.negotiation.start();
  await pair.pass();
  expect(pair.areConnected).toBe(true);
});

test('what is closed says and does nothing any more', async () => {
  const pair = new Pair();
  pair.start();
  pair.alice.negotiation.close();
  pair.bob.negotiation.close();
  await pair.pass(20_000);
  expect(pair.alice.said).toEqual([]);
  expect(pair.clock.pending).toBe(0);
});

test('the sender is asked for silence that costs nothing, once', () => {
  const sdp =
    'm=audio 9 x 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\nm=video\r\n';
  const asked = sdp.replace('minptime=10', 'usedtx=1;minptime=10');
  expect(withDtx(sdp)).toBe(asked);
  expect(withDtx(asked)).toBe(asked);
  expect(withDtx('m=audio 9 x 0\r\n')).toBe('m=audio 9 x 0\r\n');
});

test('a description for a relayed call shows relays only', () => {
  const host = 'a=candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host\r\n';
  const reflexive =
    'a=candidate:2 1 udp 1677729535 203.0.113.7 50000 typ srflx raddr 192.0.2.7 rport 50000\r\n';
  const relay =
    'a=candidate:3 1 udp 33562367 198.51.100.1 50001 typ relay raddr 0.0.0.0 rport 9\r\n';
  const sdp = `v=0\r\nm=audio 9 x 111\r\n${host}${reflexive}${relay}a=end-of-candidates\r\n`;
  expect(withRelaysOnly(sdp)).toBe(`v=0\r\nm=audio 9 x 111\r\n${relay}a=end-of-candidates\r\n`);
  expect(isRelayed(relay)).toBe(true);
  expect(isRelayed('candidate:1 1 udp 1 192.0.2.7 1 typ host ufrag relay')).toBe(false);
});

test('before each gathering the credentials are refreshed, and set first', async () => {
  const pair = new Pair();
  const order: string[] = [];
  let made = 0;
  pair.alice.ice = {
    configuration: () => ({
      iceServers: [{ urls: 'turn:turn.test', username: String(made) }],
      iceTransportPolicy: 'all',
      bundlePolicy: 'max-bundle',
    }),
    canSignal: true,
    refresh: async () => {
      await Promise.resolve();
      made++;
    },
  };
  const { connection } = pair.alice;
  const createOffer = connection.createOffer.bind(connection);
  connection.createOffer = (options) => {
    order.push(connection.configuration.iceServers?.[0]?.username ?? 'none');
    return createOffer(options);
  };
  pair.start();
  await pair.pass();
  pair.media.fail('alice1');
  await pair.pass(4000);
  expect(pair.areConnected).toBe(true);
  expect(order).toEqual(['1', '2']);
});
