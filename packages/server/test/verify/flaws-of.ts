import type { AuditStore } from '../../src/store/audit.ts';
import { verify } from '../../src/verify/verify.ts';

/** What verify says of a store. */
export async function flawsOf(store: AuditStore): Promise<readonly string[]> {
  const flaws: string[] = [];
  await verify(store, (flaw) => flaws.push(flaw));
  return flaws;
}
