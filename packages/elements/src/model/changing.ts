/** Something that changes and tells those who watch it. */
export class Changing {
  readonly #watchers = new Set<() => void>();

  /** Runs after every change, until the returned function is called. */
  watch(changed: () => void): () => void {
    // A function of its own, so that one who watches twice can stop once.
    const watcher = () => changed();
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Tells everybody that something is different now. */
  protected changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
