/** What users may do in calls, as far as it is a matter of policy. */
export interface CallPolicy {
  /** Hold a call. */
  readonly hold: boolean;
  /** Ask for a picture in a call that has none. */
  readonly addVideo: boolean;
}

/** Everything. */
export const PERMISSIVE: CallPolicy = { hold: true, addVideo: true };

/** What is permitted by both: the server's policy and a user's own. */
export function narrowed(one: CallPolicy, other: Partial<CallPolicy>): CallPolicy {
  return {
    hold: one.hold && other.hold !== false,
    addVideo: one.addVideo && other.addVideo !== false,
  };
}
