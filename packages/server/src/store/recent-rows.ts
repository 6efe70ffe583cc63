/**
 * Rows as last read or written, so that the hot path parses none. Whoever
 * keeps them knows by their version, or as the only writer, that they are right. Two generations
 * bound them: rows not used while one fills are dropped.
 */
export class RecentRows<Row> {
  readonly #perGeneration: number;
  #young = new Map<string, Row>();
  #old = new Map<string, Row>();

  constructor(perGeneration: number) {
    this.#perGeneration = perGeneration;
  }

  get(key: string): Row | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, row: Row): void {
    if (this.#young.size >= this.#perGeneration && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, row);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
