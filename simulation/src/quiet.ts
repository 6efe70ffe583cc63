import type { Log, Metrics } from '@ringline/server';

/** A log of which only errors matter. */
export class ErrorLog implements Log {
  readonly errors: string[] = [];
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(fields: object, text: string): void {
    const cause = 'err' in fields && fields.err instanceof Error ? fields.err.stack : '';
    this.errors.push(`${text} ${cause ?? ''}`);
  }
}

/** Counts what tells whether a run was hard enough to prove anything. */
export class Counts implements Metrics {
  lostRaces = 0;
  steps = 0;
  readonly endings = new Map<string, number>();
  connectionOpened(): void {}
  connectionClosed(): void {}
  messageReceived(): void {}
  messageRefused(): void {}
  faultMet(): void {}
  stepCommitted(): void {
    this.steps++;
  }
  raceLost(): void {
    this.lostRaces++;
  }
  callEnded(reason: string): void {
    this.endings.set(reason, (this.endings.get(reason) ?? 0) + 1);
  }
}
