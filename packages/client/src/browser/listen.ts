/** Hears all of these events on their way to whatever is concerned; returns how to stop. Nothing is heard without a target. */
export function listen(
  target: Partial<EventTarget> | undefined,
  types: readonly string[],
  run: () => void,
): () => void {
  for (const type of types) target?.addEventListener?.(type, run, true);
  return () => {
    for (const type of types) target?.removeEventListener?.(type, run, true);
  };
}
