import type { Candidate, Description } from '@ringline/protocol';
import type { Link, PathTrouble } from './link.ts';
import { answerDirection, candidateLine, readSdp, sends, ufragOf, writeSdp } from './sdp.ts';
import type { Direction, FakeDescription, MediaSection } from './sdp.ts';
import { FakeStream, FakeTrack } from './track.ts';
import type { TrackKind, TrackOwner } from './track.ts';
import { FakeReceiver, FakeSender, FakeTransceiver } from './transceiver.ts';

/** A STUN or TURN server as a connection is told of it. */
export interface FakeIceServer {
  readonly urls: string | string[];
  readonly username?: string;
  readonly credential?: string;
}

/** What an RTCPeerConnection is made with, as far as the fake one looks at it. */
export interface FakeConfiguration {
  readonly iceServers?: FakeIceServer[];
  readonly iceTransportPolicy?: 'all' | 'relay';
  readonly bundlePolicy?: 'max-bundle';
}

/** What a peer connection needs of the world that it lives in. */
export interface MediaWorld {
  /** Counts the packets that flowed until now, before something changes. */
  accrue(): void;
  /** A track or a path began to carry packets, perhaps. */
  flowMayHaveBegun(): void;
  /** Something was negotiated: two connections may fit together now. */
  negotiated(connection: FakePeerConnection): void;
  /** Its candidates are found a moment later. */
  gather(found: () => void): void;
  /** Whether a TURN server lets this in. */
  admits(server: FakeIceServer): boolean;
  closed(connection: FakePeerConnection): void;
  troubleOf(device: string): PathTrouble;
  /** Of the tracks that come from the other side. */
  readonly owner: TrackOwner;
}

/** A track as `ontrack` tells of it. */
export interface RemoteTrack {
  readonly kind: string;
  readonly readyState: string;
  readonly muted: boolean;
  enabled: boolean;
  stop(): void;
}

/** A stream as `ontrack` tells of it. */
export interface RemoteStream {
  getTracks(): RemoteTrack[];
}

export type ConnectionState =
  | 'new'
  | 'connecting'
  | 'connected'
  | 'disconnected'
  | 'failed'
  | 'closed';

/** An entry of `getStats`: those of a browser that says little. Durations are in seconds. */
export type FakeStat =
  | {
      readonly type: 'inbound-rtp';
      readonly kind: TrackKind;
      readonly packetsReceived: number;
      readonly packetsLost: number;
    }
  | {
      readonly type: 'remote-inbound-rtp';
      readonly kind: TrackKind;
      readonly fractionLost: number;
      readonly roundTripTime: number;
    };

/**
 * An RTCPeerConnection without media. Two of them connect when each has applied the other's newest
 * description and one has a candidate of the other. As in browsers, candidates before a description are refused,
 * answers without an offer too; an offer against an own offer is refused instead of rolled back, because
 * only the caller's side ever offers.
 */
