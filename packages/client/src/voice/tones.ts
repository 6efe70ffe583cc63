import type { Announcement, CallId, Prompt } from '@ringline/protocol';
import { isAnnouncement } from '@ringline/protocol';
import type { ToneKind } from '../media/media.ts';
import type { Clock, Timer } from '../ports.ts';
import { EARLY_VOICE_MS, OWN_ANNOUNCING_MS, VOICE_PATIENCE_MS } from '../timing.ts';
import type { ServerVoiceParts, VoiceMessage, VoiceOffer } from './server-voice.ts';
import { ServerVoice } from './server-voice.ts';
import { soundOn } from './sounding.ts';

/** What hearing tones needs. */
export interface TonesParts extends ServerVoiceParts {
  readonly clock: Clock;
  /** The server's voice says something else than before. */
  changed(): void;
}

/** What this device plays by itself. */
interface OwnTone {
  readonly kind: ToneKind;
  readonly stop: () => void;
  readonly timer: Timer | undefined;
}

/** An attempt that failed, while this user is told. */
interface Announcing {
  readonly call: CallId;
  readonly reason: Announcement;
  readonly over: () => void;
  readonly timer: Timer;
}

/**
 * What this device hears beside the other sides of its calls: the server's voice, or in its place, where
 * it does not come in time, a tone of its own.
 */
export class Tones {
  readonly #parts: TonesParts;
  readonly #voice: ServerVoice;
  /** An announcement that came before its call. */
  #early: { readonly offer: VoiceOffer; readonly timer: Timer } | undefined;
  /** The calls that are held by the other side. */
  readonly #held = new Set<CallId>();
  #announcing: Announcing | undefined;
  #hasVoice = false;
  #patience: Timer | undefined;
  #own: OwnTone | undefined;

  constructor(parts: TonesParts) {
    this.#parts = parts;
    this.#voice = new ServerVoice(parts, () => {
      this.#look();
      parts.changed();
    });
  }

  /** What the server's voice says. */
  get voice(): Prompt | undefined {
    return this.#voice.plays;
  }

  /** A connection begins: whatever the server played ended with the one before. */
  welcomed(hasVoice: boolean): void {
    this.#hasVoice = hasVoice;
    this.#early?.timer.cancel();
    this.#early = undefined;
    this.#voice.close();
    this.#look();
  }

  receive(message: VoiceMessage): void {
    switch (message.type) {
      case 'voice-offered':
        return this.#isDue(message.prompt) ? this.#voice.offered(message) : this.#keep(message);
      case 'voice-changed':
        this.#voice.turned(message.voice, message.prompt);
        // It was said, and a tone follows over the same connection.
        if (!isAnnouncement(message.prompt)) this.#finish();
        return;
      case 'voice-ended':
        if (this.#voice.ended(message.voice) && message.why !== 'lost') this.hush();
        return;
    }
  }

  /** A call is held by the other side, or is not. */
  hold(call: CallId, isHeld: boolean): void {
    if (isHeld) this.#held.add(call);
    else this.#held.delete(call);
    this.#look();
  }

  /** Nobody answered: this user is told why, for so long at most; `over` is called once, when that is done. */
  announce(call: CallId, reason: Announcement, ms: number, over: () => void): void {
    this.hush();
    const timer = this.#parts.clock.after(ms, () => this.hush());
    this.#announcing = { call, reason, over, timer };
    this.#look();
    const early = this.#early;
    if (!early) return;
    early.timer.cancel();
    this.#early = undefined;
    this.#voice.offered(early.offer);
  }

  /** There is something else to hear than why nobody answered, or the user has heard enough. */
  hush(): void {
    if (!this.#announcing) return;
    const { plays } = this.#voice;
    if (plays === undefined || isAnnouncement(plays)) this.#voice.stop();
    this.#finish();
  }

  /** The connection is gone for good. */
  stop(): void {
    this.#held.clear();
    this.#voice.close();
    this.hush();
    this.#look();
  }

  #finish(): void {
    const announcing = this.#announcing;
    if (!announcing) return;
    this.#announcing = undefined;
    announcing.timer.cancel();
    this.#look();
    announcing.over();
  }

  #isDue(prompt: Prompt): boolean {
    return this.#announcing !== undefined || !isAnnouncement(prompt);
  }

  /** The view of a call that ended as it began waits until the call is placed. Else the user has hung up already. */
  #keep(offer: VoiceOffer): void {
    this.#early?.timer.cancel();
    const timer = this.#parts.clock.after(EARLY_VOICE_MS, () => {
      this.#early = undefined;
      this.#voice.refuse(offer.voice);
    });
    this.#early = { offer, timer };
  }

  get #isWanted(): boolean {
    return this.#announcing !== undefined || this.#held.size > 0;
  }

  /** Waits a moment for the server's voice before this device plays its own tone. */
  #look(): void {
    const kind = this.#announcing ? 'busy' : 'hold';
    if (!this.#isWanted || this.#voice.plays !== undefined) return this.#silence();
    if (this.#own && this.#own.kind !== kind) {
      this.#silence();
      return this.#sound(kind);
    }
    if (this.#own || this.#patience) return;
    const patience = this.#hasVoice ? VOICE_PATIENCE_MS : 0;
    this.#patience = this.#parts.clock.after(patience, () => {
      this.#patience = undefined;
      this.#sound(this.#announcing ? 'busy' : 'hold');
    });
  }

  #silence(): void {
    this.#patience?.cancel();
    this.#patience = undefined;
    if (!this.#own) return;
    this.#own.stop();
    this.#own.timer?.cancel();
    this.#own = undefined;
  }

  #sound(kind: ToneKind): void {
    const { media, clock } = this.#parts;
    // Nobody says when a tone has told enough.
    const timer = kind === 'busy' ? clock.after(OWN_ANNOUNCING_MS, () => this.hush()) : undefined;
    const tone = media.createTone?.(kind);
    const silence = tone && soundOn(this.#parts, tone.stream);
    const stop = () => {
      tone?.stop();
      silence?.();
    };
    this.#own = { kind, stop, timer };
  }
}
