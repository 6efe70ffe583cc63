/** What the receivers are asked. */
export type ToReceivers =
  | { readonly type: 'offer'; readonly id: number; readonly sdp: string }
  | { readonly type: 'count' };

/** What the receivers tell; instants are epoch milliseconds with their fractions. */
export type FromReceivers =
  | { readonly type: 'answer'; readonly id: number; readonly sdp: string }
  | { readonly type: 'first-packet'; readonly id: number; readonly at: number }
  | { readonly type: 'counted'; readonly packets: number; readonly missing: number };

/** An instant that can be compared between processes of one machine. */
export function instant(): number {
  return performance.timeOrigin + performance.now();
}