export class FakePeerConnection {
  readonly device: string;
  /** The DTLS certificate: a new one for every connection. */
  readonly fingerprint: string;
  readonly #world: MediaWorld;
  /** What counts from the next gathering on. */
  configuration: FakeConfiguration;
  link: Link | undefined;
  connectionState: ConnectionState = 'new';
  signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' = 'stable';
  onicecandidate: ((event: { readonly candidate: Candidate | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack:
    | ((event: { readonly track: RemoteTrack; readonly streams: readonly RemoteStream[] }) => void)
    | null = null;
  readonly #transceivers: FakeTransceiver[] = [];
  readonly #remoteStreams = new Map<string, FakeStream>();
  readonly #heardOf = new Set<string>();
  #generation = 0;
  #wantsRestart = false;
  #tracksMade = 0;
  #local: FakeDescription | undefined;
  #remote: FakeDescription | undefined;

  constructor(
    device: string,
    fingerprint: string,
    world: MediaWorld,
    configuration: FakeConfiguration = {},
  ) {
    this.device = device;
    this.fingerprint = fingerprint;
    this.#world = world;
    this.configuration = configuration;
  }

  setConfiguration(configuration: FakeConfiguration): void {
    this.#assertOpen();
    this.configuration = configuration;
  }

  addTransceiver(
    kind: TrackKind,
    init: { direction?: Direction; streams?: FakeStream[] } = {},
  ): FakeTransceiver {
    this.#assertOpen();
    const track = new FakeTrack(kind, this.#nextTrackId(), this.#world.owner, { muted: true });
    const sender = new FakeSender(
      kind,
      init.streams ?? [],
      () => this.#world.accrue(),
      () => this.#world.flowMayHaveBegun(),
    );
    const direction = init.direction ?? 'sendrecv';
    const transceiver = new FakeTransceiver(sender, new FakeReceiver(track), direction);
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.#transceivers];
  }

  restartIce(): void {
    this.#wantsRestart = true;
  }

  async createOffer(options: { iceRestart?: boolean } = {}): Promise<Description> {
    await this.#turn();
    if (options.iceRestart === true) this.#wantsRestart = true;
    this.#beginGeneration(this.#generation === 0 || this.#wantsRestart);
    this.#transceivers.forEach((transceiver, index) => (transceiver.mid ??= String(index)));
    return { type: 'offer', sdp: this.#sdp((transceiver) => transceiver.direction) };
  }

  async createAnswer(): Promise<Description> {
    await this.#turn();
    this.#assertSignaling('have-remote-offer');
    return { type: 'answer', sdp: this.#sdp((transceiver) => this.#answered(transceiver)) };
  }

  async setLocalDescription(description: Description): Promise<void> {
    await this.#turn();
    this.#assertSignaling(description.type === 'offer' ? 'stable' : 'have-remote-offer');
    const local = readOwn(description);
    const gathers = local.ufrag !== this.#local?.ufrag;
    this.#world.accrue();
    this.#local = local;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    if (description.type === 'answer') this.#settle();
    const { configuration } = this;
    if (gathers) this.#world.gather(() => this.#tellCandidates(local, configuration));
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await this.#turn();
    this.#assertSignaling(description.type === 'offer' ? 'stable' : 'have-local-offer');
    const remote = readOwn(description);
    this.#assertSameCertificate(remote);
    this.#world.accrue();
    // A new ufrag in an offer is an ICE restart, which the answer joins (RFC 8839 §4.4.3.1.1).
    if (description.type === 'offer') this.#beginGeneration(remote.ufrag !== this.#remote?.ufrag);
    this.#remote = remote;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    for (const candidate of remote.candidates) this.#heardOf.add(ufragOf(candidate) ?? '');
    for (const section of remote.sections) this.#take(section);
    if (description.type === 'answer') this.#settle();
  }

  async addIceCandidate(candidate: Candidate): Promise<void> {
    await this.#turn();
    if (this.#remote === undefined) throw invalidState('a candidate before any description');
    this.#heardOf.add(ufragOf(candidate.candidate) ?? '');
    this.#world.negotiated(this);
  }

  async getStats(): Promise<Map<string, FakeStat>> {
    await this.#turn();
    this.#world.accrue();
    const inbound = this.#transceivers.map(({ kind, mid, receiver }): [string, FakeStat] => {
      const packetsReceived = Math.floor(receiver.packetsReceived);
      const packetsLost = Math.floor(receiver.packetsLost);
      return [`inbound-${mid}`, { type: 'inbound-rtp', kind, packetsReceived, packetsLost }];
    });
    return new Map([...inbound, ...this.#remoteInbound()]);
  }

  /** What the other side reports of each media that is sent to it. */
  #remoteInbound(): [string, FakeStat][] {
    const other = this.link?.ends.find((end) => end !== this);
    if (other === undefined) return [];
    const { lossRatio: fractionLost } = this.#world.troubleOf(other.device);
    const roundTripTime = this.#world.troubleOf(this.device).rttMs / 1000;
    return this.#transceivers.map(({ kind, mid }) => [
      `remote-inbound-${mid}`,
      { type: 'remote-inbound-rtp', kind, fractionLost, roundTripTime },
    ]);
  }

  close(): void {
    if (this.connectionState === 'closed') return;
    this.#world.accrue();
    this.connectionState = 'closed';
    this.signalingState = 'closed';
    for (const { receiver } of this.#transceivers) receiver.track.readyState = 'ended';
    this.#world.closed(this);
  }

  /** Called by its link. */
  enter(state: 'connecting' | 'connected' | 'disconnected' | 'failed'): void {
    if (this.connectionState === state || this.connectionState === 'closed') return;
    // An ICE restart of a connection that works goes on beside it.
    if (state === 'connecting' && this.connectionState === 'connected') return;
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  /** Whether its own newest words and the other's fit together, as this side sees it. */
  fits(other: FakePeerConnection): boolean {
    const isSettled = this.signalingState === 'stable' && this.#remote !== undefined;
    const knows = this.#remote?.fingerprint === other.fingerprint;
    return isSettled && knows && this.#remote?.ufrag === other.ufrag;
  }

  /** The ICE credentials of its newest local description. */
  get ufrag(): string | undefined {
    return this.#local?.ufrag;
  }

  get remoteFingerprint(): string | undefined {
    return this.#remote?.fingerprint;
  }

  /** Whether it has an address of the other side to check. */
  get hasCandidate(): boolean {
    return this.#remote !== undefined && this.#heardOf.has(this.#remote.ufrag);
  }

  /** Every operation takes a turn, and none works on a closed connection. */
  async #turn(): Promise<void> {
    await Promise.resolve();
    this.#assertOpen();
  }

  #assertOpen(): void {
    if (this.connectionState === 'closed') throw invalidState('the connection is closed');
  }

  #assertSignaling(expected: string): void {
    if (this.signalingState === expected) return;
    throw invalidState(`signalling is ${this.signalingState}, not ${expected}`);
  }

  #assertSameCertificate(remote: FakeDescription): void {
    if (this.#remote === undefined || this.#remote.fingerprint === remote.fingerprint) return;
    throw invalidState('another certificate: a page loaded anew needs a new connection');
  }

  #beginGeneration(isNew: boolean): void {
    if (!isNew) return;
    this.#generation++;
    this.#wantsRestart = false;
  }

  #sdp(directionOf: (transceiver: FakeTransceiver) => Direction): string {
    const sections = this.#transceivers
      .filter((transceiver) => transceiver.mid !== null)
      .map((transceiver) => ({
        mid: transceiver.mid ?? '',
        kind: transceiver.kind,
        direction: directionOf(transceiver),
        stream: transceiver.sender.streams[0]?.id ?? '',
      }));
    const ufrag = `${this.fingerprint}.${this.#generation}`;
    return writeSdp({ fingerprint: this.fingerprint, ufrag, sections, candidates: [] });
  }

  #answered(transceiver: FakeTransceiver): Direction {
    const offered = this.#remote?.sections.find((section) => section.mid === transceiver.mid);
    return answerDirection(transceiver.direction, offered?.direction ?? 'inactive');
  }

