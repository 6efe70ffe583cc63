import * as fc from 'fast-check';
import { MAX_SDP_BYTES } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { readAnswer, writeDevice } from '../../src/prompts/engine/answer.ts';
import { CHROMIUM_ANSWER, FIREFOX_ANSWER } from './support/answers.ts';

const without = (sdp: string, start: string) =>
  sdp
    .split('\r\n')
    .filter((line) => !line.startsWith(start))
    .join('\r\n');

test.each([
  ['Chromium', CHROMIUM_ANSWER],
  ['Firefox', FIREFOX_ANSWER],
])('the answer of %s is read', (_, sdp) => {
  expect(readAnswer(sdp)).toEqual({
    value: {
      ufrag: expect.stringMatching(/^\w{4,8}$/),
      password: expect.stringMatching(/^[\w+/]{22,32}$/),
      fingerprint: expect.stringMatching(/^sha-256 [0-9A-F:]{95}$/),
      setup: 'active',
    },
  });
});

describe('what is no answer to a sound is refused, and why is said', () => {
  const cases: Record<string, [string, string]> = {
    nothing: ['', 'is no session description'],
    garbage: ['hello?', 'is no session description'],
    'an offer': [CHROMIUM_ANSWER.replace('setup:active', 'setup:actpass'), 'no DTLS role'],
    'more than is ever needed': [
      CHROMIUM_ANSWER + 'a=x\r\n'.repeat(MAX_SDP_BYTES / 5),
      'is too long',
    ],
    'no sound': [CHROMIUM_ANSWER.replace('m=audio 9', 'm=audio 0'), 'takes no Opus'],
    video: [CHROMIUM_ANSWER.replace('m=audio', 'm=video'), 'takes no Opus'],
    'two sounds': [`${CHROMIUM_ANSWER}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`, 'takes no Opus'],
    'a data channel beside it': [
      `${CHROMIUM_ANSWER}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`,
      'takes no Opus',
    ],
    'another codec': [CHROMIUM_ANSWER.replace('SAVPF 111', 'SAVPF 0'), 'takes no Opus'],
    'no encryption': [CHROMIUM_ANSWER.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), 'takes no Opus'],
    'a sound of its own': [CHROMIUM_ANSWER.replace('recvonly', 'sendrecv'), 'only receive'],
    'a sound declined': [CHROMIUM_ANSWER.replace('recvonly', 'inactive'), 'only receive'],
    'no user fragment': [without(CHROMIUM_ANSWER, 'a=ice-ufrag'), 'no ICE user fragment'],
    'no password': [without(CHROMIUM_ANSWER, 'a=ice-pwd'), 'no ICE password'],
    'a short password': [CHROMIUM_ANSWER.replace(/ice-pwd:.*/, 'ice-pwd:short'), 'no ICE password'],
    'no fingerprint': [without(CHROMIUM_ANSWER, 'a=fingerprint'), 'no fingerprint'],
    'a weak fingerprint': [CHROMIUM_ANSWER.replace('sha-256', 'sha-1'), 'no fingerprint'],
  };
  test.each(Object.entries(cases))('%s', (_, [sdp, flaw]) => {
    expect(readAnswer(sdp)).toEqual({ flaw: expect.stringContaining(flaw) });
  });
});

test('of what a device wrote, only the four values are written again', () => {
  const reading = readAnswer(
    `${CHROMIUM_ANSWER}a=candidate:1 1 UDP 1 secret.internal 22 typ host\r\na=x-evil:1\r\n`,
  );
  if ('flaw' in reading) throw new Error(reading.flaw);
  const written = writeDevice(reading.value);
  expect(written).not.toMatch(/candidate|secret|evil|ssrc|extmap/);
  for (const value of Object.values(reading.value)) expect(written).toContain(value);
  expect(readAnswer(written)).toEqual(reading);
});

test('whatever a device writes, what is written again has only lines of ours', () => {
  const lines = writeDevice({ ufrag: 'u', password: 'p', fingerprint: 'f', setup: 's' })
    .split('\r\n')
    .map((line) => line.replace(/:[ups]$|:f$/, ''));
  const spoilt = fc
    .array(fc.tuple(fc.nat(CHROMIUM_ANSWER.length), fc.string({ maxLength: 5 })), { maxLength: 3 })
    .map((changes) =>
      changes.reduce((sdp, [at, text]) => sdp.slice(0, at) + text + sdp.slice(at), CHROMIUM_ANSWER),
    );
  fc.assert(
    fc.property(spoilt, (sdp) => {
      const reading = readAnswer(sdp);
      if ('flaw' in reading) return;
      const written = writeDevice(reading.value).split('\r\n');
      expect(written.length).toBe(lines.length);
      written.forEach((line, i) => expect(line.startsWith(lines[i] ?? '-')).toBe(true));
    }),
    { numRuns: 500 },
  );
});
