import type { CallId, CallView, Prompt, ServerMessage, VoiceEnd } from '@ringline/protocol';
import { isAnnouncement } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import { promptOf } from '../prompts/heard.ts';
import type { Listener, Voice } from '../prompts/voice.ts';

/** How a server speaks to its devices. */
export interface Speech {
  readonly voice: Voice;
  /** Whether a caller hears the server's ringing tone. */
  readonly hasRingback: boolean;
}

/** What a device's voice needs. */
export interface DeviceVoiceParts extends Speech {
  readonly clock: Clock;
  /** In which language it is spoken to. */
  readonly language: string;
  /** What it was told of before. */
  readonly openCalls: readonly CallId[];
  send(message: ServerMessage): void;
}

/** A voice that failed, or was not to be had, is asked for again after this: an engine is back within that. */
export const VOICE_RETRY_MS = 2_000;

/** What one device hears from the server itself: over one connection, which is there while there is something to hear. */
export class DeviceVoice {
  readonly #parts: DeviceVoiceParts;
  /** What each of its calls gives it to hear. */
  readonly #prompts = new Map<CallId, Prompt>();
  #listener: Listener | undefined;
  #playing: Prompt | undefined;
  /** Names the listener to the device. */
  #number = 0;
  #isAnswered = false;
  #retry: Timer | undefined;
  #limit: Timer | undefined;
  /** The device's open calls, and whether its user talks in them; of what it was told before, that is taken for so. */
  readonly #open: Map<CallId, boolean>;

  constructor(parts: DeviceVoiceParts) {
    this.#parts = parts;
    this.#open = new Map(parts.openCalls.map((call) => [call, true]));
  }

  /** The device was told this of a call: one that is new, or live from now on, puts an end to announcements. */
  note(view: CallView): void {
    const prompt = promptOf(view, this.#parts.hasRingback);
    if (this.#takesOver(view)) this.#dropAnnouncements();
    if (prompt === undefined) this.#prompts.delete(view.id);
    else this.#prompts.set(view.id, prompt);
    if (view.state === 'ended' && view.announcingMs !== undefined) this.#endIn(view.announcingMs);
    this.#look();
  }

  /** Whether this is a call that was not there before, or in which the user talks from now on. */
  #takesOver(view: CallView): boolean {
    const before = this.#open.get(view.id);
    if (view.state === 'ended') {
      this.#open.delete(view.id);
      return false;
    }
    const isLive = view.state === 'established' && !view.held;
    this.#open.set(view.id, isLive);
    return before === undefined || (isLive && !before);
  }

  /** An announcement that nobody could be given in its time is not made up for. */
  #endIn(ms: number): void {
    this.#limit?.cancel();
    this.#limit = this.#parts.clock.after(ms, () => {
      this.#dropAnnouncements();
      this.#look();
    });
  }

  /** The device holds this call no more, and was told nothing of its end. */
  forget(call: CallId): void {
    this.#open.delete(call);
    if (this.#prompts.delete(call)) this.#look();
  }

  /** The device's answer to an offer: the first to the newest counts, any other comes too late. */
  answer(voice: number, sdp: string): void {
    if (voice !== this.#number || this.#isAnswered) return;
    this.#isAnswered = true;
    this.#listener?.answer(sdp);
  }

  /** The device has heard enough of this. */
  stop(voice: number): void {
    if (voice !== this.#number) return;
    for (const [call, prompt] of this.#prompts) {
      if (prompt === this.#playing) this.#prompts.delete(call);
    }
    this.#look();
  }

  /** The device is gone. */
  close(): void {
    this.#prompts.clear();
    this.#retry?.cancel();
    this.#limit?.cancel();
    this.#listener?.close();
    this.#listener = undefined;
  }

  #dropAnnouncements(): void {
    for (const [call, prompt] of this.#prompts) {
      if (isAnnouncement(prompt)) this.#prompts.delete(call);
    }
  }

  /** Opens, changes or closes the connection as what there is to hear asks for. */
  #look(): void {
    const wanted = [...this.#prompts.values()].at(-1);
    if (wanted === this.#playing) return;
    this.#playing = wanted;
    if (wanted === undefined) this.#end('over');
    else if (this.#listener) this.#change(this.#listener, wanted);
    else this.#listen(wanted);
  }

  #change(listener: Listener, prompt: Prompt): void {
    listener.play(prompt);
    this.#parts.send({ type: 'voice-changed', voice: this.#number, prompt });
  }

  #listen(prompt: Prompt): void {
    this.#retry?.cancel();
    this.#retry = undefined;
    const { voice, language } = this.#parts;
    const number = ++this.#number;
    this.#isAnswered = false;
    const listener = voice.listen(
      { prompt, language },
      {
        offered: (sdp) =>
          this.#parts.send({
            type: 'voice-offered',
            voice: number,
            prompt: this.#playing ?? prompt,
            sdp,
          }),
        finished: () => this.#said(),
        failed: () => this.#lost(),
      },
    );
    if (typeof listener === 'string') this.#tryAgain();
    else this.#listener = listener;
  }

  #said(): void {
    this.#dropAnnouncements();
    if (this.#prompts.size > 0) return this.#look();
    this.#playing = undefined;
    this.#end('said');
  }

  #lost(): void {
    this.#end('lost');
    this.#tryAgain();
  }

  #end(why: VoiceEnd): void {
    this.#retry?.cancel();
    this.#retry = undefined;
    if (!this.#listener) return;
    this.#listener.close();
    this.#listener = undefined;
    this.#parts.send({ type: 'voice-ended', voice: this.#number, why });
  }

  #tryAgain(): void {
    this.#retry = this.#parts.clock.after(VOICE_RETRY_MS, () => {
      this.#retry = undefined;
      if (this.#playing !== undefined) this.#listen(this.#playing);
    });
  }
}
