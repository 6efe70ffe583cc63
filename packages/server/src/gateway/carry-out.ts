import type {
  DeviceMessage,
  Heartbeat,
  QueryPresence,
  Refusal,
  RenewIce,
  RenewToken,
  ReportQuality,
  RtmDeviceMessage,
  SeeCalls,
  SendSignal,
  SetCallWaiting,
  Watch,
} from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import { presenceOf } from '../presence/watched-users.ts';
import { askFirst } from './ask-first.ts';
import type { BoundDevice } from './bound-device.ts';
import { catchUpCalls } from './catch-up.ts';
import type { InboxMessage } from './inbox-message.ts';
import { answerInbox, isInboxMessage } from './inbox-message.ts';
import { orderOf, originOf } from './order.ts';
import { reply } from './reply.ts';
import { rtmWait } from './rtm-budget.ts';
import { answerRtm, isRtmMessage } from './rtm-message.ts';
import type { Services } from './services.ts';
import type { CallMessage } from './to-command.ts';
import { isCallMessage } from './to-command.ts';

/** Does what a bound device asks, and answers it. */
export async function carryOut(
  message: DeviceMessage,
  device: BoundDevice,
  services: Services,
): Promise<void> {
  const why = whyNot(message, device, services);
  if (why) return device.connection.refuse('seq' in message ? message.seq : 0, why);
  if (isCallMessage(message)) return command(message, device, services);
  if (isInboxMessage(message)) return answerInbox(message, device, services);
  if (isRtmMessage(message)) return answerRtm(message, device, services);
  return answer(message, device, services);
}

/** What concerns neither a call nor the inbox nor RTM. */
function answer(
  message: Exclude<DeviceMessage, CallMessage | InboxMessage | RtmDeviceMessage>,
  device: BoundDevice,
  services: Services,
): void | Promise<void> {
  switch (message.type) {
    case 'hello':
      return device.connection.refuse(0, HELLO_ONCE);
    case 'signal':
      return signal(message, device, services);
    case 'see-calls':
      return seeCalls(message, device, services);
    case 'report-quality':
      return reportQuality(message, device, services);
    case 'renew-token':
      return renewToken(message, device, services);
    case 'renew-ice':
      return renewIce(message, device, services);
    case 'watch':
      return watch(message, device);
    case 'query-presence':
      return queryPresence(message, device, services);
    case 'set-call-waiting':
      return setCallWaiting(message, device, services);
    case 'answer-voice':
      return device.voice?.answer(message.voice, message.sdp);
    case 'stop-voice':
      return device.voice?.stop(message.voice);
    case 'heartbeat':
      return heartbeat(message, device, services);
  }
}

const HELLO_ONCE: Refusal = refusal('malformed', {
  path: 'type',
  message: 'hello comes once, as the first message.',
});

/** What an expired token still allows: to keep, end and renew what is there. */
const ALLOWED_EXPIRED: ReadonlySet<DeviceMessage['type']> = new Set<DeviceMessage['type']>([
  'end',
  'cancel',
  'connected',
  'hold',
  'resume',
  'swap',
  'answer-video',
  'remove-video',
  'report-quality',
  'declare',
  'signal',
  'answer-voice',
  'stop-voice',
  'heartbeat',
  'renew-token',
  'rtm-cancel',
  'rtm-refuse',
  'rtm-confirm',
  'rtm-got',
  'rtm-ping',
]);

/** What makes others ring, the store write, or it read much, at a user's will. */
const BUDGETED: ReadonlySet<DeviceMessage['type']> = new Set<DeviceMessage['type']>([
  'invite',
  'send',
  'read',
  'declare',
  'hold',
  'resume',
  'swap',
  'set-call-waiting',
  'request-video',
  'answer-video',
  'remove-video',
  'report-quality',
  'see-calls',
  'watch',
  'query-presence',
  'rtm-invite',
  'rtm-accept',
  'rtm-refuse',
  'rtm-cancel',
]);

function whyNot(
  message: DeviceMessage,
  device: BoundDevice,
  { budgets }: Services,
): Refusal | undefined {
  if (device.isExpired() && !ALLOWED_EXPIRED.has(message.type)) return refusal('forbidden');
  const ofUser = BUDGETED.has(message.type) ? budgets.command(device.user) : 0;
  const retryAfterMs = Math.max(ofUser, rtmWait(message, device, budgets));
  if (retryAfterMs > 0) return refusal('rate-limited', { retryAfterMs });
  return asksPresence(message) && !device.policy.presence ? NO_PRESENCE : undefined;
}

