import type { UserId } from '@ringline/protocol';
import { checkUser } from '../calls/checks.ts';
import { hasCode } from '../errors.ts';
import type { Requests } from '../signalling/requests.ts';
import { bodyOf } from './checks.ts';
import type { Outgoing, Sent } from './message.ts';

/** Sends a message once, however often it must be said. */
export async function sendMessage(
  requests: Requests,
  to: UserId,
  message: Outgoing,
  key: string,
): Promise<Sent> {
  checkUser(to);
  checkUser(key, 'key');
  const request = { type: 'send', to, body: bodyOf(message), key } as const;
  const ask = () => requests.request(() => request);
  const { id, at } = await ask().catch((error: unknown) => {
    // Perhaps done, but too long ago for the result of its number to be kept: its key tells.
    if (hasCode(error, 'stale')) return ask();
    throw error;
  });
  return { id, at };
}
