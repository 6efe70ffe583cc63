import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './measured.ts';
import type { Plan } from './plan.ts';
import { record } from './recording.ts';
import { Subject } from './subject.ts';

/** A function that was seen running (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/). */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Parts of the server by the files of their functions; the innermost that fits is what time goes to. */
const PARTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/node_modules\/pg/, 'driver of PostgreSQL, with its sockets’ data'],
  [/node_modules\/@nats-io\/|server\/src\/cluster\//, 'bus to other nodes'],
  [/^node:(net|internal\/stream)|node_modules\/ws\//, 'ws and the sockets'],
  [/bench\/src\/probe/, 'SQLite: BEGIN and COMMIT, with the fsync'],
  [/server\/src\/store\//, 'store: rows read and written'],
  [/server\/src\/(steps|calls|records)\//, 'steps: load, plan, commit, announce'],
  [/packages\/call\//, 'call: decisions and views'],
  [/packages\/protocol\/|node_modules\/zod\//, 'protocol: frames read and written'],
  [/server\/src\/(gateway|inbox|registrar|auth|http)\//, 'gateway: connections and deliveries'],
  [/server\/src\/observe\/|node_modules\/(pino|sonic-boom|prom-client)/, 'log and metrics'],
];

const SAMPLE_MICROS = 200;

/** Puts the server under load and tells which part of it takes which share of its time. */
export async function profile(
  plan: Pick<Plan, 'pairs' | 'inFlight' | 'rounds' | 'saturationMs'>,
  say: (what: string) => void,
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ringline-profile-'));
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE_MICROS}`];
  const server = await startServer(flags, settings);
  const subject = await Subject.of(server, await record(server.url));
  await subject.connectPairs(plan.pairs);
  say(`${plan.inFlight} calls at once`);
  await subject.callsInFlight(plan.inFlight, plan.rounds * plan.saturationMs);
  await subject.stop();
  const shares = sharesOf(readProfile(folder));
  rmSync(folder, { recursive: true });
  return shares
    .map(([name, share]) => `${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n');
}

function readProfile(folder: string): CpuProfile {
  const [file = ''] = readdirSync(folder);
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
}

/** Shares of the time that was not idle, largest first. */
function sharesOf({
  nodes,
  samples,
  timeDeltas,
}: CpuProfile): readonly (readonly [string, number])[] {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node])));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times = new Map<string, number>();
  for (const [place, id] of samples.entries()) {
    const node = byId.get(id);
    if (!node || node.callFrame.functionName === '(idle)') continue;
    const part = partOf(node, parents);
    times.set(part, (times.get(part) ?? 0) + (timeDeltas[place] ?? 0));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .map(([name, time]) => [name, time / total] as const)
    .toSorted(([, one], [, other]) => other - one);
}

function partOf(node: ProfileNode, parents: ReadonlyMap<number, ProfileNode>): string {
  for (let at: ProfileNode | undefined = node; at; at = parents.get(at.id)) {
    const { url } = at.callFrame;
    const part = PARTS.find(([pattern]) => pattern.test(url));
    if (part) return part[1];
  }
  return node.callFrame.functionName === '(garbage collector)' ? 'garbage' : 'Node itself';
}
