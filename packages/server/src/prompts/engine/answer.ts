import { MAX_SDP_BYTES } from '@ringline/protocol';
import type { Reading } from '../../config/readers.ts';
import { OPUS_PAYLOAD_TYPE } from './rtp-stream.ts';

/** The section of the only medium in every offer. */
export const MID = '0';

/** All that is taken from a device's answer. */
export interface Answer {
  readonly ufrag: string;
  readonly password: string;
  /** As in `sha-256 AB:CD:…`. */
  readonly fingerprint: string;
  readonly setup: string;
}

/** What an answer must have, each with the form that its standard gives it, and the name to complain by. */
const PARTS = {
  // RFC 8839 §5.4
  ufrag: [/^a=ice-ufrag:([A-Za-z0-9+/]{4,256})$/, 'ICE user fragment'],
  password: [/^a=ice-pwd:([A-Za-z0-9+/]{22,256})$/, 'ICE password'],
  // RFC 8122 §5; every browser hashes with SHA-256
  fingerprint: [/^a=fingerprint:(sha-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/i, 'fingerprint'],
  // RFC 8842 §5.3: an answer decides who begins
  setup: [/^a=setup:(active|passive)$/, 'DTLS role'],
} as const;

/** RFC 8866 §5.14: no port 0, which would refuse the sound. */
const AUDIO = /^m=audio [1-9]\d{0,4} UDP\/TLS\/RTP\/SAVPF ([\d ]+)$/;

/**
 * Reads a device's answer to an offer of one sound. What it says of candidates is not looked at: the server
 * answers whoever proves that it knows the password (RFC 8445 §7.3.1.3), and sends to nobody else.
 */
export function readAnswer(sdp: string): Reading<Answer> {
  if (Buffer.byteLength(sdp) > MAX_SDP_BYTES) return { flaw: 'is too long' };
  const lines = sdp.split(/\r?\n/);
  if (lines[0] !== 'v=0') return { flaw: 'is no session description' };
  const media = lines.filter((line) => line.startsWith('m='));
  const [, formats = ''] = AUDIO.exec(media.join('\n')) ?? [];
  if (!formats.split(' ').includes(String(OPUS_PAYLOAD_TYPE))) return { flaw: 'takes no Opus' };
  if (!lines.includes('a=recvonly')) return { flaw: 'does not only receive' };
  return readParts(lines);
}

function readParts(lines: readonly string[]): Reading<Answer> {
  const found: Record<string, string> = {};
  for (const [name, [form, title]] of Object.entries(PARTS)) {
    const line = lines.find((each) => form.test(each));
    const [, value] = form.exec(line ?? '') ?? [];
    if (value === undefined) return { flaw: `has no ${title}` };
    found[name] = value;
  }
  return { value: found as unknown as Answer };
}

/**
 * The device described as if it had offered: so the native code knows all of it before it is found in the
 * network. Nothing else that a device wrote reaches that code.
 */
export function writeDevice({ ufrag, password, fingerprint, setup }: Answer): string {
  return [
    'v=0',
    'o=- 0 0 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${MID}`,
    `m=audio 9 UDP/TLS/RTP/SAVPF ${OPUS_PAYLOAD_TYPE}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${MID}`,
    'a=recvonly',
    'a=rtcp-mux',
    `a=rtpmap:${OPUS_PAYLOAD_TYPE} opus/48000/2`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint}`,
    `a=setup:${setup}`,
    '',
  ].join('\r\n');
}
