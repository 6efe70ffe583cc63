import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configurationPage, settingsHelp } from '../../src/config/page.ts';
import { VARIABLES, flagOf } from '../../src/config/settings.ts';

test('docs/configuration.md is what the table of settings says (npm run docs)', () => {
  const page = new URL('../../../../docs/configuration.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(configurationPage());
});

test('the help names every setting, and every file of a secret', () => {
  const help = settingsHelp();
  for (const name of VARIABLES) expect(help).toContain(`--${flagOf(name)} (${name})`);
});
