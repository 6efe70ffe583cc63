import type { CloseName, Hello, RefusalCode } from '@ringline/protocol';
import { agreeVersion } from '@ringline/protocol';
import type { Bound } from '../registrar/registrar.ts';
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
  if (services.budgets.hello(verdict.identity.peer.user) > 0) return 'rateLimited';
  const device = new BoundDevice(connection, services, verdict.identity, hello.device);
  const bound = await bind(hello, device, verdict.kind === 'expired', services);
  if (typeof bound === 'string') return bound;
  try {
    await welcome(hello, version, device, services, bound);
  } catch (error) {
    device.leave(services.clock.now());
    throw error;
  }
  return device;
}

async function bind(
  hello: Hello,
  device: BoundDevice,
  expired: boolean,
  { devices, registrar }: Services,
): Promise<Bound | CloseName> {
  // It listens before it is bound, so that nothing committed from then on passes it by.
  devices.add(device);
  try {
    const bound = await registrar.bind({
      by: device.actor,
      connection: device.connection.name,
      profile: device.identity.peer,
      resumeKey: hello.resumeKey,
      expired,
      holds: hello.calls.map((call) => call.id),
    });
    if (!('code' in bound)) return bound;
    devices.remove(device);
    return CLOSE_FOR[bound.code] ?? 'internal';
  } catch (error) {
    devices.remove(device);
    throw error;
  }
}

const CLOSE_FOR: Partial<Record<RefusalCode, CloseName>> = {
  unauthorized: 'unauthorized',
  'too-many-devices': 'tooManyDevices',
};

async function welcome(
  hello: Hello,
  version: number,
  device: BoundDevice,
  services: Services,
  bound: Bound,
): Promise<void> {
  const { user, device: name } = device.actor;
  const head = await services.store.inboxHead(user);
  const from = Math.min(head, hello.cursor ?? (await whereItStood(user, bound, services)));
  const { views, gone } = await missed(hello.calls, device.actor, services);
  const { expiresAt } = device.identity;
  device.connection.send({
    type: 'welcome',
    at: services.clock.now(),
    version,
    user,
    device: name,
    resumeKey: bound.resumeKey,
    lastSeq: bound.lastSeq,
    inbox: { head, from },
    gone,
    ...(expiresAt !== null && { tokenExpiresMs: Math.max(0, expiresAt - services.clock.now()) }),
  });
  for (const view of views) device.tell(view);
  device.begin(from);
  await device.catchUpInbox();
}

/** A device continues where it last acknowledged; a new one begins with what none of the user's devices has had. */
async function whereItStood(user: string, bound: Bound, { store }: Services): Promise<number> {
  return bound.isNew ? store.inboxAcknowledged(user) : bound.acknowledged;
}
