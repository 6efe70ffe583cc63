import { isDeepStrictEqual } from 'node:util';
import type { Call, Line } from '@ringline/call';
import { isOpen } from '@ringline/call';
import type { UserId } from '@ringline/protocol';
import { deviceKey } from '../store/device-row.ts';
import { RecentRows } from '../store/recent-rows.ts';
import type { Device, Scope, Snapshot, Step } from '../store/store.ts';

/** Calls, twice: what begins comes to its third step within seconds, in which a busy node begins some hundreds. */
const KEPT_CALLS = 1_000;
/** Their users and devices: idle ones, of which a node has many more, are not kept. */
const KEPT_OF_USERS = 2 * KEPT_CALLS;

/**
 * Open calls, lines and devices as this node has last read, committed or heard of them. Others may have changed any of
 * it since: it is good for deciding a step whose commit is guarded by all that it was decided on.
 */
export class ByHeart {
  readonly #calls = new RecentRows<Call>(KEPT_CALLS);
  readonly #lines = new RecentRows<Line>(KEPT_OF_USERS);
  readonly #devices = new RecentRows<Device>(KEPT_OF_USERS);

  /**
   * The scope, if it asks for no more than a call of two users who are in no other, and for who acts, and all of it is
   * known; undefined as well where it is still as it was in `tried`.
   */
  recall(scope: Scope, tried?: Snapshot): Snapshot | undefined {
    if (!isSmall(scope)) return undefined;
    const { call: id, actor: by } = scope;
    const call = id === undefined ? undefined : this.#calls.get(id);
    const actor = by && this.#devices.get(deviceKey(by));
    if ((id !== undefined && !call) || (by && !actor)) return undefined;
    const lines = call
      ? [call.caller, call.callee].map(({ user }) => this.#lineIn(call, user))
      : [];
    if (!lines.every((line) => line !== undefined)) return undefined;
    if (tried && isAsIn(tried, call, actor, lines)) return undefined;
    return { calls: call ? [call] : [], lines, actor, devices: [], sent: undefined };
  }

  /** Nothing of it may be true any more. */
  forget(): void {
    this.#calls.clear();
    this.#lines.clear();
    this.#devices.clear();
  }

  /** What the store has said. */
  read({ calls, lines, actor, devices }: Snapshot): void {
    this.committed({ calls, lines, devices: actor ? [actor, ...devices] : devices });
  }

  /** What is durable. */
  committed({ calls, lines, devices }: Pick<Step, 'calls' | 'lines' | 'devices'>): void {
    for (const call of calls) this.hear(call);
    for (const line of lines) this.#note(this.#lines, line.user, line);
    for (const device of devices) this.#note(this.#devices, deviceKey(device), device);
  }

  /**
   * What any node has committed. Another call in the same version is known where two servers of the database have each
   * taken it from another node: which of them is lost the store knows.
   */
  hear(call: Call): void {
    const known = this.#calls.get(call.id);
    const isTwice = known?.version === call.version && !isDeepStrictEqual(known, call);
    if (isOpen(call) && !isTwice) this.#note(this.#calls, call.id, call);
    else this.#calls.delete(call.id);
  }

  #lineIn({ id }: Call, user: UserId): Line | undefined {
    const line = this.#lines.get(user);
    return line?.calls.length === 1 && line.calls[0] === id ? line : undefined;
  }

  #note<Row extends { readonly version: number }>(
    rows: RecentRows<Row>,
    key: string,
    row: Row,
  ): void {
    if ((rows.get(key)?.version ?? 0) < row.version) rows.set(key, row);
  }
}

function isSmall({ users, call, actor, devicesOf, rtm, sent }: Scope): boolean {
  const isMore =
    users.length > 0 || devicesOf !== undefined || rtm !== undefined || sent !== undefined;
  return !isMore && (call !== undefined || actor !== undefined);
}

function isAsIn(
  tried: Snapshot,
  call: Call | undefined,
  actor: Device | undefined,
  lines: readonly Line[],
): boolean {
  const areLines = lines.every((line, i) => tried.lines[i] === line);
  return tried.calls[0] === call && tried.actor === actor && areLines;
}
