import { parseArgs } from 'node:util';
import { NatsServer, findNats } from '@ringline/testkit/nats';
import { PostgresServer, findPostgres } from '@ringline/testkit/postgres';
import { profile } from '../profile.ts';
import { measureBeside } from './beside.ts';
import { clusterFiguresOf, clusterTable } from './figures.ts';
import { heartbeatTable } from './heartbeats.ts';
import { keep } from './kept.ts';
import { FULL, QUICK, measureCluster } from './measure.ts';
import { subjectBytes } from './subjects.ts';

const HELP = `npm run bench:cluster -- [--quick | --profile | --heartbeats] [--keep WORDS]

Compares a bare WebSocket relay, the server with SQLite, and one and two nodes with PostgreSQL, over its NOTIFY and
over NATS. With two nodes every call crosses from one to the other. PostgreSQL writes with fsync.
  --quick       less of everything, about a minute; figures are rougher
  --profile     no comparison: which part of one node over NATS takes which share of its time
  --heartbeats  no comparison: what a heartbeat costs at different rates, and how soon it is answered
  --keep        measures also what nodes do beside calls (logins, heartbeats, watching, webhooks), and keeps the
                run, and in a few words what else the machine did, for docs/performance.md and docs/scaling.md;
                npm run bench:scaling -- --write then writes it there`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    heartbeats: { type: 'boolean', default: false },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const say = (what: string) => console.error(`… ${what}`);

async function profileNode(programs: string, program: string): Promise<string> {
  const database = await PostgresServer.start({ programs, isDurable: true });
  const bus = await NatsServer.start({ program });
  try {
    const settings = { DATABASE_URL: database.url, NATS_URL: `nats://${bus.address}` };
    return await profile(FULL, say, settings);
  } finally {
    await bus.kill();
    await database.remove();
  }
}

const postgres = findPostgres();
const nats = findNats();

if (values.help) console.log(HELP);
else if (process.platform !== 'linux') {
  console.error(
    'NOT MEASURED: clusters. Other systems than Linux do not tell what a process uses.',
  );
} else if (!postgres || !nats) {
  const missing = postgres
    ? 'nats-server: install it, or name it in NATS_SERVER_PATH'
    : 'PostgreSQL: install it, or name its folder of programs in POSTGRES_BIN';
  console.error(`NOT MEASURED: clusters. This machine has no ${missing}.`);
} else if (values.profile) console.log(await profileNode(postgres, nats));
else if (values.heartbeats) console.log(await heartbeatTable({ postgres, nats }, say));
else {
  const plan = values.quick ? QUICK : FULL;
  const findings = await measureCluster(plan, { postgres, nats }, say);
  const figures = clusterFiguresOf(findings);
  if (values.keep !== undefined) {
    const beside = await measureBeside(plan, { postgres, nats }, say);
    say('what a subject keeps in memory');
    const bytes = await subjectBytes(nats);
    keep({ circumstances: values.keep, subjectBytes: bytes, beside, figures });
  }
  console.log(clusterTable(figures));
}
