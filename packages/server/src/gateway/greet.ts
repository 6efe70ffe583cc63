import type { CloseName, Hello, Refusal, RefusalCode, Welcome } from '@ringline/protocol';
import { agreeVersion, refusal } from '@ringline/protocol';
import { narrowed } from '../calls/call-policy.ts';
import { startOfInbox } from '../inbox/start-of-inbox.ts';
import { SILENT_VOICE } from '../prompts/voice.ts';
import type { Arrival, Bound } from '../registrar/registrar.ts';
import { BoundDevice } from './bound-device.ts';
import type { DeviceSocket } from './device-socket.ts';
import { missed } from './missed.ts';
import type { Services } from './services.ts';

/** Hello: who is it, bind it, tell it what it missed. Returns the device, or why the socket must close. */
export async function greet(
  hello: Hello,
  connection: DeviceSocket,
  services: Services,
): Promise<BoundDevice | CloseName> {
  const version = agreeVersion(hello.versions);
  if (version === undefined) return 'unsupportedVersion';
  const verdict = await services.authenticator.verify(hello.token);
  if (verdict.kind === 'forged') return 'unauthorized';
  const expired = verdict.kind === 'expired';
  if (services.budgets.hello(verdict.identity.peer.user, expired) > 0) return 'rateLimited';
  const permitted = narrowed(services.policy, verdict.identity.policy);
  if (hello.rtm && !permitted.rtm) return 'notPermitted';
  const device = new BoundDevice(connection, services, verdict.identity, hello);
  // It listens before it is bound, so that nothing committed from then on passes it by.
  const listening = services.devices.add(device);
  try {
    const refused = await enter({ hello, version, device, expired, listening }, services);
    if (!refused) return device;
    device.leave(services.clock.now());
    return refused;
  } catch (error) {
    // What the store did with the binding is not known: let go, it is free in any case.
    device.leave(services.clock.now());
    throw error;
  }
}

interface Entrance {
  readonly hello: Hello;
  readonly version: number;
  readonly device: BoundDevice;
  readonly expired: boolean;
  /** Resolves once nothing passes it by. */
  readonly listening: Promise<void>;
}

/** Binds the device and tells it what it missed, or says why not. */
async function enter(entrance: Entrance, services: Services): Promise<CloseName | undefined> {
  const { hello, device, expired } = entrance;
  const bound = await bind(services, {
    by: device.actor,
    connection: device.connection.name,
    profile: device.identity.peer,
    resumeKey: hello.resumeKey,
    expired,
    holds: hello.calls.map((call) => call.id),
    takesSecond: device.takesSecond,
    isAnnounced: device.policy.announcements,
    takesRecords: device.policy.recordMessages,
    speaksRtm: device.speaksRtm,
    isBeside: hello.rtm?.beside ?? false,
    hasGone: () => device.connection.isClosed(),
  });
  if ('code' in bound) return CLOSE_FOR[bound.code] ?? 'internal';
  // What other nodes commit is read from here on, or heard: there is no moment between the two.
  await entrance.listening;
  // It gave up, and asks again: while the store is slow, what nobody waits for would make it slower.
  if (device.connection.isClosed()) return 'leaving';
  const { news, known, gone, open } = await missed(hello.calls, device.actor, services);
  // An expired token resumes what is open, and nothing else.
  if (expired && open.length === 0) return 'unauthorized';
  const inbox = await startOfInbox(services.store, device.user, hello, bound);
  const rtm = await enterRtm(entrance, bound, services);
  if (rtm === 'replaced') return rtm;
  device.connection.send(welcome(entrance, bound, services, { inbox, gone, ...rtm?.welcome }));
  // A page knows its accepted invitations before the calls that they were raised to.
  rtm?.tell();
  for (const call of known) device.recall(call);
  for (const call of news) device.tell(call);
  device.begin(inbox, bound.version);
  await device.catchUpInbox();
  return undefined;
}

/** A login that is over is ended before another of the device begins, so that nothing of it goes on; throws StoreFault when the store is away. */
async function bind({ registrar, rtm }: Services, arrival: Arrival): Promise<Bound | Refusal> {
  const bound = await registrar.bind(arrival);
  if (bound !== 'login-over') return bound;
  const answer = await rtm.logins.end(arrival.by);
  if (answer.kind === 'refused') return answer.refusal;
  const again = await registrar.bind(arrival);
  return again === 'login-over' ? refusal('internal') : again;
}

interface RtmEntrance {
  readonly welcome: Pick<Welcome, 'rtm'>;
  /** Sends the views that the page misses; what is said in its channels follows. */
  readonly tell: () => void;
}

/** What a page that speaks RTM is told with its welcome; before, its login takes the place of others. */
async function enterRtm(
  { hello, device }: Entrance,
  { boundAt, channels, lostAt, resumesLogin: resumed }: Bound,
  { clock, rtm }: Services,
): Promise<RtmEntrance | 'replaced' | undefined> {
  if (!hello.rtm) return undefined;
  if (!hello.rtm.beside) {
    const connection = device.connection.name;
    const stays = await rtm.logins.beSole(device.actor, { boundAt, connection }, clock.now());
    if (!stays) return 'replaced';
  }
  const { gone, tell: tellMissed } = await device.missedInvitations(hello.rtm);
  const tell = () => {
    tellMissed();
    for (const channel of channels) void device.rtm?.enter(channel, lostAt);
  };
  return { welcome: { rtm: { gone, resumed } }, tell };
}

const CLOSE_FOR: Partial<Record<RefusalCode, CloseName>> = {
  unauthorized: 'unauthorized',
  'too-many-devices': 'tooManyDevices',
  stale: 'replaced',
};

function welcome(
  { version, device, expired }: Entrance,
  bound: Bound,
  { clock, iceServers, speech }: Services,
  { inbox, gone, rtm }: Pick<Welcome, 'inbox' | 'gone' | 'rtm'>,
): Welcome {
  return {
    type: 'welcome',
    at: clock.now(),
    version,
    user: device.user,
    device: device.device,
    resumeKey: bound.resumeKey,
    lastSeq: bound.lastSeq,
    inbox,
    gone,
    ...device.tokenLife,
    ...(!expired && { ice: iceServers(device.user) }),
    ...voiceOf(speech),
    ...(rtm && { rtm }),
  };
}

/** What this server lets devices hear of itself. */
function voiceOf({ voice, hasRingback }: Services['speech']): Pick<Welcome, 'voice' | 'ringback'> {
  if (voice === SILENT_VOICE) return {};
  return { voice: true, ...(hasRingback && { ringback: true }) };
}
