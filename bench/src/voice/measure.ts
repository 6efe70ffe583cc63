import { setTimeout as sleep } from 'node:timers/promises';
import { EngineVoice, SystemClock, forkEngine, loadSounds } from '@ringline/server/voice';
import type { EngineProcess } from '@ringline/server/voice';
import { Audience } from './audience.ts';
import { usageOf } from './process-usage.ts';
import type { Usage } from './process-usage.ts';

/** How much is measured. */
export interface VoicePlan {
  readonly listeners: number;
  /** How long they listen while it is measured. */
  readonly seconds: number;
}

/** What the voice costs. */
export interface VoiceFigures {
  readonly listeners: number;
  /** Processor cores that all listeners together take. */
  readonly cores: number;
  readonly bytesPerListener: number;
  /** Processor time to set one connection up. */
  readonly connectCpuMs: number;
  readonly packetsPerSecond: number;
  readonly packetsMissing: number;
  /** From asking for a listener to its first packet, one at a time, with all that came before listening. */
  readonly firstPacketMs: readonly number[];
}

export const FULL: VoicePlan = { listeners: 200, seconds: 10 };
export const QUICK: VoicePlan = { listeners: 40, seconds: 2 };

/** So many listeners join while nothing else happens, to tell when each hears. */
const ONE_BY_ONE = 20;
/** The rest joins in groups of as many, each when the one before hears. */
const GROUP = 20;

/** Measures the voice with listeners that are devices without a browser; on Linux only. */
export async function measureVoice({ listeners, seconds }: VoicePlan): Promise<VoiceFigures> {
  const { voice, engine } = await startVoice(listeners);
  const audience = new Audience(voice);
  try {
    const firstPacketMs: number[] = [];
    // The first of all also pays for what is loaded when it is needed first.
    await audience.join();
    const alone = usageOf(engine());
    for (let i = 1; i < Math.min(ONE_BY_ONE, listeners); i++)
      firstPacketMs.push(await audience.join());
    for (let count = ONE_BY_ONE; count < listeners; count += GROUP) {
      const size = Math.min(GROUP, listeners - count);
      await Promise.all(Array.from({ length: size }, () => audience.join()));
    }
    const joined = usageOf(engine());
    const listening = await measureListening(audience, engine(), seconds);
    const more = listeners - 1;
    return {
      listeners,
      ...listening,
      bytesPerListener: (joined.residentBytes - alone.residentBytes) / more,
      connectCpuMs: (joined.cpuMs - alone.cpuMs) / more,
      firstPacketMs,
    };
  } finally {
    audience.leave();
    await voice.stop();
  }
}

async function measureListening(audience: Audience, pid: number, seconds: number) {
  const before: Usage = usageOf(pid);
  const [packetsBefore, beganAt] = [await audience.count(), performance.now()];
  await sleep(seconds * 1000);
  const [packetsAfter, endedAt] = [await audience.count(), performance.now()];
  const ms = endedAt - beganAt;
  return {
    cores: (usageOf(pid).cpuMs - before.cpuMs) / ms,
    packetsPerSecond: ((packetsAfter.packets - packetsBefore.packets) * 1000) / ms,
    packetsMissing: packetsAfter.missing - packetsBefore.missing,
  };
}

async function startVoice(maxListeners: number) {
  let engine: EngineProcess | undefined;
  const ready = Promise.withResolvers<void>();
  const nothing = () => undefined;
  const fail = (fields: object) => ready.reject(new Error(JSON.stringify(fields)));
  const voice = new EngineVoice(
    {
      startEngine: (events) => (engine = forkEngine(events)),
      sounds: loadSounds(),
      clock: new SystemClock(),
      log: { debug: nothing, info: () => ready.resolve(), warn: nothing, error: fail },
      metrics: { listenerOpened: nothing, listenerClosed: nothing, voiceRestarted: nothing },
    },
    { port: 0, publicIps: [], maxListeners, plays: 1 },
  );
  voice.start();
  await ready.promise;
  return { voice, engine: () => engine?.pid ?? 0 };
}
