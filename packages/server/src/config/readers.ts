import { isIP } from 'node:net';

/** What a setting's text means, or what is wrong with it (continues “PORT …”). */
export type Reading<T> = { readonly value: T } | { readonly flaw: string };
export type Reader<T> = (text: string) => Reading<T>;

/** Any text. */
export const anyText: Reader<string> = (text) => ({ value: text });

/** A whole number within bounds, both allowed. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return { value };
    return { flaw: `must be a whole number from ${min} to ${max}, is “${text}”` };
  };
}

/** One word of a closed list. */
export function oneOf<T extends string>(words: readonly T[]): Reader<T> {
  return (text) => {
    const value = words.find((word) => word === text);
    return value ? { value } : { flaw: `must be ${words.join(' or ')}, is “${text}”` };
  };
}

/** A comma-separated list; spaces around items and empty items do not count. */
export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (text) => {
    const readings = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(read);
    const flawed = readings.find((reading) => 'flaw' in reading);
    return flawed ?? { value: readings.flatMap((r) => ('value' in r ? [r.value] : [])) };
  };
}

/** An IPv4 or IPv6 address, without brackets. */
export const ipAddress: Reader<string> = (text) =>
  isIP(text) > 0 ? { value: text } : { flaw: `must be an IP address, has “${text}”` };

/** An origin as browsers send it: scheme and host, the port unless usual, nothing after. */
export const origin: Reader<string> = (text) => {
  if (text === '*')
    return { flaw: 'must name each origin; “*” would let every site call as its visitors' };
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(text) || !URL.canParse(text)) {
    return { flaw: `must be origins such as https://app.example.com, has “${text}”` };
  }
  const { protocol, host, origin } = new URL(text);
  // Schemes of native shells (capacitor://localhost) have the opaque origin “null” in this API.
  const exact = origin === 'null' ? `${protocol}//${host}` : origin;
  return text === exact ? { value: text } : { flaw: `has “${text}”; browsers send “${exact}”` };
};

/** The URL of a PostgreSQL database. What is wrong with it is told without it: it may hold a password. */
export const databaseUrl: Reader<string> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1) {
    return { value: text };
  }
  const usual = 'postgres://user:password@host:5432/database';
  return { flaw: `must be as in ${usual}; what is special in a password is escaped (%40 for @)` };
};
