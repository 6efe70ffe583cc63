/** Whether this process serves now; asked by load balancers and before each new connection. */
export interface Readiness {
  /** Why it does not, in words for the operator; undefined when it does. */
  whyNot(): string | undefined;
}

/** A readiness that its owner sets; it begins with `starting`. */
export class ReadinessFlag implements Readiness {
  #whyNot: Readiness['whyNot'] = () => 'starting';

  whyNot(): string | undefined {
    return this.#whyNot();
  }

  /** From now on, unless this gives a reason at the moment. */
  ready(unless: Readiness['whyNot'] = () => undefined): void {
    this.#whyNot = unless;
  }

  notReady(reason: string): void {
    this.#whyNot = () => reason;
  }
}
