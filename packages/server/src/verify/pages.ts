/** Read in one go: bounds the memory, whatever the size of the store. */
export const PAGE = 500;

/** Everything that is read page by page, each page after the last item of the one before. */
export async function* pages<Item>(
  read: (last: Item | undefined) => Promise<readonly Item[]>,
): AsyncGenerator<Item> {
  let last: Item | undefined;
  for (;;) {
    const page = await read(last);
    yield* page;
    if (page.length < PAGE) return;
    last = page.at(-1);
  }
}
