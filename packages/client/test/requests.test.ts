import { KEPT_RESULTS } from '@ringline/protocol';
import type { DeviceRequest } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { Requests } from '../src/signalling/requests.ts';

test('[SAY1] what waits behind as many requests as the server keeps results of is not said once nobody wants it', async () => {
  const requests = new Requests(new VirtualClock());
  const said: DeviceRequest[] = [];
  requests.resume(0, (message) => said.push(message));
  for (let i = 0; i < KEPT_RESULTS; i++) {
    void requests.request(() => ({ type: 'end', call: `call-${i}` }));
  }
  let isWanted = true;
  const outcome = requests.insist(
    () => ({ type: 'rtm-accept', invitation: 'invitation', response: '' }),
    () => isWanted,
  );
  expect(said).toHaveLength(KEPT_RESULTS);
  isWanted = false;
  requests.receive({ type: 'done', re: 1 });
  expect(await outcome).toBe(false);
  expect(said.map(({ type }) => type)).not.toContain('rtm-accept');
});
