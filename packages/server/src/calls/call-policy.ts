/** What users may do, and what is told of them, as far as it is a matter of policy. */
export interface CallPolicy {
  /** Hold a call. */
  readonly hold: boolean;
  /** Ask for a picture in a call that has none. */
  readonly addVideo: boolean;
  /** Take a second call beside the one that the user is in, or make one. */
  readonly callWaiting: boolean;
  /** Have those who do not reach the user told why by a voice. */
  readonly announcements: boolean;
  /** Have those who wrote to the user told what the user has read. */
  readonly readReceipts: boolean;
  /** Have the records of the user's calls as messages in the inbox. */
  readonly recordMessages: boolean;
  /** List the users that the server has seen. */
  readonly directory: boolean;
  /** See whether others are there, and when they were seen last. */
  readonly presence: boolean;
  /** Speak RTM: invite barely, send messages, be in channels. */
  readonly rtm: boolean;
}

/** Everything. */
export const PERMISSIVE: CallPolicy = {
  hold: true,
  addVideo: true,
  callWaiting: true,
  announcements: true,
  readReceipts: true,
  recordMessages: true,
  directory: true,
  presence: true,
  rtm: true,
};

/** Whether a user may have two calls at once: one of them is held. */
export function takesSecondCall({ callWaiting, hold }: CallPolicy): boolean {
  return callWaiting && hold;
}

/** What is permitted by both: the server's policy and a user's own. */
export function narrowed(one: CallPolicy, other: Partial<CallPolicy>): CallPolicy {
  return {
    hold: one.hold && other.hold !== false,
    addVideo: one.addVideo && other.addVideo !== false,
    callWaiting: one.callWaiting && other.callWaiting !== false,
    announcements: one.announcements && other.announcements !== false,
    readReceipts: one.readReceipts && other.readReceipts !== false,
    recordMessages: one.recordMessages && other.recordMessages !== false,
    directory: one.directory && other.directory !== false,
    presence: one.presence && other.presence !== false,
    rtm: one.rtm && other.rtm !== false,
  };
}
