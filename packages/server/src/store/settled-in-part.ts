import { StoreFault } from './store.ts';

/** Of deliveries that were to be settled together some could not be, for what is its cause; the others are. */
export class SettledInPart extends StoreFault {
  /** By number, as of all that are settled together. */
  readonly counted: ReadonlySet<number>;
  /** By number: what came of these is not noted. */
  readonly left: ReadonlySet<number>;

  constructor(counted: Iterable<number>, left: Iterable<number>, cause: unknown) {
    super('some deliveries could not be settled; the others are', cause);
    this.name = 'SettledInPart';
    this.counted = new Set(counted);
    this.left = new Set(left);
  }
}
