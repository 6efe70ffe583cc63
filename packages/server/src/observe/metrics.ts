import type {
  EndReason,
  InvitationFailure,
  InvitationState,
  RefusalCode,
} from '@ringline/protocol';
import type { PreCallOutcome } from '../pre-call/outcome.ts';

/** How an attempt came out: delivered, to be tried again, or given up. */
export const WEBHOOK_OUTCOMES = ['delivered', 'failed', 'dead'] as const;
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

/** What operators count; labels come from closed lists only. */
export interface Metrics {
  connectionOpened(): void;
  connectionClosed(code: number): void;
  messageReceived(type: string): void;
  messageRefused(code: RefusalCode): void;
  callEnded(reason: EndReason): void;
  /** A bare invitation is over: in which state, or why it failed. */
  invitationEnded(outcome: InvitationState | InvitationFailure): void;
  /** One side's mean opinion score of a call that is over, and whether it went through a TURN server. */
  callRated(mos: number, relayed: boolean | undefined): void;
  /** A question before a call: what came of it, and after how long. */
  preCallAsked(outcome: PreCallOutcome, milliseconds: number): void;
  stepCommitted(milliseconds: number): void;
  raceLost(): void;
  /** Whether this node has its lease. */
  leaseHeld(isHeld: boolean): void;
  faultMet(code: string): void;
  /** An attempt to tell a customer's server of something. */
  webhookAttempted(outcome: WebhookOutcome): void;
  /** How long ago the oldest happened that waits for an endpoint; 0 when none waits. */
  webhooksWait(milliseconds: number): void;
}

/** What operators count of the server's voice. */
export interface VoiceMetrics {
  listenerOpened(): void;
  listenerClosed(): void;
  voiceRestarted(): void;
}

/** What becomes of a delivery between nodes: given to the bus, heard from it, lost before it went out, or not understood. */
export const BUS_OUTCOMES = ['sent', 'heard', 'dropped', 'malformed'] as const;
export type BusOutcome = (typeof BUS_OUTCOMES)[number];

/** What operators count of the bus between nodes. */
export interface BusMetrics {
  busConnected(isConnected: boolean): void;
  busCarried(outcome: BusOutcome): void;
  /** Deliveries of other nodes may have been lost, and devices look again. */
  busGap(): void;
}
