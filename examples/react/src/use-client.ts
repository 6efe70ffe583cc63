import { RinglineClient, tabDeviceId } from '@ringline/client';
import { useEffect, useState } from 'react';
import { fetchToken } from './fetch-token.ts';

/** The connection of a user; it ends with the component, or when the user is another one. */
export function useClient(user: string): RinglineClient | undefined {
  const [client, setClient] = useState<RinglineClient>();
  useEffect(() => {
    const end = new AbortController();
    void open(user).then((opened) => {
      // StrictMode runs every effect twice: the first one is over before it has opened anything.
      if (end.signal.aborted) return;
      end.signal.addEventListener('abort', () => opened.disconnect());
      setClient(opened);
      // Why not is shown by the phone, with a button to try again.
      opened.connect().catch(() => {});
    });
    return () => {
      end.abort();
      setClient(undefined);
    };
  }, [user]);
  return client;
}

async function open(user: string): Promise<RinglineClient> {
  return new RinglineClient({
    url: location.origin,
    deviceId: await tabDeviceId(),
    tokenProvider: () => fetchToken(user),
    callWaiting: true,
  });
}
