import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import { EngineVoice } from '../../src/prompts/engine-voice.ts';
import { loadSounds } from '../../src/prompts/sounds.ts';
import {
  LEAVE_WITHIN_MS,
  MAX_RESTART_AFTER_MS,
  PING_EVERY_MS,
  PONG_WITHIN_MS,
  READY_WITHIN_MS,
  RESTART_AFTER_MS,
  WELL_AFTER_MS,
} from '../../src/prompts/supervisor.ts';
import type { Listener, ListenAsk } from '../../src/prompts/voice.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { ScriptedProcesses } from './support/scripted-engine.ts';

const SOUNDS = loadSounds();
const BUSY: ListenAsk = { prompt: 'busy', language: 'zh-CN' };
const HOLD: ListenAsk = { prompt: 'hold', language: 'zh-CN' };

function voiceOfTwo() {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const processes = new ScriptedProcesses();
  const counts = { listeners: 0, restarts: 0 };
  const metrics = {
    listenerOpened: () => void counts.listeners++,
    listenerClosed: () => void counts.listeners--,
    voiceRestarted: () => void counts.restarts++,
  };
  const settings = { port: 30_000, publicIps: ['203.0.113.7'], maxListeners: 2, plays: 3 };
  const ports = { startEngine: processes.start, sounds: SOUNDS, clock, log, metrics };
  const voice = new EngineVoice(ports, settings);
  voice.start();
  const ready = () => processes.last.tell({ type: 'ready', port: 30_000 });
  return { clock, counts, log, processes, ready, voice };
}

/** A listener and what it was told. */
function listen(voice: EngineVoice, ask: ListenAsk) {
  const told: string[] = [];
  const listener = voice.listen(ask, {
    offered: (sdp) => void told.push(`offered ${sdp}`),
    finished: () => void told.push('finished'),
    failed: () => void told.push('failed'),
  });
  if (typeof listener === 'string') throw new Error(`the voice is ${listener}`);
  return { told, listener };
}

const outcomeOf = (listener: Listener | 'full' | 'away') =>
  typeof listener === 'string' ? listener : 'listens';
const ask = (voice: EngineVoice) =>
  outcomeOf(voice.listen(HOLD, { offered() {}, finished() {}, failed() {} }));

describe('listeners', () => {
  test('the engine is told where it is reached and what it can play', () => {
    const { processes } = voiceOfTwo();
    const start = { type: 'start', port: 30_000, publicIps: ['203.0.113.7'], sounds: SOUNDS };
    expect(processes.last.asked).toEqual([start]);
  });

  test('until the engine is ready the voice is away', () => {
    const { ready, voice } = voiceOfTwo();
    expect(ask(voice)).toBe('away');
    ready();
    expect(ask(voice)).toBe('listens');
  });

  test('a listener’s wishes reach the engine, and what the engine tells reaches the listener', () => {
    const { processes, ready, voice } = voiceOfTwo();
    ready();
    const { told, listener } = listen(voice, BUSY);
    listener.answer('answer');
    listener.play('hold');
    processes.last.tell({ type: 'offered', id: 1, sdp: 'offer' });
    expect(told).toEqual(['offered offer']);
    expect(processes.last.orders.slice(1)).toEqual([
      { type: 'open', id: 1, play: { clip: 'zh/busy', plays: 3, turn: 1 } },
      { type: 'answer', id: 1, sdp: 'answer' },
      { type: 'play', id: 1, play: { clip: 'hold', plays: 'endless', turn: 2 } },
    ]);
  });

  test('an announcement is finished once it was played, not when it was cut short', () => {
    const { processes, ready, voice } = voiceOfTwo();
    ready();
    const { told, listener } = listen(voice, BUSY);
    listener.play('offline');
    processes.last.tell({ type: 'finished', id: 1, turn: 1 });
    expect(told).toEqual([]);
    processes.last.tell({ type: 'finished', id: 1, turn: 2 });
    expect(told).toEqual(['finished']);
  });

  test('no more may listen than the limit says; one that goes makes room', () => {
    const { counts, processes, ready, voice } = voiceOfTwo();
    ready();
    const first = listen(voice, HOLD);
    listen(voice, HOLD);
    expect([ask(voice), counts.listeners]).toEqual(['full', 2]);
    first.listener.close();
    expect([ask(voice), counts.listeners]).toEqual(['listens', 2]);
    processes.last.tell({ type: 'failed', id: 2, why: 'failed' });
    expect([ask(voice), counts.listeners]).toEqual(['listens', 2]);
  });

  test('after it has closed, a listener hears no event and asks for nothing', () => {
    const { counts, processes, ready, voice } = voiceOfTwo();
    ready();
    const { told, listener } = listen(voice, BUSY);
    listener.close();
    listener.close();
    listener.play('hold');
    processes.last.tell({ type: 'offered', id: 1, sdp: 'offer' });
    processes.last.tell({ type: 'finished', id: 1, turn: 1 });
    processes.last.tell({ type: 'failed', id: 1, why: 'closed' });
    processes.last.exit();
    expect(told).toEqual([]);
    expect(processes.last.orders.slice(2)).toEqual([{ type: 'close', id: 1 }]);
    expect(counts.listeners).toBe(0);
  });

  test('one that failed fails once', () => {
    const { processes, ready, voice } = voiceOfTwo();
    ready();
    const { told } = listen(voice, BUSY);
    processes.last.tell({ type: 'failed', id: 1, why: 'bad answer' });
    processes.last.exit();
    expect(told).toEqual(['failed']);
  });
});

