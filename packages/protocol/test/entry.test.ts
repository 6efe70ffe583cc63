import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CLOSE,
  END_REASONS,
  FINAL_CLOSE,
  LEAVING_CLOSE,
  RATE_LIMITED_CLOSE,
  LEG_END_REASONS,
  PROTOCOL_VERSIONS,
  REASON_MEANINGS,
  REFUSALS,
  agreeVersion,
  refusal,
  utf8Length,
} from '../src/index.ts';

/** Every file that this one reaches by imports; anything that is no file of the package throws. */
function reachable(file: URL, found = new Set<string>()): Set<string> {
  if (found.has(file.href)) return found;
  found.add(file.href);
  const source = readFileSync(file, 'utf8');
  for (const [, specifier = ''] of source.matchAll(/\bfrom '([^']+)'|\bimport '([^']+)'/g)) {
    if (!specifier.startsWith('.')) throw new Error(`${file.pathname} imports ${specifier}`);
    reachable(new URL(specifier, file), found);
  }
  return found;
}

describe('the entry for browsers', () => {
  const src = new URL('../src/', import.meta.url);

  test('[PRO8] reaches no schema and nothing from outside', () => {
    const files = [...reachable(new URL('index.ts', src))];
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => file.includes('schema'))).toEqual([]);
    expect(reachable(new URL('netease.ts', src)).size).toBeGreaterThan(5);
  });

  test('[PRO8] is told apart from the schemas, which do', () => {
    expect(() => reachable(new URL('schema.ts', src))).toThrow('imports zod');
  });
});

describe('versions', () => {
  test('[PRO16] the newest that both speak, whatever the order', () => {
    const newest = PROTOCOL_VERSIONS[0]!;
    expect(agreeVersion([newest + 1, newest, 0])).toBe(newest);
    expect(agreeVersion(PROTOCOL_VERSIONS.toReversed())).toBe(newest);
  });

  test('[PRO16] none in common has its own close code, after which nobody comes back', () => {
    expect(agreeVersion([])).toBeUndefined();
    expect(agreeVersion([99])).toBeUndefined();
    expect(CLOSE.unsupportedVersion).toMatchObject({ code: 4426, reconnect: false });
  });
});

describe('close codes', () => {
  test('[PRO19] are the application’s own, each once, and say whether to come back', () => {
    const closes = Object.values(CLOSE);
    const finals = new Set<number>(Object.values(FINAL_CLOSE));
    expect(new Set(closes.map(({ code }) => code)).size).toBe(closes.length);
    expect(CLOSE.rateLimited.code).toBe(RATE_LIMITED_CLOSE);
    expect(CLOSE.leaving.code).toBe(LEAVING_CLOSE);
    for (const { code, reconnect } of closes) {
      // RFC 6455 §7.4.2: 4000–4999 are for applications.
      expect(code >= 4000 && code <= 4999).toBe(true);
      expect(finals.has(code)).toBe(!reconnect);
    }
  });
});

describe('words', () => {
  test('every reason has a meaning, and every refusal its sentence', () => {
    const reasons = [...new Set([...END_REASONS, ...LEG_END_REASONS])];
    expect(new Set(Object.keys(REASON_MEANINGS))).toEqual(new Set(reasons));
    expect(refusal('stale')).toEqual({ code: 'stale', message: REFUSALS.stale });
    expect(refusal('malformed', { path: 'to' })).toMatchObject({ path: 'to' });
  });

  test('utf8Length counts as the encoder does, lone surrogates included', () => {
    const anyText = fc
      .array(fc.integer({ min: 0, max: 0xffff }))
      .map((units) => String.fromCharCode(...units));
    const same = (text: string) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    };
    fc.assert(fc.property(anyText, same));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), same));
  });
});
