/** One row of a list that outlives a change of its item. */
export interface Row<Item> {
  readonly element: HTMLElement;
  update(item: Item): void;
}

/** Keeps the rows of a list equal to its items, by key, so that a refresh takes no focus away. */
export class KeyedList<Item> {
  readonly #list: HTMLElement;
  readonly #keyOf: (item: Item) => string;
  readonly #create: (item: Item) => Row<Item>;
  #rows = new Map<string, Row<Item>>();

  constructor(list: HTMLElement, keyOf: (item: Item) => string, create: (item: Item) => Row<Item>) {
    this.#list = list;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  /** Shows these items in this order. */
  show(items: readonly Item[]): void {
    const rows = new Map<string, Row<Item>>();
    for (const item of items) {
      const key = this.#keyOf(item);
      const row = this.#rows.get(key) ?? this.#create(item);
      row.update(item);
      rows.set(key, row);
    }
    for (const [key, row] of this.#rows) if (!rows.has(key)) row.element.remove();
    this.#rows = rows;
    this.#arrange();
  }

  /** Moves only what stands in a wrong place: moving an element takes its focus. */
  #arrange(): void {
    let place = this.#list.firstElementChild;
    for (const { element } of this.#rows.values()) {
      if (element === place) place = place.nextElementSibling;
      else this.#list.insertBefore(element, place);
    }
  }
}
