import type { Call } from '@ringline/call';
import { isOpen, viewOf, violations } from '@ringline/call';
import type { Store } from '@ringline/server';
import type { FakeMedia, VirtualClock } from '@ringline/testkit';
import type { Cluster } from './cluster.ts';
import { wholeInbox } from './conversation-verdict.ts';
import type { SimulatedDevice } from './device.ts';
import { flawsOfHistory } from './hold-verdict.ts';

/** More than by what the clocks of two nodes differ. */
const CLOCKS_APART_MS = 5_000;

/** What must be true when a run has come to rest; each sentence is something that is not. */
export async function flawsAtRest(
  { store, weather }: Cluster,
  devices: readonly SimulatedDevice[],
  media: FakeMedia,
  now: number,
): Promise<readonly string[]> {
  const users = [...new Set(devices.map((device) => device.user))];
  const { calls: open, lines } = await store.load({ users });
  const ended = await endedCalls(store, users);
  const keepsAll = Object.keys(weather.retention).length === 0;
  // Clocks of nodes are some seconds apart.
  const logsFrom = now - (weather.callRetention.logMs ?? Infinity) + CLOCKS_APART_MS;
  return [
    ...violations([...ended, ...open], lines),
    ...open.filter(isOpen).map((call) => `${call.id} is still ${call.state}`),
    ...lines.filter((line) => line.calls.length > 0).map((line) => `${line.user} is still busy`),
    ...(await Promise.all(users.map((user) => flawsOfInbox(store, user)))).flat(),
    ...(await Promise.all(ended.map((call) => flawsOfLog(store, call, logsFrom)))).flat(),
    ...(await Promise.all(ended.map((call) => flawsOfHistory(store, call)))).flat(),
    ...devices.flatMap((device) => flawsOfDevice(device, ended, now)),
    ...devices.flatMap((device) => flawsOfMessages(device, keepsAll)),
    ...(await Promise.all(devices.map((device) => flawsOfTold(store, device)))).flat(),
    ...media.openMicrophones.map((device) => `the microphone of ${device} is open`),
    ...media.openCameras.map((device) => `the camera of ${device} is on`),
  ];
}

/** Of each call that goes on when everything is calm, both sides show what the other one sends. */
export function flawsOfDeclarations(devices: readonly SimulatedDevice[]): readonly string[] {
  const held = devices.flatMap((device) =>
    (device.client?.calls ?? []).map((call) => ({ device, call })),
  );
  return held.flatMap(({ device, call }) => {
    const other = held.find((each) => each.call.id === call.id && each.device !== device);
    if (call.state !== 'established' || other?.call.state !== 'established') return [];
    const shown = `${call.peerMuted} ${call.peerCameraOn}`;
    const sent = `${other.call.muted} ${other.call.cameraOn}`;
    if (shown === sent) return [];
    return [`${device.name} is shown ${shown}, ${other.device.name} has ${sent} in ${call.id}`];
  });
}

/** Nobody is in a call: no tone sounds, no voice speaks, and no call is announced. */
export function flawsOfVoice(
  devices: readonly SimulatedDevice[],
  listeners: number,
): readonly string[] {
  return [
    ...devices.flatMap(({ name, page, mediaDevice, announced }) => [
      ...(mediaDevice.tones > 0 ? [`${name} plays a tone`] : []),
      ...(page?.client.voice === undefined ? [] : [`${name} hears ${page.client.voice}`]),
      ...[...announced]
        .filter(({ state }) => state === 'announcing')
        .map(({ id }) => `${name} still announces ${id}`),
    ]),
    ...(listeners > 0 ? [`the voice has ${listeners} listeners`] : []),
  ];
}

/** A living page was told its user's inbox to the end. */
async function flawsOfTold(
  store: Store,
  { user, name, page }: SimulatedDevice,
): Promise<readonly string[]> {
  const { head, first, acknowledged } = await store.inboxStanding(user);
  if (!page) return [];
  // One that was told nothing came when all was acknowledged, or removed.
  const told = page.messages.at(-1)?.cursor ?? acknowledged;
  return Math.max(told, first - 1) === head
    ? []
    : [`${name} was told its inbox up to ${told} of ${head}`];
}

/** Every living page knows where each user that it watches stands, and was told so; who came or went a moment ago may not be told yet. */
export async function flawsOfPresence(
  store: Store,
  devices: readonly SimulatedDevice[],
): Promise<readonly string[]> {
  return (await Promise.all(devices.map((device) => flawsOfBeliefs(store, device)))).flat();
}