/** Whether it asks where others stand; an empty list ends that. */
function asksPresence(message: DeviceMessage): boolean {
  const { type } = message;
  return (type === 'watch' || type === 'query-presence') && message.users.length > 0;
}

const NO_PRESENCE: Refusal = refusal('not-permitted', {
  message: 'This server, or the token, does not permit to see who is there.',
});

async function command(
  message: CallMessage,
  device: BoundDevice,
  services: Services,
): Promise<void> {
  if (message.type !== 'invite') return decide(message, device, services);
  const asked = await askFirst(message, device, services);
  if ('answer' in asked) return reply(device, message.seq, asked.answer);
  return decide(asked.invite, device, services);
}

async function decide(
  message: CallMessage,
  device: BoundDevice,
  services: Services,
): Promise<void> {
  const order = orderOf(message, device, services);
  reply(device, message.seq, await services.calls.execute(order));
}

async function signal(message: SendSignal, device: BoundDevice, services: Services): Promise<void> {
  const why = device.maySignal(message.call)
    ? await services.signals.forward(device.actor, message)
    : refusal('rate-limited', { message: 'Too many signals for one call.' });
  if (why) device.connection.refuse(message.seq, why);
}

async function seeCalls(
  { seq, call }: SeeCalls,
  device: BoundDevice,
  { missed }: Services,
): Promise<void> {
  reply(device, seq, await missed.see(device.actor, originOf(seq, device), call));
}

async function reportQuality(
  { seq, call, summary }: ReportQuality,
  device: BoundDevice,
  { quality }: Services,
): Promise<void> {
  reply(device, seq, await quality.report(device.actor, originOf(seq, device), call, summary));
}

async function renewToken(
  { seq, token }: RenewToken,
  device: BoundDevice,
  { authenticator, waiting }: Services,
): Promise<void> {
  const verdict = await authenticator.verify(token);
  if (verdict.kind !== 'valid' || verdict.identity.peer.user !== device.user) {
    return device.connection.refuse(seq, refusal('unauthorized', { path: 'token' }));
  }
  device.renew(verdict.identity);
  if (device.speaksRtm && !device.policy.rtm) return device.connection.close('notPermitted');
  await waiting.set(device.actor, device.takesSecond);
  device.connection.send({ type: 'done', re: seq, ...device.tokenLife });
  // What an expired token kept back follows.
  return device.catchUpInbox();
}

function renewIce({ seq }: RenewIce, device: BoundDevice, { iceServers }: Services): void {
  device.connection.send({ type: 'ice-renewed', re: seq, ice: iceServers(device.user) });
}

async function watch({ seq, users }: Watch, device: BoundDevice): Promise<void> {
  await device.watch(users);
  device.connection.send({ type: 'done', re: seq });
}

async function queryPresence(
  { seq, users }: QueryPresence,
  device: BoundDevice,
  { store }: Services,
): Promise<void> {
  const found = await store.presence(users);
  device.connection.send({ type: 'presence-found', re: seq, users: found.map(presenceOf) });
}

async function setCallWaiting(
  { seq, on }: SetCallWaiting,
  device: BoundDevice,
  { waiting }: Services,
): Promise<void> {
  device.callWaiting = on;
  reply(device, seq, await waiting.set(device.actor, device.takesSecond, originOf(seq, device)));
}

/** The device names what it has; it is sent what is newer. */
async function heartbeat(
  message: Heartbeat,
  device: BoundDevice,
  services: Services,
): Promise<void> {
  const { connection } = device;
  const round = services.heartbeatRounds.next();
  // Who is followed by a command is in a hurry: the command waits for it.
  const isPatient = round !== undefined && (await connection.unlessFollowed(round));
  if (connection.isClosed()) return;
  const gone = await catchUpCalls(message.calls, device, services, isPatient);
  if (gone === undefined) return;
  const rtm = message.rtm && (await device.missedInvitations(message.rtm));
  rtm?.tell();
  const at = services.clock.now();
  const alive = { type: 'alive', at, gone, ...(rtm && { rtm: { gone: rtm.gone } }) } as const;
  connection.answer(message, alive);
  return device.catchUpInbox();
}
