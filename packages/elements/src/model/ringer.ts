import type { Call, Silence } from '@ringline/client';
import { Changing } from './changing.ts';
import type { Phone } from './phone.ts';
import type { Preferences } from './preferences.ts';
import type { Clock, Election, MicrophoneCheck, Sounder, Timer, Tone } from './ringing-ports.ts';

/** A page that gets the word late waits so long for the outcome that ended the other's: no ringtone after the ring. */
export const HANDOVER_MS = 600;

/** The server's ringing tone is waited for so long, as the SDK waits for its voice. */
export const RINGBACK_PATIENCE_MS = 1_000;

/** A page that may not sound looks so often whether another of this browser does. */
export const LOOK_MS = 400;

/** What a ringer is made of. */
export interface RingerParts {
  readonly phone: Phone;
  readonly sounder: Sounder;
  readonly election: Election;
  readonly microphone: MicrophoneCheck;
  readonly preferences: Preferences;
  readonly clock: Clock;
}

/**
 * Makes calls heard: the ringtone in one page of this browser, a short tone beside a call, the ringback
 * at the caller unless the server plays one. It tells each caller the truth about it, and is silent the moment the outcome is known.
 */
export class Ringer extends Changing {
  readonly #parts: RingerParts;
  readonly #stops: (() => void)[];
  readonly #told = new WeakMap<Call, string>();
  #withdraw: (() => void) | undefined;
  #hasWord = false;
  /** Another page of this browser rings aloud. */
  #isHeardElsewhere = false;
  #handover: Timer | undefined;
  #look: Timer | undefined;
  #wasBlocked = false;
  /** The outgoing call for which the server's tone is waited for, until its timer is over. */
  #awaited: { readonly call: Call; readonly timer: Timer; isOver: boolean } | undefined;

  constructor(parts: RingerParts) {
    super();
    this.#parts = parts;
    const { phone, sounder, microphone, preferences } = parts;
    const update = () => this.#update();
    this.#stops = [phone, sounder, microphone, preferences].map((each) => each.watch(update));
    this.#update();
  }

  /** A call rings here that the browser does not let be heard, in this page or another. */
  get isHeldBack(): boolean {
    const { sounder } = this.#parts;
    return this.#wanted.length > 0 && sounder.isBlocked && !this.#isHeardElsewhere;
  }

  /** Silence for good. */
  close(): void {
    for (const stop of this.#stops) stop();
    this.#leave();
    this.#awaited?.timer.cancel();
    this.#parts.sounder.play(undefined);
  }

  /** The calls that should be heard here. */
  get #wanted(): readonly Call[] {
    const { phone } = this.#parts;
    return phone.ringing.filter((call) => !phone.isAnswering(call) && !this.#quietOf(call));
  }

  /** Why a call is to be shown only, whatever the browser allows. */
  #quietOf(call: Call): Silence | undefined {
    const { phone, microphone, preferences } = this.#parts;
    if (!preferences.isRingOn || phone.isSilenced(call)) return 'muted-by-user';
    return microphone.isMissing ? 'no-microphone' : undefined;
  }

  #update(): void {
    const { sounder } = this.#parts;
    if (this.#wanted.length === 0) this.#leave();
    else if (sounder.isBlocked) this.#lookAround();
    else this.#stand();
    sounder.play(this.#tone());
    for (const call of this.#parts.phone.ringing) this.#tell(call);
    if (this.isHeldBack !== this.#wasBlocked) {
      this.#wasBlocked = this.isHeldBack;
      this.changed();
    }
  }

  #tone(): Tone | undefined {
    const { phone } = this.#parts;
    if (this.#wanted.length > 0) return this.#alert;
    const { stage } = phone;
    const isCalling = stage.kind === 'call' && stage.call.direction === 'outgoing';
    if (!isCalling || stage.call.state !== 'ringing' || phone.hasRingback) return undefined;
    // The tone says that somebody can hear it ring.
    if (!stage.call.legs.some(({ state }) => state === 'alerting')) return undefined;
    return phone.expectsRingback && !this.#hasWaited(stage.call) ? undefined : 'ringback';
  }

  /** Whether the server has had its time to be heard; that begins with the first question. */
  #hasWaited(call: Call): boolean {
    if (this.#awaited?.call === call) return this.#awaited.isOver;
    this.#awaited?.timer.cancel();
    const timer = this.#parts.clock.after(RINGBACK_PATIENCE_MS, () => {
      awaited.isOver = true;
      this.#update();
    });
    const awaited = { call, timer, isOver: false };
    this.#awaited = awaited;
    return false;
  }

  /** Whoever talks is not rung aloud. No other page of the browser is alerted then: there is no word to wait for. */
  get #alert(): Tone | undefined {
    if (this.#parts.phone.isInCall) return 'waiting';
    return this.#hasWord ? 'ring' : undefined;
  }

  #stand(): void {
    this.#look?.cancel();
    this.#look = undefined;
    this.#withdraw ??= this.#parts.election.stand((hadToWait) => {
      const take = () => {
        this.#hasWord = true;
        this.#update();
      };
      if (hadToWait) this.#handover = this.#parts.clock.after(HANDOVER_MS, take);
      else take();
    });
  }

  #leave(): void {
    this.#handover?.cancel();
    this.#look?.cancel();
    this.#look = undefined;
    this.#hasWord = false;
    this.#isHeardElsewhere = false;
    this.#withdraw?.();
    this.#withdraw = undefined;
  }

  #lookAround(): void {
    if (this.#look !== undefined) return;
    const { election, clock } = this.#parts;
    const look = async () => {
      const isTaken = await election.isTaken();
      // It is over, or this page may sound itself by now.
      if (this.#look === undefined) return;
      this.#look = clock.after(LOOK_MS, () => void look());
      if (isTaken === this.#isHeardElsewhere) return;
      this.#isHeardElsewhere = isTaken;
      this.#update();
    };
    this.#look = clock.after(LOOK_MS, () => void look());
  }

  #tell(call: Call): void {
    const quiet = this.#quietOf(call);
    const isBlocked = this.#parts.sounder.isBlocked && !this.#isHeardElsewhere;
    const silence = quiet ?? (isBlocked ? 'autoplay-blocked' : undefined);
    // The SDK says `alerting` by itself, once this page knows of the call.
    const last = this.#told.get(call) ?? 'alerting';
    if (last === (silence ?? 'alerting')) return;
    this.#told.set(call, silence ?? 'alerting');
    void (silence === undefined
      ? call.reportRinging('alerting')
      : call.reportRinging('silent', silence));
  }
}
