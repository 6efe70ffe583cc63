/** The server's voice to embed: an engine in a process of its own, and the sounds that it plays. */
export { EngineVoice } from './prompts/engine-voice.ts';
export type { VoicePorts, VoiceSettings } from './prompts/engine-voice.ts';
export type { EngineProcess, EngineProcessEvents, StartEngine } from './prompts/engine-process.ts';
export { forkEngine } from './prompts/forked-engine.ts';
export type * from './prompts/prompt.ts';
export { loadSounds } from './prompts/sounds.ts';
export type { Sounds } from './prompts/sounds.ts';
export type * from './prompts/voice.ts';
export { SystemClock } from './system-clock.ts';
