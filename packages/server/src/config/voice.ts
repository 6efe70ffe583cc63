import { isIPv6 } from 'node:net';
import type { VoiceSettings } from '../prompts/engine-voice.ts';
import { flawsOfSounds } from '../prompts/sounds.ts';
import type { Problem } from './check.ts';
import type { SettingValues } from './settings.ts';

/** What is wrong with the settings of the voice beside their form; files are looked into. */
export function voiceFlaws({ VOICE, PUBLIC_IP = [], PROMPTS_DIR }: SettingValues): Problem[] {
  if (VOICE === 'off') return [];
  const flaws: Problem[] = [];
  const families = new Set(PUBLIC_IP.map(isIPv6));
  if (families.size < PUBLIC_IP.length) {
    flaws.push({ name: 'PUBLIC_IP', flaw: 'may have one IPv4 and one IPv6 address' });
  }
  const unusable = PROMPTS_DIR === undefined ? [] : flawsOfSounds(PROMPTS_DIR);
  if (unusable.length > 0) flaws.push({ name: 'PROMPTS_DIR', flaw: unusable.join('; ') });
  return flaws;
}

/** The settings together, once nothing is wrong with them; undefined where there is no voice. */
export function voiceSettingsOf(values: SettingValues): VoiceSettings | undefined {
  if (values.VOICE === 'off') return undefined;
  const { PROMPTS_DIR: promptsDir } = values;
  return {
    port: values.VOICE_PORT ?? 0,
    publicIps: values.PUBLIC_IP ?? [],
    maxListeners: values.VOICE_LISTENERS ?? 500,
    plays: values.ANNOUNCEMENT_PLAYS ?? 3,
    ...(promptsDir !== undefined && { promptsDir }),
  };
}
