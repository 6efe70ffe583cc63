import { parseCallRecord as read } from '@ringline/protocol/netease';
import { expect, test } from 'vitest';
import { CallRecordError, parseCallRecord } from '../src/netease.ts';

test('the entry for applications reads what the one for servers reads, with the same errors', () => {
  expect(parseCallRecord).toBe(read);
  expect(parseCallRecord({ callType: '2', callStatus: 4 })).toMatchObject({ type: 'video' });
  expect(() => parseCallRecord({})).toThrow(CallRecordError);
});
