import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** What an engine proves itself with in DTLS. */
export interface Certificate {
  readonly pem: string;
  readonly keyPem: string;
  /** As a description carries it: `sha-256 AB:CD:…` (RFC 8122 §5). */
  readonly fingerprint: string;
}

/** Object identifiers: ecdsa-with-SHA256 (RFC 5758 §3.2), common name (RFC 5280, Appendix A). */
const ECDSA_WITH_SHA256 = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
const COMMON_NAME = Uint8Array.of(0x55, 0x04, 0x03);

/** Tags of X.690 §8. */
const TAG = {
  integer: 0x02,
  bits: 0x03,
  oid: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
};

/** A new key with a certificate that it signs itself (RFC 5280 §4.1); devices look at its fingerprint alone. */
export function makeCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der('sequence', der('oid', ECDSA_WITH_SHA256));
  const name = nameOf('ringline');
  const contents = der(
    'sequence',
    der('integer', Uint8Array.of(1)),
    algorithm,
    name,
    der('sequence', timeOf('700101000000Z'), timeOf('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', contents, privateKey);
  const whole = der('sequence', contents, algorithm, der('bits', Uint8Array.of(0), signature));
  return {
    pem: pemOf(whole),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(whole),
  };
}

function nameOf(text: string): Buffer {
  const pair = der('sequence', der('oid', COMMON_NAME), der('text', Buffer.from(text)));
  return der('sequence', der('set', pair));
}

function timeOf(text: string): Buffer {
  return der('time', Buffer.from(text));
}

/** One value in DER: tag, length, contents (X.690 §8.1). */
function der(tag: keyof typeof TAG, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(TAG[tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  return length < 0x100
    ? Uint8Array.of(0x81, length)
    : Uint8Array.of(0x82, length >> 8, length & 0xff);
}

function pemOf(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function fingerprintOf(bytes: Buffer): string {
  const hash = createHash('sha256').update(bytes).digest('hex').toUpperCase();
  return `sha-256 ${(hash.match(/../g) ?? []).join(':')}`;
}
