/** How many checks or tests passed and how many failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}
