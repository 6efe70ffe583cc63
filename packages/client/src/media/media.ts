import type { Candidate, Description } from '@ringline/protocol';

/** The part of a MediaStreamTrack that the SDK uses. */
export interface Track {
  readonly kind: string;
  readonly readyState: string;
  /** True until the first packet of a remote track has come. */
  readonly muted: boolean;
  enabled: boolean;
  clone(): Track;
  stop(): void;
  /** The name of the device, of a local track. */
  readonly label?: string;
  /** Optional: without it, nothing is known of the device of a local track. */
  getSettings?(): { readonly deviceId?: string; readonly groupId?: string };
  /** Optional: without it, a remote track counts as one that has packets, and a local one never ends. */
  addEventListener?(type: 'unmute' | 'ended', listener: () => void): void;
}

/** The part of a MediaStream that the SDK uses. */
export interface Stream {
  getTracks(): Track[];
  addTrack(track: Track): void;
  removeTrack(track: Track): void;
}

/** A video or audio element. */
export interface MediaElement {
  srcObject: unknown;
  muted?: boolean;
  readonly style?: { objectFit: string };
  play?(): Promise<void> | undefined;
  /** Where browsers let a page choose the speaker. */
  setSinkId?(id: string): Promise<void>;
}

/** This device and no other. */
export interface Constraint {
  readonly deviceId: { readonly exact: string };
}

/** What to open: at least one of the two, a certain device or any. */
export interface Wanted {
  readonly audio: boolean | Constraint;
  readonly video: boolean | Constraint;
}

/** The part of a MediaDeviceInfo that the SDK uses. */
export interface DeviceInfo {
  readonly kind: string;
  readonly deviceId: string;
  readonly label: string;
  readonly groupId: string;
}

/** What a browser says of a permission; `forbidden` where the page itself must not ask. */
export type Permission = 'granted' | 'denied' | 'prompt' | 'forbidden';

/** The part of an RTCIceServer that the SDK passes on. */
export interface IceServer {
  readonly urls: string | string[];
  readonly username?: string;
  readonly credential?: string;
}

/** The part of an RTCConfiguration that the SDK sets. */
export interface IceConfiguration {
  iceServers: IceServer[];
  /** `relay`: no other candidates are gathered, so that no address is shown. */
  iceTransportPolicy: 'all' | 'relay';
  /** Sound and picture go one way: each way that is looked for takes a port of every relay. */
  bundlePolicy: 'max-bundle';
}

/** The part of an RTCRtpTransceiverInit that the SDK uses. */
export interface TransceiverInit {
  direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  streams?: Stream[];
}

/** The part of an RTCRtpEncodingParameters that the SDK sets. */
export interface Encoding {
  active?: boolean;
  /** Bits a second. */
  maxBitrate?: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
  priority?: 'low' | 'high';
  networkPriority?: 'low' | 'high';
}

/** The part of an RTCRtpSendParameters that the SDK changes. */
export interface SendParameters {
  encodings?: Encoding[];
  degradationPreference?: 'balanced';
}

/** The part of an RTCRtpSender that the SDK uses. */
export interface Sender {
  readonly track?: Track | null;
  replaceTrack(track: Track | null): Promise<void>;
  setStreams(...streams: Stream[]): void;
  /** Optional, and so is the next: without them the picture is never limited. */
  getParameters?(): SendParameters;
  setParameters?(parameters: SendParameters): Promise<void>;
}

/** The part of an RTCRtpTransceiver that the SDK uses. */
export interface Transceiver {
  direction: string;
  readonly receiver: { readonly track: Track };
  readonly sender: Sender;
}

/** The part of an RTCStats that the SDK reads (webrtc-stats); every field but the type may be missing. Durations are in seconds. */
export interface Stat {
  readonly id?: string;
  readonly type: string;
  readonly kind?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly packetsDiscarded?: number;
  readonly jitter?: number;
  readonly jitterBufferDelay?: number;
  readonly jitterBufferEmittedCount?: number;
  readonly concealedSamples?: number;
  readonly silentConcealedSamples?: number;
  readonly totalSamplesReceived?: number;
  readonly framesDecoded?: number;
  readonly freezeCount?: number;
  readonly fractionLost?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
}

/** The part of an RTCPeerConnection that the SDK uses. */
export interface PeerConnection {
  readonly connectionState: string;
  readonly signalingState: string;
  onicecandidate: ((event: { readonly candidate: Candidate | null }) => void) | null;
  onconnectionstatechange: (() => void) | null;
  ontrack: ((event: { readonly track: Track; readonly streams: readonly Stream[] }) => void) | null;
  addTransceiver(kind: 'audio' | 'video', init?: TransceiverInit): Transceiver;
  getTransceivers(): Transceiver[];
  createOffer(options?: { iceRestart?: boolean }): Promise<{ type: string; sdp?: string }>;
  createAnswer(): Promise<{ type: string; sdp?: string }>;
  setLocalDescription(description: Description): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: Candidate): Promise<void>;
  /** Optional: without it, a connection that stands counts as media that flows. */
  getStats?(): Promise<{ forEach(visit: (stat: Stat) => void): void }>;
  /** Optional: without it, a connection keeps the servers and credentials that it was made with. */
  setConfiguration?(configuration: IceConfiguration): void;
  close(): void;
}

/** Microphone, camera and peer connections: a browser's, a media library's, or a test's. */
export interface MediaPort {
  /** Rejects as `navigator.mediaDevices.getUserMedia` does, with a DOMException's `name`. */
  getUserMedia(wanted: Wanted): Promise<Stream>;
  createStream(): Stream;
  createPeerConnection(configuration: IceConfiguration): PeerConnection;
  /** Optional: without it, nothing can be listed. Rejects on a page that is not secure. */
  enumerateDevices?(): Promise<readonly DeviceInfo[]>;
  /** Calls back when a device is plugged in or out; returns how to stop. */
  onDeviceChange?(changed: () => void): () => void;
  /** What the user has allowed, without asking; undefined where the browser does not tell. */
  permission?(kind: 'microphone' | 'camera'): Promise<Permission | undefined>;
  /** Calls back at each gesture of the user on the page; returns how to stop. */
  onGesture?(run: () => void): () => void;
  /** An element that plays sound while the app has attached none. */
  createPlayer?(): MediaElement;
  /** What this device hears in the place of the server's voice, until it is stopped. */
  createTone?(kind: ToneKind): Tone;
}

/** `hold`: the other side holds; `busy`: nobody answered. */
export type ToneKind = 'hold' | 'busy';

/** A sound that goes on by itself. */
export interface Tone {
  readonly stream: Stream;
  stop(): void;
}
