import type { Candidate, Description, Signal } from '@ringline/protocol';
import type { PeerConnection, Stream, Track, Transceiver } from '../media/media.ts';
import type { Clock, Timer } from '../ports.ts';
import { ICE_PATIENCE_MS, NETWORK_BURST_MS, NUDGE_MS } from '../timing.ts';
import type { IceSource } from './ice.ts';
import { Said } from './said.ts';
import { withDtx } from './sdp.ts';

/** The caller's device alone offers, the callee's answers: so offers never cross (RFC 8829 §4.1.8.2). */
export type NegotiationRole = 'offerer' | 'answerer';

/** What a negotiation tells its call. */
export interface NegotiationEvents {
  signal(signal: Signal): void;
  connectionChanged(isConnected: boolean): void;
  failed(fault: unknown): void;
}

/** What a negotiation is made of; `stream` names the tracks that belong together. */
export interface NegotiationParts {
  readonly role: NegotiationRole;
  readonly connection: PeerConnection;
  readonly ice: IceSource;
  readonly stream: Stream;
  readonly clock: Clock;
  /** The call is not answered yet: nothing is asked for again, and what fails is left alone. */
  readonly isRinging?: boolean;
}

export type Kind = 'audio' | 'video';

const KINDS: readonly Kind[] = ['audio', 'video'];

/**
 * Offer and answer over one peer connection, which lives for one epoch of a call. Every signal may
 * come late, twice, or not at all: descriptions already applied change nothing, missing ones are
 * asked for again.
 */
export class Negotiation {
  readonly #role: NegotiationRole;
  readonly #connection: PeerConnection;
  readonly #ice: IceSource;
  readonly #stream: Stream;
  readonly #clock: Clock;
  readonly #events: NegotiationEvents;
  readonly #said: Said;
  readonly #tracks = new Map<Kind, Track | null>();
  readonly #transceivers = new Map<string, Transceiver>();
  #steps: Promise<void> = Promise.resolve();
  #remoteSdp: string | undefined;
  #earlyCandidates: Candidate[] = [];
  #attention: Timer | undefined;
  #isTroubled = false;
  /** When other paths were sought last, by an offer or by asking for one. */
  #soughtAt = -Infinity;
  #isRinging: boolean;
  /** Until the call is answered, signalling is back, or an offer has its answer; one that was asked for until it is offered. */
  #isRestartDue = false;
  #isClosed = false;

  constructor(parts: NegotiationParts, events: NegotiationEvents) {
    this.#role = parts.role;
    this.#connection = parts.connection;
    this.#ice = parts.ice;
    this.#stream = parts.stream;
    this.#clock = parts.clock;
    this.#isRinging = parts.isRinging ?? false;
    this.#events = events;
    this.#said = new Said((signal) => events.signal(signal));
    this.#connection.onicecandidate = ({ candidate }) => this.#said.found(candidate);
    this.#connection.onconnectionstatechange = () => this.#connectionChanged();
  }

