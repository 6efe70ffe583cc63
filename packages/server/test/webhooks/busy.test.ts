import { expect, test } from 'vitest';
import { VirtualClock } from '@ringline/testkit';
import { OUTBOX_POLL_MS } from '../../src/webhooks/courier.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';

const OLD = 'https://old.example.com/hook';
const NEW = 'https://new.example.com/hook';

test('[WHK18] a node that is never without something to tell learns of an endpoint as soon as an idle one', async () => {
  const clock = new VirtualClock();
  const outbound = new Receiver(clock);
  const webhooks = { outbound, configured: [endpointAt(OLD)], keepMs: 86_400_000 };
  const cluster = new TestCluster({ clock, webhooks });
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  // As another node keeps it.
  await cluster.store.addEndpoint(endpointAt(NEW), 9);
  const body = { kind: 'text', text: 'hello' } as const;
  const everyMs = OUTBOX_POLL_MS / 10;
  for (let sent = 0; sent < 15; sent++) {
    alice.ask({ type: 'send', to: `user${sent}`, body });
    await clock.advanceAsync(everyMs);
  }
  const urls = Map.groupBy(outbound.received, ({ url }) => url);
  expect(urls.get(OLD)).toHaveLength(15);
  expect(urls.get(NEW)?.length).toBeGreaterThanOrEqual(4);
});
