import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Types of the messages that tests send, as requests (RFC 8489 §5, RFC 8656 §13). */
export const Method = { binding: 0x001, allocate: 0x003, createPermission: 0x008 } as const;

/** Types of the attributes that tests use (RFC 8489 §18.3, RFC 8656 §18). */
export const Attribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
} as const;

/** An attribute's type and its value without padding. */
export type StunAttribute = readonly [type: number, value: Buffer];

/** What came back for a request. */
export interface StunResponse {
  /** The error's number (RFC 8489 §14.8), absent in a success. */
  readonly error?: number;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

const MAGIC_COOKIE = Buffer.from('2112a442', 'hex');
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;
const ERROR_CLASS_BIT = 0x0110;

/** What a request consists of; with a key it is signed (RFC 8489 §14.5). */
export interface StunRequest {
  readonly method: number;
  readonly attributes: readonly StunAttribute[];
  readonly key?: Buffer;
  /** Random when absent. */
  readonly transaction?: Buffer;
}

/** Twelve bytes that tell one request from the others. */
export function newTransaction(): Buffer {
  return randomBytes(12);
}

/** A request as it is sent. */
export function encodeRequest({ method, attributes, key, transaction }: StunRequest): Buffer {
  const body = Buffer.concat(attributes.map(encodeAttribute));
  const header = Buffer.concat([Buffer.alloc(4), MAGIC_COOKIE, transaction ?? newTransaction()]);
  header.writeUInt16BE(method, 0);
  header.writeUInt16BE(body.length + (key === undefined ? 0 : INTEGRITY_BYTES), 2);
  const message = Buffer.concat([header, body]);
  if (key === undefined) return message;
  const signature = createHmac('sha1', key).update(message).digest();
  return Buffer.concat([message, encodeAttribute([Attribute.messageIntegrity, signature])]);
}

/** The response to a request, or undefined when these bytes are something else. */
export function decodeResponse(bytes: Buffer, request: Buffer): StunResponse | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(4, 20).equals(request.subarray(4, 20))) return;
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    attributes.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  const code = attributes.get(Attribute.errorCode);
  const isError = (bytes.readUInt16BE(0) & ERROR_CLASS_BIT) === ERROR_CLASS_BIT;
  if (!isError || code === undefined) return { attributes };
  return { error: code.readUInt8(2) * 100 + code.readUInt8(3), attributes };
}

/** The value of an XOR-PEER-ADDRESS, port 9 (RFC 8489 §14.2); `transaction` is that of the message. */
export function xorAddress(address: string, transaction: Buffer): Buffer {
  const plain = isIPv6(address) ? ipv6Bytes(address) : Buffer.from(address.split('.').map(Number));
  const mask = Buffer.concat([MAGIC_COOKIE, transaction]);
  const family = isIPv6(address) ? 2 : 1;
  const port = 9 ^ mask.readUInt16BE(0);
  const hidden = plain.map((byte, place) => byte ^ (mask[place] ?? 0));
  return Buffer.concat([Buffer.from([0, family, port >> 8, port & 0xff]), hidden]);
}

/** Sixteen bytes of an address in groups of hexadecimal digits. */
function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groupsOf = (text: string) => text.split(':').filter((group) => group !== '');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function encodeAttribute([type, value]: StunAttribute): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** Attributes begin at multiples of four bytes. */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
