import type { CallRecord, InboxItem, MemberQuality } from '@ringline/protocol';

/** A connection that is kept may be closed by a server just as a busy test uses it again. */
const FRESH = { connection: 'close' };

/** The REST side of a server, as tests ask it. */
export class Rest {
  readonly #url: string;
  readonly #addresses: readonly string[];

  /** The server's address, and those of its processes if they are several. */
  constructor(url: string, addresses: readonly string[] = [url]) {
    this.#url = url;
    this.#addresses = addresses;
  }

  /** A token for a user; the server is in development mode. */
  async token(user: string): Promise<string> {
    const response = await fetch(`${this.#url}/dev/token`, {
      method: 'POST',
      headers: { ...FRESH, 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    });
    const { token } = (await response.json()) as { token: string };
    return token;
  }

  /** What one of the server's metrics without labels says at this moment, the sum of its processes. */
  async metric(name: string): Promise<number | undefined> {
    const values = await Promise.all(this.#addresses.map((address) => metricAt(address, name)));
    return values.reduce<number | undefined>(
      (sum, value) => (value === undefined ? sum : (sum ?? 0) + value),
      undefined,
    );
  }

  /** The records in a user's inbox, in the order of delivery. */
  async inboxRecords(user: string): Promise<CallRecord[]> {
    const items = await this.#items<InboxItem>('/v1/inbox?limit=100', user);
    return items.flatMap(({ body }) => (body.kind === 'record' ? [body.record] : []));
  }

  /** The records of a user's calls, newest first, without what each side said of their quality. */
  async records(user: string): Promise<CallRecord[]> {
    const listed = await this.#items<CallRecord & { quality: unknown }>(
      '/v1/records?limit=100',
      user,
    );
    return listed.map(({ quality: _quality, ...record }) => record);
  }

  /** What each side said of the quality of a user's newest call, by user. */
  async quality(user: string): Promise<readonly MemberQuality[]> {
    const [newest] = await this.#items<{ readonly quality: readonly MemberQuality[] }>(
      '/v1/records?limit=1',
      user,
    );
    return newest?.quality ?? [];
  }

  async #items<Item>(path: string, user: string): Promise<Item[]> {
    const headers = { ...FRESH, authorization: `Bearer ${await this.token(user)}` };
    const response = await fetch(this.#url + path, { headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const { items } = (await response.json()) as { items: Item[] };
    return items;
  }
}

async function metricAt(address: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${address}/metrics`, { headers: FRESH })).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}
