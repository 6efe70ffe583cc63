const UINT32 = 2 ** 32;

/**
 * Random numbers that repeat from their seed: xoshiro128** 1.1 (Blackman and Vigna, 2018), its state
 * filled from the seed by FNV-1a and SplitMix32. It fits the `Randomness` ports; it keeps no secrets.
 */
export class SeededRandomness {
  readonly seed: string;
  readonly #state: Uint32Array;

  constructor(seed: string | number) {
    this.seed = String(seed);
    this.#state = stateFrom(this.seed);
  }

  /** Another generator of the same seed, of its own for each name: drawing here leaves it as it is. */
  fork(name: string): SeededRandomness {
    return new SeededRandomness(`${this.seed}/${name}`);
  }

  /** So many bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i++) bytes[i] = this.#uint32() >>> 24;
    return bytes;
  }

  /** At least 0, less than 1, of 53 bits. */
  number(): number {
    const high = this.#uint32() >>> 5;
    const low = this.#uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    const count = max - min + 1;
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new RangeError(`no whole numbers from ${min} to ${max}`);
    }
    return min + Math.floor(this.number() * count);
  }

  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.number() < probability;
  }

  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.integer(0, items.length - 1)] as Item;
  }

  /** The items in another order (Fisher and Yates); the given array stays as it is. */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j] as Item, shuffled[i] as Item];
    }
    return shuffled;
  }

  #uint32(): number {
    return nextOf(this.#state);
  }
}

/** One step of xoshiro128** on a state of four words, not all zero. */
export function nextOf(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state;
  const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
  const mixed = c ^ a;
  const last = d ^ b;
  state[0] = a ^ last;
  state[1] = b ^ mixed;
  state[2] = mixed ^ (b << 9);
  state[3] = rotate(last, 11);
  return result;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function stateFrom(seed: string): Uint32Array {
  const state = new Uint32Array(4);
  let word = fnv1a(seed);
  for (let i = 0; i < 4; i++) {
    word = (word + 0x9e3779b9) % UINT32;
    state[i] = splitMix(word);
  }
  return state;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function splitMix(word: number): number {
  let z = word;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
