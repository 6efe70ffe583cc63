import { once } from 'node:events';
import type { DeviceMessage, ServerMessage } from '@ringline/protocol';
import { encode } from '@ringline/protocol';
import { WebSocket } from 'ws';
import type { Running } from '../../src/cli/world.ts';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Store } from '../../src/store/store.ts';
import { MemoryLog } from '../observe/memory-log.ts';

/** A server as the settings say, on a free port, over a store that it may share. */
export async function composedWith(
  env: Record<string, string>,
  store: Store,
  log = new MemoryLog(),
) {
  const settings = { flags: { port: '0' }, env: { VOICE: 'off', ...env }, readFile: () => '' };
  const loaded = loadConfig(settings);
  if (!loaded.ok) throw new Error(loaded.problems.join());
  return compose(loaded.config, { store, log });
}

/** A device of the user, welcomed. */
async function deviceOf(user: string, { url }: Running) {
  const minted = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  const { token } = (await minted.json()) as { token: string };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/connect`);
  const heard: ServerMessage[] = [];
  let news = () => {};
  socket.on('message', (data: Buffer) => {
    heard.push(JSON.parse(data.toString()) as ServerMessage);
    news();
  });
  await once(socket, 'open');
  const say = (message: DeviceMessage) => socket.send(encode(message));
  const until = async (isThere: (message: ServerMessage) => boolean) => {
    while (!heard.some(isThere)) await new Promise<void>((resolve) => (news = resolve));
  };
  say({ type: 'hello', versions: [1], token, device: `${user}1`, calls: [] });
  await until(({ type }) => type === 'welcome');
  return { say, until, close: () => socket.terminate() };
}

/** Alice, on one server, calls Bob, on another, who refuses; resolves when each has heard of the other over the bus. */
export async function callAcross(one: Running, other: Running): Promise<void> {
  const [alice, bob] = [await deviceOf('alice', one), await deviceOf('bob', other)];
  const call = 'call-0000000000000001';
  const isIn = (state: string) => (message: ServerMessage) =>
    message.type === 'call' && message.call.state === state;
  alice.say({ type: 'invite', seq: 1, call, to: 'bob', media: 'audio' });
  await bob.until(isIn('inviting'));
  bob.say({ type: 'refuse', seq: 1, call, everywhere: true });
  await alice.until(isIn('ended'));
  alice.close();
  bob.close();
}
