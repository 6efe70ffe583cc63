import type { OutboxPortion, PortionDone } from '../store/outbox.ts';

/**
 * Rows of the outbox that one transaction looks at when there may be very many: a few milliseconds,
 * in which nothing else is done; calls come between it and the next. Fewer would be more writes to
 * the disk for as many rows.
 */
export const OUTBOX_PORTION = 200;

/** Does the work portion by portion, as long as it goes on; how much was done. */
export async function inPortions(
  work: (portion: OutboxPortion) => Promise<PortionDone>,
  goesOn: () => boolean = () => true,
): Promise<number> {
  let total = 0;
  let portion: OutboxPortion | undefined = { limit: OUTBOX_PORTION };
  while (portion) {
    const { count, done }: PortionDone = await work(portion);
    total += count;
    portion = done && goesOn() ? { after: done, limit: OUTBOX_PORTION } : undefined;
  }
  return total;
}
