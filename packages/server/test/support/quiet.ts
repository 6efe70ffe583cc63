import type { Metrics } from '../../src/observe/metrics.ts';

/** Counts by name. */
export class CountedMetrics implements Metrics {
  readonly counts = new Map<string, number>();
  connectionOpened(): void {
    this.#count('opened');
  }
  connectionClosed(code: number): void {
    this.#count(`closed ${code}`);
  }
  messageReceived(type: string): void {
    this.#count(`received ${type}`);
  }
  messageRefused(code: string): void {
    this.#count(`refused ${code}`);
  }
  callEnded(reason: string): void {
    this.#count(`ended ${reason}`);
  }
  invitationEnded(outcome: string): void {
    this.#count(`invitation ${outcome}`);
  }
  callRated(mos: number, relayed: boolean | undefined): void {
    this.#count(`rated ${mos} relayed ${relayed}`);
  }
  preCallAsked(outcome: string): void {
    this.#count(`pre-call ${outcome}`);
  }
  stepCommitted(): void {
    this.#count('committed');
  }
  raceLost(): void {
    this.#count('race lost');
  }
  faultMet(code: string): void {
    this.#count(`fault ${code}`);
  }
  webhookAttempted(outcome: string): void {
    this.#count(`webhook ${outcome}`);
  }
  leaseHeld(isHeld: boolean): void {
    this.counts.set('lease held', Number(isHeld));
  }
  webhooksWait(milliseconds: number): void {
    this.counts.set('webhooks wait', milliseconds);
  }
  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }
  #count(name: string): void {
    this.counts.set(name, this.of(name) + 1);
  }
}
