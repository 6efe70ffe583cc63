import type { EndReason, RefusalCode } from '@ringline/protocol';

/** What operators count; labels come from closed lists only. */
export interface Metrics {
  connectionOpened(): void;
  connectionClosed(code: number): void;
  messageReceived(type: string): void;
  messageRefused(code: RefusalCode): void;
  callEnded(reason: EndReason): void;
  stepCommitted(milliseconds: number): void;
  raceLost(): void;
  faultMet(code: string): void;
}