describe('supervision', () => {
  test('when the process dies its listeners fail, and the next process plays again', () => {
    const { clock, counts, processes, ready, voice } = voiceOfTwo();
    ready();
    const { told } = listen(voice, HOLD);
    processes.last.exit();
    expect([told, counts.listeners, ask(voice)]).toEqual([['failed'], 0, 'away']);
    clock.advance(RESTART_AFTER_MS);
    expect([processes.all.length, counts.restarts, ask(voice)]).toEqual([2, 1, 'away']);
    ready();
    const next = listen(voice, HOLD);
    processes.last.tell({ type: 'offered', id: 2, sdp: 'offer' });
    expect(next.told).toEqual(['offered offer']);
  });

  test('the next start waits twice as long each time, to a limit', () => {
    const { clock, processes } = voiceOfTwo();
    for (let ms = RESTART_AFTER_MS; ms < 4 * MAX_RESTART_AFTER_MS; ms *= 2) {
      const count = processes.all.length;
      processes.last.exit();
      const wait = Math.min(ms, MAX_RESTART_AFTER_MS);
      clock.advance(wait - 1);
      expect([ms, processes.all.length]).toEqual([ms, count]);
      clock.advance(1);
      expect([ms, processes.all.length]).toEqual([ms, count + 1]);
    }
  });

  test('after a good while the waiting begins anew', () => {
    const { clock, processes, ready } = voiceOfTwo();
    for (let i = 0; i < 6; i++) {
      processes.last.exit();
      clock.advance(MAX_RESTART_AFTER_MS);
    }
    ready();
    clock.advance(WELL_AFTER_MS);
    const count = processes.all.length;
    processes.last.exit();
    clock.advance(RESTART_AFTER_MS);
    expect(processes.all.length).toBe(count + 1);
  });

  test('a process that answers is left alone', () => {
    const { clock, processes, ready } = voiceOfTwo();
    ready();
    clock.advance(60_000);
    expect(processes.last.isKilled).toBe(false);
    expect(processes.last.asked.length - 1).toBe(60_000 / PING_EVERY_MS);
  });

  test('a process that hangs is killed, and another one started', () => {
    const { clock, processes, ready } = voiceOfTwo();
    ready();
    const hung = processes.last;
    hung.answersPings = false;
    clock.advance(PING_EVERY_MS + 2 * PONG_WITHIN_MS - 1);
    expect(hung.isKilled).toBe(false);
    clock.advance(1);
    expect(hung.isKilled).toBe(true);
    hung.exit('ended by SIGKILL');
    clock.advance(RESTART_AFTER_MS);
    expect(processes.all.length).toBe(2);
  });

  test('one question without answer is no death: this process may have stood still', () => {
    const { clock, processes, ready } = voiceOfTwo();
    ready();
    processes.last.answersPings = false;
    clock.advance(PING_EVERY_MS);
    processes.last.answersPings = true;
    clock.advance(60_000);
    expect(processes.last.isKilled).toBe(false);
  });

  test('a process that never becomes ready is killed', () => {
    const { clock, processes } = voiceOfTwo();
    clock.advance(READY_WITHIN_MS - 1);
    expect(processes.last.isKilled).toBe(false);
    clock.advance(1);
    expect(processes.last.isKilled).toBe(true);
  });

  test('a port that is somebody else’s is told with what to do, and tried again', () => {
    const { clock, log, processes, ready, voice } = voiceOfTwo();
    processes.last.tell({ type: 'port-taken', port: 30_000 });
    expect(processes.last.isKilled).toBe(true);
    processes.last.exit('ended by SIGKILL');
    expect(log.lines).toEqual([
      {
        level: 'error',
        fields: {
          why: 'UDP port 30000 is in use, or closed to this user; end the program that has it, or set VOICE_PORT',
          ms: RESTART_AFTER_MS,
        },
        text: 'the voice is away, and started again',
      },
    ]);
    clock.advance(RESTART_AFTER_MS);
    ready();
    expect(ask(voice)).toBe('listens');
  });
});

describe('the end', () => {
  test('asked to stop, it lets go of the process and waits until that is gone', async () => {
    const { clock, counts, processes, ready, voice } = voiceOfTwo();
    ready();
    const { told } = listen(voice, HOLD);
    const stopped = voice.stop();
    expect([processes.last.isReleased, ask(voice)]).toEqual([true, 'away']);
    processes.last.exit('ended by code 0');
    await stopped;
    clock.advance(MAX_RESTART_AFTER_MS);
    expect([processes.all.length, clock.pending]).toEqual([1, 0]);
    expect([told, counts.listeners]).toEqual([[], 0]);
  });

  test('a process that does not go is killed', async () => {
    const { clock, processes, ready, voice } = voiceOfTwo();
    ready();
    const stopped = voice.stop();
    clock.advance(LEAVE_WITHIN_MS);
    expect(processes.last.isKilled).toBe(true);
    processes.last.exit('ended by SIGKILL');
    await stopped;
  });

  test('between two processes it stops at once', async () => {
    const { clock, processes, voice } = voiceOfTwo();
    processes.last.exit();
    await voice.stop();
    expect(clock.pending).toBe(0);
  });
});
