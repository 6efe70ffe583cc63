import type { Call, Media, Peer } from '@ringline/client';

/*
 *  idle ──place──▶ starting ──taken──▶ call ──dismiss, after its end──▶ idle
 *   │                 └──refused──▶ failed ──dismiss──▶ idle             ▲
 *   └──accepted, restored, or over without an answer──▶ call ────────────┘
 */

/** What the call area is about, beside the calls that ring here. */
export type Stage =
  | { readonly kind: 'idle' }
  /** Devices are opened and the server is asked. */
  | { readonly kind: 'starting'; readonly peer: Peer; readonly media: Media }
  /** The call did not begin. */
  | { readonly kind: 'failed'; readonly peer: Peer; readonly media: Media; readonly error: unknown }
  /** A call, until it is dismissed after its end. */
  | { readonly kind: 'call'; readonly call: Call };

/** A stage that somebody is on. */
export type Shown = Exclude<Stage, { readonly kind: 'idle' }>;

/** Nothing to show. */
export const IDLE: Stage = { kind: 'idle' };

/** Whether a call is being made, or is on. */
export function isOpen(stage: Stage): boolean {
  return isCalling(stage) || isOn(stage);
}

/** Whether this user calls, and nobody has answered yet. */
export function isCalling(stage: Stage): boolean {
  if (stage.kind !== 'call') return stage.kind === 'starting';
  return stage.call.state === 'inviting' || stage.call.state === 'ringing';
}

/** Whether two people are in this call, held or not. */
export function isOn(stage: Stage): boolean {
  return stage.kind === 'call' && stage.call.state === 'established';
}

/** Whether this user talks in this call: it is on, and this side does not hold it. */
export function isLive(stage: Stage): stage is Extract<Stage, { readonly kind: 'call' }> {
  return stage.kind === 'call' && isOn(stage) && !stage.call.localHold;
}

/** With whom it is. */
export function peerOf(stage: Shown): Peer {
  return stage.kind === 'call' ? stage.call.peer : stage.peer;
}

/** How much this claims the large place of the call area: whom one calls, before whom one talks to, before who is held. */
function claimOf(stage: Shown): number {
  switch (stage.kind) {
    case 'starting':
      return 4;
    case 'call':
      return claimOfCall(stage.call);
    case 'failed':
      return 1;
  }
}

function claimOfCall({ state, localHold }: Call): number {
  switch (state) {
    case 'inviting':
    case 'ringing':
      return 4;
    case 'established':
      return localHold ? 2 : 3;
    case 'announcing':
      return 2;
    case 'ended':
      return 1;
  }
}

/** What is to be shown of these, the large one first; of equal claims the one that was before stays it. */
export function arranged(all: readonly Shown[]): readonly Shown[] {
  const sorted = all.toSorted((a, b) => claimOf(b) - claimOf(a));
  const open = sorted.filter(isOpen);
  const [over] = sorted.filter((stage) => !isOpen(stage));
  // What is over is told once, and where there is room.
  if (over === undefined || open.length > 1) return open;
  return sorted.filter((stage) => isOpen(stage) || stage === over);
}
