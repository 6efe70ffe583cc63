import type { Actor, Call, Invitation, Line } from '@ringline/call';
import type { Attribute, AttributesOf, CallId, InvitationId, UserId } from '@ringline/protocol';
import { compareIds } from '../compare-ids.ts';
import { deviceKey } from '../device-row.ts';
import { NO_ATTRIBUTES, absentDevice, absentLine } from '../rows.ts';
import type { Rows } from '../rows.ts';
import type { Between, KnownLogin, StoredAttributes } from '../rtm.ts';
import type { Device, MessageKey, SentMessage } from '../store.ts';
import type { LoadedRow } from './load-statements.ts';
import { given } from './text.ts';

/** What was read before of a version that does not change. */
export interface Known {
  device(row: LoadedRow): Device;
  call(row: LoadedRow): Call;
}

/** The rows of one load, as `snapshotOf` reads them; each id as it was given, not as a column holds it. */
export class LoadedRows implements Rows {
  readonly #calls = new Map<CallId, Call>();
  readonly #lines = new Map<UserId, Line>();
  readonly #devices = new Map<string, Device>();
  readonly #reachable = new Map<UserId, string[]>();
  readonly #sent = new Map<string, SentMessage>();
  readonly #invitations = new Map<InvitationId, Invitation>();
  readonly #open = new Map<string, number>();
  readonly #logins = new Map<UserId, KnownLogin[]>();
  readonly #attributes = new Map<string, StoredAttributes>();

  constructor(rows: readonly LoadedRow[], known: Known) {
    for (const row of rows) this.#add(row, known);
  }

  call(id: CallId): Call | undefined {
    return this.#calls.get(id);
  }

  line(user: UserId): Line {
    return this.#lines.get(user) ?? absentLine(user);
  }

  device(of: Actor): Device {
    return this.#devices.get(deviceKey(of)) ?? absentDevice(of);
  }

  reachable(user: UserId): readonly Device[] {
    const devices = this.#reachable.get(user) ?? [];
    return devices.toSorted(compareIds).map((device) => this.device({ user, device }));
  }

  sent({ from, key }: MessageKey): SentMessage | undefined {
    return this.#sent.get(pairKey(from, key));
  }

  invitation(id: InvitationId): Invitation | undefined {
    return this.#invitations.get(id);
  }

  countOpen({ caller = '', callee = '' }: Between): number {
    return this.#open.get(pairKey(caller, callee)) ?? 0;
  }

  logins(user: UserId): readonly KnownLogin[] {
    const logins = this.#logins.get(user) ?? [];
    return logins.toSorted((one, other) => compareIds(one.device, other.device));
  }

  attributes(of: AttributesOf): StoredAttributes {
    return this.#attributes.get(pairKey(of.kind, nameOf(of))) ?? NO_ATTRIBUTES;
  }

  #add(row: LoadedRow, known: Known): void {
    const { kind, n } = row;
    const a = given(row.a);
    const b = row.b === null ? '' : given(row.b);
    switch (kind) {
      case 'line':
        this.#lines.set(a, lineOf(a, row));
        break;
      case 'call':
        this.#calls.set(a, known.call(row));
        break;
      case 'device':
        this.#devices.set(deviceKey({ user: a, device: b }), known.device(row));
        break;
      case 'bound':
        push(this.#reachable, a, b);
        break;
      case 'sent':
        this.#sent.set(pairKey(a, b), { id: given(row.c), to: given(row.d), at: n });
        break;
      case 'invitation':
        this.#invitations.set(a, JSON.parse(row.c) as Invitation);
        break;
      case 'by':
        this.#open.set(pairKey(a, ''), n);
        break;
      case 'to':
        this.#open.set(pairKey('', a), n);
        break;
      case 'between':
        this.#open.set(pairKey(a, b), n);
        break;
      case 'login':
        push(this.#logins, a, { user: a, device: b, endsAt: row.n });
        break;
      case 'attributes':
        this.#attributes.set(pairKey(a, b), {
          version: n,
          attributes: JSON.parse(row.c) as Attribute[],
        });
        break;
    }
  }
}

/** Of whom or what attributes are. */
export function nameOf(of: AttributesOf): string {
  return of.kind === 'user' ? of.user : of.channel;
}

function lineOf(user: UserId, { n: version, x, y, list }: LoadedRow): Line {
  return { user, version, calls: list.map(given), isAnnounced: x, takesRecords: y };
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

// The length keeps the two apart, whatever characters they hold.
function pairKey(one: string, other: string): string {
  return `${one.length}:${one}${other}`;
}