  /** The offerer offers; the answerer waits to be offered. */
  start(): void {
    if (!this.#isRinging) this.#attendIn(NUDGE_MS);
    if (this.#role === 'answerer') return;
    for (const kind of KINDS) {
      const transceiver = this.#connection.addTransceiver(kind, {
        direction: 'sendrecv',
        streams: [this.#stream],
      });
      this.#transceivers.set(kind, transceiver);
    }
    this.#step(async () => {
      await this.#sendTracks();
      await this.#offer({});
    });
  }

  /** The call is answered: what has failed is mended, and paths that were held back while it rang are looked for. */
  answered(): void {
    this.#isRinging = false;
    // The offers before do not count: a restart that is asked for now is granted.
    this.#soughtAt = -Infinity;
    if (this.#connection.connectionState !== 'connected') this.#attendIn(NUDGE_MS);
    this.#step(() => this.#catchUp());
  }

  /** A signal of this epoch from the other device. */
  receive(signal: Signal): void {
    this.#step(() => {
      switch (signal.kind) {
        case 'description':
          return this.#receiveDescription(signal.description);
        case 'candidate':
          return this.#receiveCandidate(signal.candidate);
        case 'restart':
          return this.#role === 'offerer' ? this.#restartAsAsked() : undefined;
      }
    });
  }

  /** Signalling is back, here or there: a restart that waited for it is made, or what was said last is said again. */
  resend(): void {
    if (this.#isRestartDue && !this.#isRinging) this.#step(() => this.#catchUp());
    else this.#said.again();
  }

  /** This device's network has changed: other paths are sought at once, and the one that stands goes on meanwhile. */
  restart(): void {
    if (this.#clock.now() - this.#soughtAt < NETWORK_BURST_MS) return;
    this.#isRestartDue = true;
    if (!this.#isRinging) this.#step(() => this.#catchUp());
  }

  /** Gives or takes what is sent, without renegotiation; settles when it is. */
  async setTrack(kind: Kind, track: Track | null): Promise<void> {
    if ((this.#tracks.get(kind) ?? null) === track) return;
    this.#tracks.set(kind, track);
    // Not one of the steps: sound need not wait for descriptions.
    await this.#transceivers
      .get(kind)
      ?.sender.replaceTrack(track)
      .catch((fault: unknown) => this.#fail(fault));
  }

  close(): void {
    this.#isClosed = true;
    this.#attention?.cancel();
    this.#connection.onicecandidate = null;
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  /** One step after the other: a description is never applied in the middle of another. */
  #step(run: () => Promise<void> | undefined): void {
    this.#steps = this.#steps
      .then(() => (this.#isClosed ? undefined : run()))
      .catch((fault: unknown) => this.#fail(fault));
  }

  #fail(fault: unknown): void {
    if (!this.#isClosed) this.#events.failed(fault);
  }

  async #offer(options: { iceRestart?: boolean }): Promise<void> {
    this.#soughtAt = this.#clock.now();
    await this.#configure();
    await this.#describe('offer', await this.#connection.createOffer(options));
  }

  /** Credentials and policy count from the next gathering on (RFC 8829 §4.1.18). */
  async #configure(): Promise<void> {
    await this.#ice.refresh();
    const configuration = this.#ice.configuration(this.#isRinging);
    this.#said.hidesAddresses = configuration.iceTransportPolicy === 'relay';
    this.#connection.setConfiguration?.(configuration);
  }

  async #describe(type: Description['type'], { sdp = '' }: { sdp?: string }): Promise<void> {
    this.#said.begin({ type, sdp });
    await this.#connection.setLocalDescription({ type, sdp });
    if (!this.#isClosed) this.#said.describe();
  }

  #receiveDescription({ type, sdp }: Description): Promise<void> | undefined {
    if (type === 'answer') return this.#role === 'offerer' ? this.#takeAnswer(sdp) : undefined;
    return this.#role === 'answerer' ? this.#takeOffer(sdp) : undefined;
  }

  async #takeOffer(sdp: string): Promise<void> {
    // Offered again after a reconnect: our answer may have been lost.
    if (sdp === this.#remoteSdp) return this.#said.again();
    this.#isRestartDue = false;
    await this.#configure();
    await this.#setRemote('offer', sdp);
    await this.#takeTransceivers();
    await this.#describe('answer', await this.#connection.createAnswer());
  }

  async #takeAnswer(sdp: string): Promise<void> {
    const isAwaited = this.#connection.signalingState === 'have-local-offer';
    if (!isAwaited || sdp === this.#remoteSdp) return;
    await this.#setRemote('answer', sdp);
    if (this.#isRestartDue || this.#areAddressesHeldBack()) await this.#repair();
  }

  async #setRemote(type: Description['type'], sdp: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type, sdp: withDtx(sdp) });
    this.#remoteSdp = sdp;
    const early = this.#earlyCandidates;
    this.#earlyCandidates = [];
    for (const candidate of early) await this.#addCandidate(candidate);
  }

  async #takeTransceivers(): Promise<void> {
    for (const transceiver of this.#connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      if (this.#transceivers.get(kind) === transceiver) continue;
      this.#transceivers.set(kind, transceiver);
      // A transceiver made by an offer only receives (RFC 8829 §5.10) until it is told otherwise.
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams(this.#stream);
    }
    await this.#sendTracks();
  }

  async #sendTracks(): Promise<void> {
    for (const [kind, track] of this.#tracks) {
      await this.#transceivers.get(kind)?.sender.replaceTrack(track);
    }
  }

  async #receiveCandidate(candidate: Candidate): Promise<void> {
    if (this.#remoteSdp === undefined) this.#earlyCandidates.push(candidate);
    else await this.#addCandidate(candidate);
  }

  async #addCandidate(candidate: Candidate): Promise<void> {
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch {
      // One of an earlier description, or of a kind this browser does not know: others will do.
    }
  }

  #connectionChanged(): void {
    const state = this.#connection.connectionState;
    if (state === 'connected') {
      this.#isTroubled = false;
      this.#attention?.cancel();
      this.#events.connectionChanged(true);
    } else if (state === 'disconnected' || state === 'failed') {
      this.#troubled(
        state === 'failed' ? this.#soughtAt + ICE_PATIENCE_MS - this.#clock.now() : ICE_PATIENCE_MS,
      );
    }
  }

  /** What has failed does not heal by itself (RFC 8445 §7.2.5.4): it is attended to at once, unless that was just done. */
  #troubled(patienceMs: number): void {
    if (!this.#isRinging) this.#attendIn(Math.max(0, patienceMs));
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    this.#events.connectionChanged(false);
  }

  #attendIn(ms: number): void {
    this.#attention?.cancel();
    this.#attention = this.#clock.after(ms, () => {
      this.#attendIn(NUDGE_MS);
      this.#step(() => this.#attend());
    });
  }

  /** What was left undone while it rang, or signalling was away. */
  async #catchUp(): Promise<void> {
    const { connectionState: state, signalingState } = this.#connection;
    const isBroken = state === 'failed' || state === 'disconnected';
    if (signalingState === 'have-local-offer') this.#said.again();
    else if (isBroken || this.#isRestartDue || this.#areAddressesHeldBack()) await this.#repair();
  }

  /** Whether only relayed paths were offered, and others may be by now. */
  #areAddressesHeldBack(): boolean {
    const { iceTransportPolicy } = this.#ice.configuration(this.#isRinging);
    return this.#said.hidesAddresses && iceTransportPolicy === 'all';
  }

  /** Not connected for a while: do what moves it on. */
  async #attend(): Promise<void> {
    if (this.#connection.connectionState === 'connected') return;
    const isOfferMissing = this.#role === 'answerer' && this.#remoteSdp === undefined;
    await (isOfferMissing ? this.#repair() : this.#catchUp());
  }

  /** Without signalling it waits: what is gathered now would be of an older network when it can be said. */
  async #repair(): Promise<void> {
    const isOfferer = this.#role === 'offerer';
    // The word of it is lost with a socket that is dead and does not know: then it is asked for again.
    this.#isRestartDue = !isOfferer || !this.#ice.canSignal;
    if (!this.#ice.canSignal) return;
    this.#soughtAt = this.#clock.now();
    if (isOfferer) await this.#restart();
    else this.#events.signal({ kind: 'restart' });
  }

  /** Both sides notice a failure at about the same time: one restart is enough. */
  async #restartAsAsked(): Promise<void> {
    // The other side has learned of the answer first.
    if (this.#isRinging) this.#isRestartDue = true;
    else if (this.#clock.now() - this.#soughtAt >= ICE_PATIENCE_MS) await this.#repair();
  }

  async #restart(): Promise<void> {
    // One offer at a time: an answer to an older one would be taken for the answer to this one.
    if (this.#connection.signalingState === 'have-local-offer') this.#said.again();
    else await this.#offer({ iceRestart: true });
  }
}
