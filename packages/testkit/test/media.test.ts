import type { Candidate } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import type { FakePeerConnection } from '../src/index.ts';
import { FakeMedia, VirtualClock } from '../src/index.ts';

/** Alice's and Bob's connections, with one transceiver each for sound, and what each found. */
function pair() {
  const clock = new VirtualClock({ startAt: 0 });
  const media = new FakeMedia(clock);
  const alice = media.device('alice1');
  const bob = media.device('bob1');
  const states: string[] = [];
  const [a, b] = [alice, bob].map((device) => {
    const connection = device.createPeerConnection();
    connection.onconnectionstatechange = () =>
      states.push(`${clock.now()} ${device.name} ${connection.connectionState}`);
    return connection;
  }) as [FakePeerConnection, FakePeerConnection];
  return { clock, media, alice, bob, a, b, states };
}

/** Offer and answer, with candidates both ways as they are found. */
async function negotiate(
  clock: VirtualClock,
  a: FakePeerConnection,
  b: FakePeerConnection,
  options: { iceRestart?: boolean } = {},
): Promise<void> {
  const found: [FakePeerConnection, Candidate][] = [];
  const find = (other: FakePeerConnection) => (event: { candidate: Candidate | null }) => {
    if (event.candidate !== null) found.push([other, event.candidate]);
  };
  a.onicecandidate = find(b);
  b.onicecandidate = find(a);
  const offer = await a.createOffer(options);
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  for (const transceiver of b.getTransceivers()) transceiver.direction = 'sendrecv';
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  await clock.advanceAsync(5);
  for (const [other, candidate] of found) await other.addIceCandidate(candidate);
}

async function packets(connection: FakePeerConnection, kind = 'audio'): Promise<number> {
  const stats = await connection.getStats();
  const inbound = [...stats.values()].find((stat) => stat.kind === kind);
  return inbound?.type === 'inbound-rtp' ? inbound.packetsReceived : 0;
}

describe('FakePeerConnection', () => {
  test('connects once both have descriptions and one has candidates, and tells of the tracks', async () => {
    const { clock, a, b, alice, states } = pair();
    const heard: string[] = [];
    b.ontrack = ({ track, streams }) => heard.push(`${track.kind} in ${streams.length}`);
    const stream = alice.createStream();
    a.addTransceiver('audio', { direction: 'sendrecv', streams: [stream] });
    a.addTransceiver('video', { direction: 'sendrecv', streams: [stream] });
    await negotiate(clock, a, b);
    await clock.advanceAsync(100);
    expect(states).toEqual([
      '5 bob1 connecting',
      '5 alice1 connecting',
      '105 bob1 connected',
      '105 alice1 connected',
    ]);
    expect(heard).toEqual(['audio in 1', 'video in 1']);
    expect(b.getTransceivers().map(({ currentDirection }) => currentDirection)).toEqual([
      'sendrecv',
      'sendrecv',
    ]);
  });

  test('without candidates it stays as it is', async () => {
    const { clock, a, b } = pair();
    a.addTransceiver('audio');
    const offer = await a.createOffer();
    await a.setLocalDescription(offer);
    await b.setRemoteDescription(offer);
    const answer = await b.createAnswer();
    await b.setLocalDescription(answer);
    await a.setRemoteDescription(answer);
    await clock.advanceAsync(60_000);
    expect([a.connectionState, b.connectionState]).toEqual(['new', 'new']);
  });

  test('counts packets only while a track is attached and the path is whole', async () => {
    const { clock, a, b, alice, media } = pair();
    const transceiver = a.addTransceiver('audio');
    await negotiate(clock, a, b);
    await clock.advanceAsync(1000);
    const remote = b.getTransceivers()[0]!.receiver.track;
    expect([await packets(b), remote.muted]).toEqual([0, true]);
    const stream = await clock.untilSettled(alice.getUserMedia({ audio: true }));
    const track = stream.getTracks()[0]!;
    await transceiver.sender.replaceTrack(track);
    await clock.advanceAsync(1000);
    expect([await packets(b), await packets(a), remote.muted]).toEqual([50, 0, false]);
    track.enabled = false;
    await clock.advanceAsync(1000);
    expect(await packets(b)).toBe(55);
    media.cut('bob1');
    await clock.advanceAsync(1000);
    expect(await packets(b)).toBe(55);
  });

  test('a cut is noticed, and heals by itself when it is mended soon', async () => {
    const { clock, a, b, media, states } = pair();
    a.addTransceiver('audio');
    await negotiate(clock, a, b);
    await clock.advanceAsync(995);
    states.length = 0;
    media.cut('alice1');
    await clock.advanceAsync(6000);
    media.restore('alice1');
    await clock.advanceAsync(20_000);
    expect(states.filter((state) => state.includes('bob1'))).toEqual([
      '6000 bob1 disconnected',
      '7100 bob1 connected',
    ]);
  });

  test('what has failed is repaired by an ICE restart alone', async () => {
    const { clock, a, b, media } = pair();
    a.addTransceiver('audio');
    await negotiate(clock, a, b);
    media.cut('alice1');
    await clock.advanceAsync(20_000);
    expect([a.connectionState, b.connectionState]).toEqual(['failed', 'failed']);
    media.restore('alice1');
    await clock.advanceAsync(1000);
    expect(a.connectionState).toBe('failed');
    await negotiate(clock, a, b, { iceRestart: true });
    await clock.advanceAsync(1000);
    expect([a.connectionState, b.connectionState]).toEqual(['connected', 'connected']);
  });

  test('an ICE restart of a connection that works does not interrupt it', async () => {
    const { clock, a, b, alice, states } = pair();
    const { sender } = a.addTransceiver('audio');
    await negotiate(clock, a, b);
    const stream = await clock.untilSettled(alice.getUserMedia({ audio: true }));
    await sender.replaceTrack(stream.getTracks()[0]!);
    await clock.advanceAsync(985);
    states.length = 0;
    const before = await packets(b);
    await negotiate(clock, a, b, { iceRestart: true });
    await clock.advanceAsync(995);
    expect(states).toEqual([]);
    expect((await packets(b)) - before).toBe(50);
  });

  test('a path cut from the beginning fails in time', async () => {
    const { clock, a, b, media, states } = pair();
    media.cut('bob1');
    a.addTransceiver('audio');
    await negotiate(clock, a, b);
    await clock.advanceAsync(30_000);
    expect(states.slice(2)).toEqual(['15005 bob1 failed', '15005 alice1 failed']);
  });

  test('a closed or killed side is silent, and the other notices', async () => {
    const { clock, a, b, bob, states } = pair();
    a.addTransceiver('audio');
    await negotiate(clock, a, b);
    await clock.advanceAsync(995);
    states.length = 0;
    bob.kill();
    await clock.advanceAsync(60_000);
    expect(states).toEqual(['6000 alice1 disconnected', '16000 alice1 failed']);
    expect(bob.connections).toEqual([]);
    await expect(b.createOffer()).rejects.toThrow('closed');
  });

  test('refuses what browsers refuse', async () => {
    const { clock, a, b, media } = pair();
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
    await expect(b.addIceCandidate(candidate)).rejects.toThrow('before any description');
    await expect(b.createAnswer()).rejects.toThrow('signalling is stable');
    await expect(b.setRemoteDescription({ type: 'offer', sdp: 'v=0' })).rejects.toThrow('fake');
    a.addTransceiver('audio');
    await negotiate(clock, a, b);
    const reloaded = media.device('alice1').createPeerConnection();
    reloaded.addTransceiver('audio');
    const offer = await reloaded.createOffer();
    await expect(b.setRemoteDescription(offer)).rejects.toThrow('another certificate');
    const answer = { type: 'answer', sdp: offer.sdp } as const;
    await expect(a.setRemoteDescription(answer)).rejects.toThrow('signalling is stable');
  });
});

