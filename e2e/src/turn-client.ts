import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import {
  Attribute,
  Method,
  decodeResponse,
  encodeRequest,
  newTransaction,
  xorAddress,
} from './stun-message.ts';
import type { StunAttribute, StunRequest, StunResponse } from './stun-message.ts';
import type { TurnCredential } from './turn-credential.ts';

/** RFC 8489 §6.2.1: how long the first answer is waited for, and how often a request is sent; each wait is twice as long as the one before. */
const ANSWER_MS = 500;
const SENT_AT_MOST = 7;
const UDP = Buffer.from([17, 0, 0, 0]);
const FAMILY = { ipv4: Buffer.from([1, 0, 0, 0]), ipv6: Buffer.from([2, 0, 0, 0]) };

/** A TURN client over UDP that asks for what a browser never would. */
export class TurnClient {
  readonly #address: string;
  readonly #port: number;
  readonly #socket: Socket;
  #lifetime = 0;
  #signature: { readonly attributes: StunAttribute[]; readonly key: Buffer } | undefined;

  constructor(address: string, port: number) {
    this.#address = address;
    this.#port = port;
    this.#socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  }

  /** For how many seconds the relay address was given that was taken last. */
  get lifetimeSeconds(): number {
    return this.#lifetime;
  }

  /** Whether the server answers at all (a STUN binding, without credentials). */
  async answers(): Promise<boolean> {
    const request = { method: Method.binding, attributes: [] };
    return (await this.#tryOnce(request)) !== undefined;
  }

  /** Takes a relay address; gives the error's number when refused. */
  async allocate(
    { username, credential }: TurnCredential,
    family: keyof typeof FAMILY = 'ipv4',
  ): Promise<number | undefined> {
    const wanted: StunAttribute[] = [
      [Attribute.requestedTransport, UDP],
      [Attribute.requestedAddressFamily, FAMILY[family]],
    ];
    const { attributes } = await this.#ask({ method: Method.allocate, attributes: wanted });
    const realm = attributes.get(Attribute.realm) ?? Buffer.alloc(0);
    const nonce = attributes.get(Attribute.nonce) ?? Buffer.alloc(0);
    this.#signature = {
      attributes: [
        [Attribute.username, Buffer.from(username)],
        [Attribute.realm, realm],
        [Attribute.nonce, nonce],
      ],
      // RFC 8489 §9.2.2: the key of long-term credentials.
      key: createHash('md5').update(`${username}:${realm.toString()}:${credential}`).digest(),
    };
    const answer = await this.#askSigned(Method.allocate, wanted);
    this.#lifetime = answer.attributes.get(Attribute.lifetime)?.readUInt32BE() ?? 0;
    return answer.error;
  }

  /** Asks that packets may go to this address; gives the error's number when refused. */
  async permit(peer: string): Promise<number | undefined> {
    const transaction = newTransaction();
    const address: StunAttribute = [Attribute.xorPeerAddress, xorAddress(peer, transaction)];
    return (await this.#askSigned(Method.createPermission, [address], transaction)).error;
  }

  close(): void {
    this.#socket.close();
  }

  #askSigned(
    method: number,
    attributes: readonly StunAttribute[],
    transaction = newTransaction(),
  ): Promise<StunResponse> {
    if (this.#signature === undefined) throw new Error('allocate() comes first.');
    const { attributes: signature, key } = this.#signature;
    return this.#ask({ method, attributes: [...attributes, ...signature], key, transaction });
  }

  async #ask(request: StunRequest): Promise<StunResponse> {
    for (let sent = 0; sent < SENT_AT_MOST; sent++) {
      const response = await this.#tryOnce(request, ANSWER_MS * 2 ** sent);
      if (response !== undefined) return response;
    }
    throw new Error('The TURN server does not answer.');
  }

  async #tryOnce(request: StunRequest, waitMs = ANSWER_MS): Promise<StunResponse | undefined> {
    const bytes = encodeRequest(request);
    this.#socket.send(bytes, this.#port, this.#address);
    const signal = AbortSignal.timeout(waitMs);
    try {
      for (;;) {
        const [answer] = (await once(this.#socket, 'message', { signal })) as [Buffer];
        const response = decodeResponse(answer, bytes);
        if (response !== undefined) return response;
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}