async function flawsOfBeliefs(
  store: Store,
  { name, page }: SimulatedDevice,
): Promise<readonly string[]> {
  const known = await store.presence(page?.watched ?? []);
  return known.flatMap(({ user, online, seenAt }) => {
    const truth = online ? 'online' : `offline since ${seenAt ?? 'ever'}`;
    const beliefs = [page?.client.presence.of(user), page?.presences.get(user)].map((belief) =>
      belief?.online ? 'online' : `offline since ${belief?.since ?? 'ever'}`,
    );
    return beliefs
      .filter((belief) => belief !== truth)
      .map((belief) => `${name} believes that ${user} is ${belief}; it is ${truth}`);
  });
}

/** The flaws that are there, and still the same after `ms`. */
export async function lasting(
  clock: VirtualClock,
  ms: number,
  look: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const flaws = await clock.untilSettled(look());
  if (flaws.length === 0) return flaws;
  await clock.advanceAsync(ms);
  const later = await clock.untilSettled(look());
  return later.filter((flaw) => flaws.includes(flaw));
}

/** Devices that count as reachable although no page lives. */
export async function ghosts(
  store: Store,
  devices: readonly SimulatedDevice[],
): Promise<readonly string[]> {
  const users = [...new Set(devices.map((device) => device.user))];
  const { devices: bound } = await store.load({ users: [], devicesOf: users });
  return bound.map((row) => `${row.device} counts as reachable, and no page of it lives`);
}

/** The calls of these users that are over, each once. */
async function endedCalls(store: Store, users: readonly string[]): Promise<readonly Call[]> {
  const records = await Promise.all(users.map((user) => store.records({ user, limit: 10_000 })));
  const ids = new Set(records.flat().map(({ record }) => record.call));
  const calls = await Promise.all([...ids].map((id) => store.call(id)));
  return calls.filter((call) => call !== undefined);
}

/** Each call of the user has one record there and one in the list of records, as far as it is kept, and nothing is there twice. */
async function flawsOfInbox(store: Store, user: string): Promise<readonly string[]> {
  const items = await wholeInbox(store, user);
  const { first, head } = await store.inboxStanding(user);
  const ids = items.map((item) => item.id);
  const records = await store.records({ user, limit: 10_000 });
  const listed = records.map(({ record }) => `record:${record.call}`).toSorted();
  const delivered = ids.filter((id) => id.startsWith('record:')).toSorted();
  return [
    ...(new Set(ids).size === ids.length ? [] : [`something is twice in the inbox of ${user}`]),
    ...(items.every((item, i) => item.cursor === i + first) && items.length === head + 1 - first
      ? []
      : [`${user}'s cursors have gaps`]),
    ...(String(listed) === String(delivered) || (first > 1 && delivered.every(isIn(listed)))
      ? []
      : [`${user} has ${listed.length} records and ${delivered.length} in the inbox`]),
  ];
}

function isIn(list: readonly string[]): (text: string) => boolean {
  return (text) => list.includes(text);
}

/** The log has every version once, ends with the call, and its record never changed; of one that ended before `from` the newest row may be all. */
async function flawsOfLog(store: Store, call: Call, from: number): Promise<readonly string[]> {
  const log = await store.log(call.id);
  const flaws: string[] = [];
  const hadItsTime = call.state === 'ended' && call.record.endedAt < from;
  const isShort = hadItsTime && log.length === 1 && log[0]?.version === call.version;
  const isWhole = log.every((row, i) => row.version === i + 1);
  if (!isWhole && !isShort) flaws.push(`the log of ${call.id} has gaps`);
  const ends = log.filter((row) => row.after.state === 'ended');
  if (ends.length !== 1) flaws.push(`${call.id} ended ${ends.length} times`);
  return flaws;
}

/** A living page holds no call that is over, and knows the true reason. */
function flawsOfDevice(
  device: SimulatedDevice,
  ended: readonly Call[],
  now: number,
): readonly string[] {
  const flaws: string[] = [];
  for (const call of device.client?.calls ?? [])
    flaws.push(`${device.name} believes in ${call.id}`);
  for (const call of ended) {
    const held = device.client?.getCall(call.id);
    const view = viewOf(call, { user: device.user, device: device.name }, now);
    if (held && view?.state === 'ended' && held.endReason !== view.reason) {
      flaws.push(`${device.name} says ${held.endReason}, the server ${view.reason} of ${call.id}`);
    }
  }
  return flaws;
}

/** Every page got each message once and in order, without gaps but for what was removed while it was away. */
function flawsOfMessages({ name, pages }: SimulatedDevice, keepsAll: boolean): readonly string[] {
  return pages.flatMap(({ messages }) => {
    const cursors = messages.map((message) => message.cursor);
    const isNext = (cursor: number, i: number) => {
      const before = cursors[i - 1] ?? cursor - 1;
      return keepsAll ? cursor === before + 1 : cursor > before;
    };
    const ids = new Set(messages.map(({ id }) => id));
    if (cursors.every(isNext) && ids.size === messages.length) return [];
    return [`${name} was told messages ${cursors.join(' ')}`];
  });
}