describe('FakeMedia', () => {
  test('a microphone is open until its last clone is stopped', async () => {
    const { clock, media, alice } = pair();
    const stream = await clock.untilSettled(alice.getUserMedia({ audio: true, video: true }));
    const clone = stream.getAudioTracks()[0]!.clone();
    for (const track of stream.getTracks()) track.stop();
    expect([media.openMicrophones, media.openCameras]).toEqual([['alice1'], []]);
    clone.stop();
    expect(media.openMicrophones).toEqual([]);
    expect(stream.active).toBe(false);
  });

  test('denied and missing sources reject by the names that browsers use', async () => {
    const { clock, media, alice } = pair();
    alice.microphone = 'denied';
    alice.camera = 'missing';
    const ask = (wanted: object) => clock.untilSettled(alice.getUserMedia(wanted));
    await expect(ask({ audio: true })).rejects.toMatchObject({ name: 'NotAllowedError' });
    await expect(ask({ video: true })).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(ask({})).rejects.toBeInstanceOf(TypeError);
    expect([media.openMicrophones, media.openCameras]).toEqual([[], []]);
  });

  test('a killed page releases its microphone and opens none', async () => {
    const { clock, media, bob } = pair();
    await clock.untilSettled(bob.getUserMedia({ audio: true }));
    const asked = bob.getUserMedia({ audio: true });
    bob.kill();
    await expect(clock.untilSettled(asked)).rejects.toMatchObject({ name: 'AbortError' });
    expect(media.openMicrophones).toEqual([]);
    bob.revive();
    await clock.untilSettled(bob.getUserMedia({ audio: true }));
    expect(media.openMicrophones).toEqual(['bob1']);
  });

  test('a player that may not play by itself says so, unless it is muted', async () => {
    const { bob } = pair();
    bob.isAutoplayBlocked = true;
    const player = bob.createPlayer();
    await expect(player.play()).rejects.toMatchObject({ name: 'NotAllowedError' });
    player.muted = true;
    await player.play();
    expect([player.paused, bob.players]).toEqual([false, [player]]);
  });
});