  #take(section: MediaSection): void {
    const known = this.#transceivers.find((transceiver) => transceiver.mid === section.mid);
    const transceiver = known ?? this.addTransceiver(section.kind, { direction: 'recvonly' });
    transceiver.mid = section.mid;
    if (transceiver.receiver.isAnnounced || !sends(section.direction)) return;
    transceiver.receiver.isAnnounced = true;
    this.#announce(transceiver.receiver.track, section.stream);
  }

  #announce(track: FakeTrack, streamId: string): void {
    const stream = this.#remoteStreams.get(streamId) ?? new FakeStream(streamId);
    this.#remoteStreams.set(streamId, stream);
    stream.addTrack(track);
    this.ontrack?.({ track, streams: streamId === '' ? [] : [stream] });
  }

  /** Offer and answer are complete: each m-line has its direction (RFC 3264 §6.1). */
  #settle(): void {
    for (const transceiver of this.#transceivers) {
      const local = directionIn(this.#local, transceiver.mid);
      const remote = directionIn(this.#remote, transceiver.mid);
      transceiver.currentDirection = answerDirection(local, remote);
    }
    this.#world.negotiated(this);
  }

  #tellCandidates(local: FakeDescription, configuration: FakeConfiguration): void {
    if (this.connectionState === 'closed') return;
    const { iceServers = [], iceTransportPolicy = 'all' } = configuration;
    const hasRelay = iceServers.some((server) => isTurn(server) && this.#world.admits(server));
    if (iceTransportPolicy === 'all') this.#tellCandidate('host', local);
    if (hasRelay) this.#tellCandidate('relay', local);
    this.onicecandidate?.({ candidate: null });
  }

  #tellCandidate(type: 'host' | 'relay', { ufrag }: FakeDescription): void {
    const candidate = candidateLine(this.device, type, ufrag);
    this.onicecandidate?.({ candidate: { candidate, sdpMid: '0', sdpMLineIndex: 0 } });
  }

  #nextTrackId(): string {
    return `${this.fingerprint}-track-${++this.#tracksMade}`;
  }
}

function isTurn({ urls }: FakeIceServer): boolean {
  return [urls].flat().some((url) => url.startsWith('turn'));
}

function directionIn(description: FakeDescription | undefined, mid: string | null): Direction {
  return description?.sections.find((section) => section.mid === mid)?.direction ?? 'inactive';
}

function readOwn({ sdp }: Description): FakeDescription {
  const description = readSdp(sdp);
  if (description === undefined) throw new DOMException('not a fake description', 'OperationError');
  return description;
}

function invalidState(why: string): DOMException {
  return new DOMException(why, 'InvalidStateError');
}
