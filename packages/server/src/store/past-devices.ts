/** Some of very many devices that are gone, in the order in which they were lost. */
export interface LostPortion {
  /** None that was lost before this moment is looked at; epoch milliseconds. */
  readonly from: number;
  readonly limit: number;
}

/** What became of a portion. */
export interface LostDone {
  readonly count: number;
  /** When the first of those was lost that are left from there on; null when none is. */
  readonly nextFrom: number | null;
}

/** Forgetting devices that are gone for long; a part of the store. Each portion is one transaction. */
export interface PastDeviceStore {
  /**
   * Forgets devices that were lost before an instant and are not back, those lost first and no more than the limit: each
   * with the results of its commands, its cursor and its resume key. Not those whose user is in an open call, nor those
   * whose login nobody has ended yet.
   */
  forgetDevices(before: number, portion: LostPortion): Promise<LostDone>;
}
