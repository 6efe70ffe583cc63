import { EngineVoice } from '../../../src/prompts/engine-voice.ts';
import { forkEngine } from '../../../src/prompts/forked-engine.ts';
import { loadSounds } from '../../../src/prompts/sounds.ts';
import { SystemClock } from '../../../src/system-clock.ts';

/** A server that is nothing but its voice: it prints the id of the voice's process once that is ready. */
const quiet = () => undefined;
const metrics = { listenerOpened: quiet, listenerClosed: quiet, voiceRestarted: quiet };
const info = (fields: object) => console.log('pid' in fields ? fields.pid : 'none');
const log = { debug: quiet, info, warn: quiet, error: quiet };
const ports = { startEngine: forkEngine, sounds: loadSounds(), clock: new SystemClock(), log };

new EngineVoice(
  { ...ports, metrics },
  { port: 0, publicIps: [], maxListeners: 1, plays: 1 },
).start();
