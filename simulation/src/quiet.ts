import type { Log, Metrics } from '@ringline/server';
import { StoreFault } from '@ringline/server';

/** A log of which only errors matter, and of these not the faults that the simulation makes. */
export class ErrorLog implements Log {
  readonly errors: string[] = [];
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(fields: object, text: string): void {
    if ('err' in fields && fields.err instanceof StoreFault) return;
    const cause = 'err' in fields && fields.err instanceof Error ? fields.err.stack : '';
    this.errors.push(`${text} ${cause ?? ''}`);
  }
}

/** Counts what tells whether a run was hard enough to prove anything. */
export class Counts implements Metrics {
  lostRaces = 0;
  faults = 0;
  steps = 0;
  readonly endings = new Map<string, number>();
  /** Bare invitations, by what became of them. */
  readonly invitations = new Map<string, number>();
  connectionOpened(): void {}
  connectionClosed(): void {}
  messageReceived(): void {}
  messageRefused(): void {}
  callRated(): void {}
  preCallAsked(): void {}
  stepCommitted(): void {
    this.steps++;
  }
  faultMet(): void {
    this.faults++;
  }
  webhookAttempted(): void {}
  webhooksWait(): void {}
  leaseHeld(): void {}
  raceLost(): void {
    this.lostRaces++;
  }
  callEnded(reason: string): void {
    this.endings.set(reason, (this.endings.get(reason) ?? 0) + 1);
  }
  invitationEnded(outcome: string): void {
    this.invitations.set(outcome, (this.invitations.get(outcome) ?? 0) + 1);
  }
}
