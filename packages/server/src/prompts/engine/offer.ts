import { isIPv6 } from 'node:net';
import { MID } from './answer.ts';
import type { Source } from './peer.ts';
import { OPUS_PAYLOAD_TYPE } from './rtp-stream.ts';

/** Where a device finds the engine, and how it knows that it has found it. */
export interface Place {
  readonly port: number;
  /** The best first. */
  readonly addresses: readonly string[];
  /** As in `sha-256 AB:CD:…`. */
  readonly fingerprint: string;
}

/** The highest preference of a host candidate for RTP (RFC 8445 §5.1.2.1). */
const priorityOf = (index: number) => 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;

/** The offer of one sound, complete with its candidates (RFC 8866, RFC 8839, RFC 7587). */
export function writeOffer({ ssrc, ufrag, password }: Source, place: Place): string {
  const { port, addresses, fingerprint } = place;
  const [first = '0.0.0.0'] = addresses;
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    // The device leads (RFC 8445 §6.1.1): the engine waits for it to knock.
    'a=ice-lite',
    `a=group:BUNDLE ${MID}`,
    `m=audio ${port} UDP/TLS/RTP/SAVPF ${OPUS_PAYLOAD_TYPE}`,
    `c=IN ${isIPv6(first) ? 'IP6' : 'IP4'} ${first}`,
    `a=mid:${MID}`,
    'a=sendonly',
    'a=rtcp-mux',
    `a=rtpmap:${OPUS_PAYLOAD_TYPE} opus/48000/2`,
    `a=fmtp:${OPUS_PAYLOAD_TYPE} minptime=10;useinbandfec=1`,
    `a=ssrc:${ssrc} cname:ringline`,
    'a=msid:ringline prompt',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint}`,
    'a=setup:actpass',
    ...addresses.map((address, i) => {
      return `a=candidate:${i + 1} 1 UDP ${priorityOf(i)} ${address} ${port} typ host`;
    }),
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}
