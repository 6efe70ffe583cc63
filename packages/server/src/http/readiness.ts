/** Whether this process serves now; asked by load balancers and before each new connection. */
export interface Readiness {
  /** Why it does not, in words for the operator; undefined when it does. */
  whyNot(): string | undefined;
}

/** A readiness that its owner sets; it begins with `starting`. */
export class ReadinessFlag implements Readiness {
  #reason: string | undefined = 'starting';

  whyNot(): string | undefined {
    return this.#reason;
  }

  ready(): void {
    this.#reason = undefined;
  }

  notReady(reason: string): void {
    this.#reason = reason;
  }
}
