import { expect, test } from 'vitest';
import { proveRecords } from '../src/records/prove.ts';

test(
  '300 calls of all kinds, the server killed again and again, the receiver unwell: no record, message or bare invitation is lost or doubled',
  {
    timeout: 900_000,
  },
  async () => {
    const size = {
      calls: 300,
      troupes: 20,
      kills: 4,
      between: { min: 20, max: 60 },
      seed: 'short',
    };
    const said: string[] = [];
    const proof = await proveRecords(size, (text) => said.push(text));
    const { records, messages, invitations, lost, doubled, flaws, verdict, kills } = proof;
    expect(flaws).toEqual([]);
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
    expect(records).toBeGreaterThanOrEqual(300);
    expect(messages).toBeGreaterThan(0);
    expect(invitations).toBeGreaterThan(0);
    expect(verdict).toMatchObject({ code: 0 });
    expect(verdict.printed).toContain('all fits together');
    expect(kills).toBeGreaterThanOrEqual(4);
  },
);
