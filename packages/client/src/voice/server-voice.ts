import type { Prompt, ServerMessage } from '@ringline/protocol';
import type { MediaPort, PeerConnection } from '../media/media.ts';
import type { Speaker } from '../media/speaker.ts';
import type { IceSource } from '../negotiation/ice.ts';
import type { Requests } from '../signalling/requests.ts';
import { soundOn } from './sounding.ts';

/** What the server says of its voice. */
export type VoiceMessage = Extract<ServerMessage, { readonly voice: number }>;
/** Something to hear. */
export type VoiceOffer = Extract<VoiceMessage, { readonly type: 'voice-offered' }>;

/** What hearing the server needs. */
export interface ServerVoiceParts {
  readonly media: MediaPort;
  readonly ice: IceSource;
  readonly speaker: Speaker;
  readonly requests: Requests;
}

/** One offer of the server's, and what came of it. */
interface Hearing {
  readonly voice: number;
  readonly connection: PeerConnection;
  prompt: Prompt;
  /** Stops its sound, once there is some. */
  silence: () => void;
  /** A first packet has come in. */
  isHeard: boolean;
}

/** The server's own voice as this device hears it: a connection beside those of the calls, sound alone. */
export class ServerVoice {
  readonly #parts: ServerVoiceParts;
  readonly #changed: () => void;
  #hearing: Hearing | undefined;

  /** `changed`: something else is heard than before. */
  constructor(parts: ServerVoiceParts, changed: () => void) {
    this.#parts = parts;
    this.#changed = changed;
  }

  /** What is heard at this moment. */
  get plays(): Prompt | undefined {
    return this.#hearing?.isHeard ? this.#hearing.prompt : undefined;
  }

  /** The server offers something to hear: an offer before it is over. */
  offered({ voice, prompt, sdp }: VoiceOffer): void {
    this.close();
    const { media, ice } = this.#parts;
    const connection = media.createPeerConnection(ice.configuration(false));
    const silence = () => {};
    const hearing: Hearing = { voice, connection, prompt, silence, isHeard: false };
    this.#hearing = hearing;
    connection.ontrack = ({ track }) => {
      const stream = media.createStream();
      stream.addTrack(track);
      hearing.silence = soundOn(this.#parts, stream);
      const heard = () => this.#heard(hearing);
      if (track.muted && track.addEventListener) track.addEventListener('unmute', heard);
      else heard();
    };
    this.#answer(hearing, sdp).catch(() => hearing === this.#hearing && this.refuse(voice));
  }

  /** Over the same connection something else is heard now. */
  turned(voice: number, prompt: Prompt): void {
    if (this.#hearing?.voice !== voice) return;
    this.#hearing.prompt = prompt;
    this.#changed();
  }

  /** Whether this was what is heard; it is over. */
  ended(voice: number): boolean {
    if (this.#hearing?.voice !== voice) return false;
    this.close();
    return true;
  }

  /** Asks the server to stop what it plays. */
  stop(): void {
    if (this.#hearing) this.refuse(this.#hearing.voice);
    this.close();
  }

  /** Asks the server not to play this. */
  refuse(voice: number): void {
    this.#parts.requests.tell({ type: 'stop-voice', voice });
  }

  /** Hears nothing any more. */
  close(): void {
    const hearing = this.#hearing;
    if (!hearing) return;
    this.#hearing = undefined;
    hearing.connection.close();
    hearing.silence();
    this.#changed();
  }

  #heard(hearing: Hearing): void {
    hearing.isHeard = true;
    if (hearing === this.#hearing) this.#changed();
  }

  /** Nobody waits for this device's candidates: the server learns its address from the first check (RFC 8445 §7.3.1.3). */
  async #answer(hearing: Hearing, sdp: string): Promise<void> {
    const { voice, connection } = hearing;
    await connection.setRemoteDescription({ type: 'offer', sdp });
    const answer = await connection.createAnswer();
    const description = { type: 'answer', sdp: answer.sdp ?? '' } as const;
    await connection.setLocalDescription(description);
    if (hearing !== this.#hearing) return;
    this.#parts.requests.tell({ type: 'answer-voice', voice, sdp: description.sdp });
  }
}
