/** Versions of the protocol that this code speaks, newest first; hello agrees on one. */
export const PROTOCOL_VERSIONS: readonly number[] = [1];

/** The newest version that both sides speak, or undefined. */
export function agreeVersion(offered: readonly number[]): number | undefined {
  return PROTOCOL_VERSIONS.find((version) => offered.includes(version));
}
