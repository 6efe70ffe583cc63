import type { Timer } from '@ringline/client';
import type { InvitationId, InvitationView } from '@ringline/protocol';
import type { InvitationParts } from './parts.ts';

/** Why nobody can follow an invitation any more on this page. */
export type Loss =
  /** The app has logged out. */
  | 'logged-out'
  /** Another login of the same user took this one's place, or the server turned it away. */
  | 'turned-away'
  /** The server does not keep it any more. */
  | 'forgotten';

/** What both sides have: the views of the server are followed, and the app is told of the end once. */
export abstract class Invitation {
  readonly id: InvitationId;
  protected readonly parts: InvitationParts;
  #version = 0;
  #isOver = false;
  #timer: Timer | undefined;

  constructor(id: InvitationId, parts: InvitationParts) {
    this.id = id;
    this.parts = parts;
  }

  /** Of the newest view; 0 before the first. */
  get version(): number {
    return this.#version;
  }

  /** The app was told of its end, or will be in a moment. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A view of the server; an older one than the newest says nothing. */
  follow(view: InvitationView): void {
    if (view.version <= this.#version) return;
    this.#version = view.version;
    if (!this.#isOver) this.advance(view);
    else if (!isFinal(view)) this.endThere(view);
  }

  /** It was over before this page knew of it: there is nothing to tell. */
  protected wasOver(view: InvitationView): void {
    this.#version = view.version;
    this.#isOver = true;
  }

  /** The view of an invitation that goes on here. */
  protected abstract advance(view: InvitationView): void;

  /** It is over here, and the server holds it open: says so. */
  protected abstract endThere(view: InvitationView): void;

  /** The connection is gone: nobody can say when the other side is told what the app has done, and it is not kept waiting. */
  abstract away(): void;

  /** The connection is back, and what waited for it is said. */
  back(): void {}

  /** Nobody can follow it any more. */
  abstract lose(why: Loss): void;

  /** Ends it here, once; the later of two ends is none. */
  protected end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    tell();
  }

  /** As `end`, for an end that a command of the app brought about: told after the command has returned, in a task of its own. */
  protected endLater(tell: () => void): void {
    this.end(() => void this.parts.clock.after(0, tell));
  }

  /** As `end`; a logout is a command of the app. */
  protected endOn(why: Loss, tell: () => void): void {
    if (why === 'logged-out') this.endLater(tell);
    else this.end(tell);
  }

  /** From now on this is what happens if the server does not say before what has become of it. */
  protected expectWithin(ms: number, late: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.parts.clock.after(ms, late);
  }

  /** Says a command until the server takes it; what it refuses for good, the newest view explains. */
  protected insist(...[build, isWanted]: Parameters<InvitationParts['insist']>): void {
    this.parts.insist(build, isWanted).catch(() => undefined);
  }
}

/** Whether nothing more becomes of it. */
export function isFinal({ state }: InvitationView): boolean {
  return state !== 'sent' && state !== 'received' && state !== 'accepting';
}
