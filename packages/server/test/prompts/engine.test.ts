import { SeededRandomness, VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { Engine } from '../../src/prompts/engine/engine.ts';
import { CONNECT_WITHIN_MS } from '../../src/prompts/engine/hearing.ts';
import { Metronome } from '../../src/prompts/engine/metronome.ts';
import type { FromEngine, Play } from '../../src/prompts/engine-messages.ts';
import { CLIP_NAMES } from '../../src/prompts/prompt.ts';
import type { Sounds } from '../../src/prompts/sounds.ts';
import { CHROMIUM_ANSWER } from './support/answers.ts';
import { RecordedPeers } from './support/recorded-peers.ts';

/** Ten packets of each sound; the first byte tells which sound it is. */
const SOUNDS = Object.fromEntries(
  CLIP_NAMES.map((name, i) => [
    name,
    {
      packets: Array.from({ length: 10 }, (_, n) => ({ bytes: Uint8Array.of(i, n), samples: 960 })),
    },
  ]),
) as unknown as Sounds;

const HOLD: Play = { clip: 'hold', plays: 'endless', turn: 1 };
const BUSY: Play = { clip: 'zh/busy', plays: 1, turn: 2 };

function engineInTime() {
  const clock = new VirtualClock();
  const peers = new RecordedPeers();
  const told: FromEngine[] = [];
  const shared = { clock, metronome: new Metronome(clock), randomness: new SeededRandomness(1) };
  const tell = (message: FromEngine) => void told.push(message);
  const engine = new Engine({ ...shared, peers }, SOUNDS, tell);
  /** Opens a listener that stands at once. */
  const connect = (id: number, play: Play) => {
    engine.obey({ type: 'open', id, play });
    engine.obey({ type: 'answer', id, sdp: CHROMIUM_ANSWER });
    const peer = peers.all.at(-1);
    if (peer === undefined) throw new Error('no device was let in');
    peer.events.opened();
    return peer;
  };
  return { clock, connect, engine, peers, told };
}

/** Which sounds packets carry. */
const soundsIn = (packets: readonly Buffer[]) =>
  packets.map((packet) => CLIP_NAMES[packet[12] ?? -1]);

test('a listener is offered a connection, and hears from the moment it stands', () => {
  const { clock, connect, told } = engineInTime();
  const peer = connect(1, HOLD);
  expect(told).toEqual([{ type: 'offered', id: 1, sdp: `offer of ${peer.source.ssrc}` }]);
  expect(peer.answer).toMatchObject({ setup: 'active' });
  expect(peer.packets.length).toBe(1);
  clock.advance(1_000);
  expect(peer.packets.length).toBe(51);
  expect(peer.packets.every((packet) => packet.readUInt32BE(8) === peer.source.ssrc)).toBe(true);
});

test('nothing is sent, and no clock runs, before a connection stands and after it is closed', () => {
  const { clock, connect, engine, peers } = engineInTime();
  engine.obey({ type: 'open', id: 1, play: HOLD });
  engine.obey({ type: 'answer', id: 1, sdp: CHROMIUM_ANSWER });
  clock.advance(500);
  engine.obey({ type: 'close', id: 1 });
  peers.all[0]?.events.opened();
  expect(peers.all[0]?.packets).toEqual([]);
  expect([peers.all[0]?.isClosed, clock.pending]).toEqual([true, 0]);
  const peer = connect(2, HOLD);
  engine.obey({ type: 'close', id: 2 });
  clock.advance(500);
  expect([peer.packets.length, clock.pending]).toEqual([1, 0]);
});

test('an announcement tells its turn when it has sounded, once, and the connection stands', () => {
  const { clock, connect, told } = engineInTime();
  const peer = connect(1, BUSY);
  clock.advance(180);
  expect(peer.packets.length).toBe(10);
  expect(told.length).toBe(1);
  clock.advance(20);
  expect(told.at(-1)).toEqual({ type: 'finished', id: 1, turn: 2 });
  clock.advance(5_000);
  expect([told.length, peer.isClosed]).toEqual([2, false]);
});

test('another prompt is played over the same connection, after a finished one too', () => {
  const { clock, connect, engine, told } = engineInTime();
  const peer = connect(1, HOLD);
  clock.advance(100);
  engine.obey({ type: 'play', id: 1, play: BUSY });
  clock.advance(1_000);
  engine.obey({ type: 'play', id: 1, play: { ...BUSY, turn: 3 } });
  clock.advance(1_000);
  expect(told.filter(({ type }) => type === 'finished')).toMatchObject([{ turn: 2 }, { turn: 3 }]);
  const sounds = soundsIn(peer.packets);
  expect(sounds).toEqual([...Array(6).fill('hold'), ...Array(20).fill('zh/busy')]);
  const sequences = peer.packets.map((packet) => packet.readUInt16BE(2));
  expect(sequences).toEqual(sequences.map((_, i) => ((sequences[0] ?? 0) + i) % 2 ** 16));
});

test('a listener that does not connect in time is given up, whether it answered or not', () => {
  const { clock, engine, peers, told } = engineInTime();
  for (const id of [1, 2]) engine.obey({ type: 'open', id, play: HOLD });
  engine.obey({ type: 'answer', id: 2, sdp: CHROMIUM_ANSWER });
  clock.advance(CONNECT_WITHIN_MS - 1);
  expect(told.length).toBe(2);
  clock.advance(1);
  expect(told.slice(2)).toEqual([
    { type: 'failed', id: 1, why: 'never connected' },
    { type: 'failed', id: 2, why: 'never connected' },
  ]);
  expect(peers.all.map(({ isClosed }) => isClosed)).toEqual([true]);
});

test('a connection that is lost is told once, and ends', () => {
  const { clock, connect, told } = engineInTime();
  const peer = connect(1, HOLD);
  peer.events.lost('failed');
  peer.events.lost('closed');
  expect(told.slice(1)).toEqual([{ type: 'failed', id: 1, why: 'failed' }]);
  expect([peer.isClosed, clock.pending]).toEqual([true, 0]);
});

test('an answer that is none loses its listener and no other', () => {
  const { clock, connect, engine, peers, told } = engineInTime();
  const other = connect(1, HOLD);
  engine.obey({ type: 'open', id: 2, play: HOLD });
  engine.obey({ type: 'answer', id: 2, sdp: 'garbage' });
  const why = 'its answer is no session description';
  expect([told.at(-1), peers.all.length]).toEqual([{ type: 'failed', id: 2, why }, 1]);
  clock.advance(100);
  expect(other.packets.length).toBe(6);
});

test('a second answer is left: the device was let in by its first', () => {
  const { connect, engine, peers, told } = engineInTime();
  connect(1, HOLD);
  engine.obey({ type: 'answer', id: 1, sdp: CHROMIUM_ANSWER });
  engine.obey({ type: 'answer', id: 1, sdp: 'garbage' });
  expect([peers.all.length, told.length]).toEqual([1, 1]);
});

test('a device that cannot be let in loses its listener, and nothing of it is kept', () => {
  const { clock, connect, engine, peers, told } = engineInTime();
  peers.isFull = true;
  engine.obey({ type: 'open', id: 1, play: HOLD });
  engine.obey({ type: 'answer', id: 1, sdp: CHROMIUM_ANSWER });
  const why = 'it cannot be let in: Error: Too many open files';
  expect([told.at(-1), clock.pending]).toEqual([{ type: 'failed', id: 1, why }, 0]);
  peers.isFull = false;
  expect(connect(2, HOLD).packets.length).toBe(1);
});

test('what concerns a listener that is gone is left undone', () => {
  const { connect, engine, told } = engineInTime();
  const peer = connect(1, HOLD);
  engine.obey({ type: 'close', id: 1 });
  peer.events.opened();
  peer.events.lost('closed');
  engine.obey({ type: 'close', id: 1 });
  engine.obey({ type: 'play', id: 1, play: BUSY });
  engine.obey({ type: 'answer', id: 1, sdp: CHROMIUM_ANSWER });
  expect(told.length).toBe(1);
  expect(peer.packets.length).toBe(1);
});

test('all listeners are played to by one clock, each with its own numbers', () => {
  const { clock, connect } = engineInTime();
  const peers = Array.from({ length: 20 }, (_, i) => {
    clock.advance(7);
    return connect(i, HOLD);
  });
  expect(clock.pending).toBe(1);
  const before = peers.map(({ packets }) => packets.length);
  clock.advance(1_000);
  const sent = peers.map(({ packets }, i) => packets.length - (before[i] ?? 0));
  expect(sent).toEqual(sent.map(() => 50));
  expect(new Set(peers.map(({ source }) => source.ssrc)).size).toBe(20);
});

test('asked whether it lives, it says so; asked to end, it hangs up on everybody', () => {
  const { connect, engine, peers, told } = engineInTime();
  engine.obey({ type: 'ping' });
  expect(told).toEqual([{ type: 'pong' }]);
  connect(1, HOLD);
  connect(2, HOLD);
  engine.closeAll();
  expect(peers.all.map(({ isClosed }) => isClosed)).toEqual([true, true]);
});
