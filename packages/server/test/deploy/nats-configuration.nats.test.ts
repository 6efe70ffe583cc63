import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NatsServer, findNats } from '@ringline/testkit/nats';
import { afterEach, expect, test } from 'vitest';
import { natsBus } from '../../src/cluster/nats-bus.ts';
import { realParts, started } from '../cluster/closing.ts';
import { MadeSecrets } from './made-secrets.ts';

const CONFIGURATION = fileURLToPath(new URL('../../../../deploy/nats/nats.conf', import.meta.url));

const secrets = new MadeSecrets();
let server: NatsServer | undefined;

afterEach(async () => {
  await server?.kill();
  secrets.remove();
});

test('NATS reads its configuration with the token beside it, and lets in who has that', async () => {
  secrets.make();
  // Beside the file that it includes, as Compose mounts both.
  copyFileSync(CONFIGURATION, secrets.path('nats.conf'));
  // Any port for what is asked about its health: 8222 may be taken here.
  const args = ['--config', secrets.path('nats.conf'), '--http_port', '-1'];
  server = await NatsServer.start({ program: findNats() ?? '', args });
  const settings = { servers: [server.address], tls: false, prefix: 'ringline' };
  const token = new URL(secrets.read('nats-url')).username;
  const buses = [
    await started(natsBus({ ...settings, token }, realParts())),
    await started(natsBus({ ...settings, token: `${token}x` }, realParts())),
    await started(natsBus(settings, realParts())),
  ];
  expect(buses.map(({ isConnected }) => isConnected)).toEqual([true, false, false]);
});
