import type { Actor, Call, Ended, Established, Inviting, Line } from '@ringline/call';
import type { CallRecord, InboxBody } from '@ringline/protocol';
import type { Device, NewInboxItem, Step, Store } from '../../src/store/store.ts';

export const alice1: Actor = { user: 'alice', device: 'alice1' };
export const bob1: Actor = { user: 'bob', device: 'bob1' };
export const carol1: Actor = { user: 'carol', device: 'carol1' };

/** When everything here begins. */
export const T0 = 1_800_000_000_000;

let made = 0;

/** A call id never used before. */
export function newCallId(): string {
  made += 1;
  return `call-${String(made).padStart(12, '0')}`;
}

/** A first version: the caller rings, no device of the callee has appeared. */
export function invited(from = alice1, to = 'bob', over: Partial<Inviting> = {}): Inviting {
  made += 1;
  return {
    state: 'inviting',
    id: newCallId(),
    version: 1,
    roomId: Number.MAX_SAFE_INTEGER - made,
    caller: { ...from, name: 'A caller' },
    callee: { user: to },
    invitedMedia: 'audio',
    content: null,
    isHoldable: true,
    isAnnounced: true,
    recordTo: ['caller', 'callee'],
    isRaised: false,
    invitedAt: T0,
    changedAt: T0,
    legs: [],
    expiresAt: T0 + 60_000,
    offlineAt: T0 + 30_000,
    callerLoss: null,
    ...over,
  };
}

/** The next version of an invitation: both devices talk. */
export function established(call: Inviting, device = 'bob1'): Established {
  const { expiresAt: _1, offlineAt: _2, callerLoss: _3, isRaised: _4, ...parties } = call;
  const side = {
    connected: true,
    loss: null,
    lastLostAt: null,
    muted: false,
    cameraOff: false,
    holds: false,
  };
  return {
    ...parties,
    state: 'established',
    version: call.version + 1,
    acceptedAt: T0 + 1_000,
    video: { state: 'off' },
    hadVideo: false,
    videoEnding: null,
    setAside: null,
    resumes: 0,
    resuming: null,
    sides: { caller: { ...side, device: call.caller.device }, callee: { ...side, device } },
    epoch: 0,
    response: null,
    connectedAt: T0 + 2_000,
    connectTimer: null,
  };
}

/** The next version of an invitation: the caller has taken it back. */
export function cancelled(call: Inviting, endedAt = T0 + 5_000): Ended {
  const { expiresAt: _1, offlineAt: _2, callerLoss: _3, ...parties } = call;
  return {
    ...parties,
    state: 'ended',
    version: call.version + 1,
    changedAt: endedAt,
    reason: 'cancelled',
    record: recordOf(call, endedAt),
    answeredBy: null,
    endedBy: alice1,
    response: null,
  };
}

/** The record of a call that its caller has taken back. */
export function recordOf(call: Call, endedAt = T0 + 5_000): CallRecord {
  return {
    call: call.id,
    roomId: call.roomId,
    type: 'audio',
    status: 2,
    reason: 'cancelled',
    caller: call.caller.user,
    callee: call.callee.user,
    durations: [],
    invitedAt: call.invitedAt,
    acceptedAt: null,
    connectedAt: null,
    endedAt,
    endedBy: call.caller.user,
  };
}

/** A step with nothing in it but what is given. */
export function stepOf(parts: Partial<Step> = {}): Step {
  return {
    at: T0,
    cause: { type: 'test' },
    calls: [],
    lines: [],
    expect: [],
    devices: [],
    records: [],
    inbox: [],
    reads: [],
    quality: [],
    seen: [],
    events: [],
    ...parts,
  };
}

/** A user's line at some version. */
export function lineOf(user: string, version: number, calls: readonly string[] = []): Line {
  return { user, version, calls, isAnnounced: true, takesRecords: true };
}

/** An invitation with both lines, as the first step of two users. */
export function invitation(call: Call): Step {
  const users = [call.caller.user, call.callee.user];
  return stepOf({ calls: [call], lines: users.map((user) => lineOf(user, 1, [call.id])) });
}

/** A first version of a device that is reachable at node n1. */
export function bound(of = alice1, over: Partial<Device> = {}): Device {
  return {
    ...of,
    version: 1,
    binding: { incarnation: 'n1', connection: `${of.device}-c1`, boundAt: T0 },
    lostAt: null,
    hasLeft: false,
    resumeHash: 'hash',
    profile: { user: of.user },
    takesSecond: false,
    login: null,
    lastSeq: 0,
    results: [],
    acknowledged: 0,
    ...over,
  };
}

/** The next version of a device, lost. */
export function lost(device: Device, lostAt: number): Device {
  return { ...device, version: device.version + 1, binding: null, lostAt };
}

/** A text from one user to another. */
export function textOf(from: string, to: string, text = 'hello'): NewInboxItem {
  return itemOf(from, to, { kind: 'text', text });
}

/** Anything from one user to another. */
export function itemOf(from: string, to: string, body: InboxBody): NewInboxItem {
  made += 1;
  return { id: `message-${made}`, from, to, at: T0, body };
}

/** Commits a step that must not lose. */
export async function commit(store: Store, parts: Partial<Step>): Promise<void> {
  const committed = await store.commit(stepOf(parts));
  if (!committed.moved) throw new Error('the step has lost a race');
}
