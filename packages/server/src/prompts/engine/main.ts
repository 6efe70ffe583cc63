import { SystemClock } from '../../system-clock.ts';
import { SystemRandomness } from '../../system-randomness.ts';
import type { EngineStart, FromEngine, ToEngine } from '../engine-messages.ts';
import { takePort } from './datachannel.ts';
import type { UdpPort } from './datachannel.ts';
import { Engine } from './engine.ts';
import { Metronome } from './metronome.ts';

/** The process that the server starts for its voice: nothing else of the server loads native code. */
let port: UdpPort | undefined;
let engine: Engine | undefined;

process.on('message', (message: ToEngine) => {
  if (message.type === 'start') void start(message);
  else engine?.obey(message);
});
// However the server ended, nobody is left who could ask for anything.
process.on('disconnect', leave);
if (!process.connected) leave();
// A terminal and a service manager signal all of a server's processes; the server ends this one in its turn.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function start({ port: wanted, publicIps, sounds }: EngineStart): Promise<void> {
  port = await takePort(wanted, publicIps);
  if (port === undefined) {
    tell({ type: 'port-taken', port: wanted });
    return;
  }
  const clock = new SystemClock();
  const shared = { clock, metronome: new Metronome(clock), randomness: new SystemRandomness() };
  engine = new Engine({ ...shared, peers: port }, sounds, tell);
  tell({ type: 'ready', port: port.number });
}

function tell(message: FromEngine): void {
  // Once the server is gone there is nobody to tell.
  if (process.connected) process.send?.(message);
}

function leave(): void {
  engine?.closeAll();
  port?.close();
  process.exit(0);
}
