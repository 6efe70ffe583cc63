import { RinglineClient, tabDeviceId } from '@ringline/client';
import { onScopeDispose, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import { fetchToken } from './fetch-token.ts';

/** The connection of a user; it ends with the component. */
export function useClient(user: string): Readonly<ShallowRef<RinglineClient | undefined>> {
  // Shallow: Vue must not wrap the client, whose private fields a proxy does not have.
  const client = shallowRef<RinglineClient>();
  let isOver = false;
  onScopeDispose(() => {
    isOver = true;
    client.value?.disconnect();
  });
  void open(user).then((opened) => {
    if (isOver) return;
    client.value = opened;
    // Why not is shown by the phone, with a button to try again.
    opened.connect().catch(() => {});
  });
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
