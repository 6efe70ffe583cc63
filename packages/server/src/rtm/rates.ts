/** How often something may be done: so many times at once, and again as time passes. */
export interface Rate {
  readonly times: number;
  /** After this all of them may be done again. */
  readonly perMs: number;
}

/** How often one user may do what RTM has, over all pages: the limits of RTM 1.x. */
export const RTM_RATES = {
  /** Saying something, to users and channels together. */
  say: { times: 180, perMs: 3_000 },
  /** Asking where users stand. */
  query: { times: 10, perMs: 5_000 },
  'set-user': { times: 10, perMs: 5_000 },
  'set-channel': { times: 10, perMs: 5_000 },
  /** Reading attributes, of users and channels together. */
  get: { times: 40, perMs: 5_000 },
  join: { times: 50, perMs: 3_000 },
  /** Joining one and the same channel. */
  'join-same': { times: 2, perMs: 5_000 },
  members: { times: 5, perMs: 2_000 },
  count: { times: 1, perMs: 1_000 },
} as const satisfies Record<string, Rate>;

/** Something that has a rate. */
export type RtmAct = keyof typeof RTM_RATES;
