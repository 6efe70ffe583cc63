import type { TokenProvider, UserId } from '@ringline/client';
import { fetchDevToken } from '../dev-token.ts';

/** As whom this tab is signed in: by a name in development mode, or by a token of the application. */
export type Account =
  | { readonly kind: 'name'; readonly user: UserId; readonly name?: string }
  | { readonly kind: 'token'; readonly token: string };

/** What the account is called, where it says so itself. */
export function nameOf(account: Account): string | undefined {
  return account.kind === 'name' ? (account.name ?? account.user) : undefined;
}

const KEY = 'ringline.account';

/** Remembers the account for this tab only: two windows of one browser may be two users. */
export function rememberAccount(account: Account): void {
  sessionStorage.setItem(KEY, JSON.stringify(account));
}

/** Forgets the account. */
export function forgetAccount(): void {
  sessionStorage.removeItem(KEY);
}

/** The account of this tab before it was loaded anew. */
export function rememberedAccount(): Account | undefined {
  const stored = sessionStorage.getItem(KEY);
  return stored === null ? undefined : (JSON.parse(stored) as Account);
}

/** Early enough that no request leaves with a token that expires on its way. */
const RENEW_AFTER_MS = 10 * 60_000;

/** Where the tokens of an account come from; a fresh one is fetched now and then. */
export function tokensOf(account: Account): TokenProvider {
  if (account.kind === 'token') return () => Promise.resolve(account.token);
  const { user, name } = account;
  let fetchedAt = -Infinity;
  let token = Promise.resolve('');
  return () => {
    if (performance.now() - fetchedAt > RENEW_AFTER_MS) {
      fetchedAt = performance.now();
      token = fetchDevToken({ user, ...(name !== undefined && { name }) });
      token.catch(() => (fetchedAt = -Infinity));
    }
    return token;
  };
}
