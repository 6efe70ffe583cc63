import type { Committed, Step, StoredInboxItem } from '../store.ts';
import { MAX_RECEIPT_SPAN } from '../receipts.ts';
import { MAX_KEPT_INVITATIONS } from '../rtm.ts';
import type { Session } from './driver.ts';
import type { KnownDevices } from './known-devices.ts';
import { addStep, changed } from './sections.ts';
import type { ChangedDevice, Sections } from './sections.ts';
import { given, held } from './text.ts';

/** A step, and its wave: steps of one wave touch nothing in common. */
export interface Placed {
  readonly step: Step;
  readonly wave: number;
}

/** A row of what the function says. */
interface Said {
  readonly kind: 'lost' | 'item' | 'revised';
  readonly step: number;
  readonly item: number | null;
  readonly owner: string | null;
  readonly place: number | null;
}

const COMMIT = {
  name: 'commit_steps_v1',
  text: 'select * from commit_steps_v1($1, $2, $3, $4, $5, $6, $7)',
};

/** Commits these steps in one statement: each is durable, or has lost its race. */
export async function commitSteps(
  session: Session,
  batch: readonly Placed[],
  known: KnownDevices,
): Promise<readonly Committed[]> {
  const devices = await changedDevices(session, batch, known);
  const said = await session.rows<Said>(COMMIT, valuesOf(batch, devices));
  const committed = answersOf(batch, said, devices);
  committed.forEach(({ moved }, s) => {
    if (!moved) return;
    for (const { after, lines } of devices[s] ?? []) known.note({ device: after, lines });
  });
  return committed;
}

/** What each step changes of devices, those not known any more read; undefined of a step that has lost: another version is there. */
async function changedDevices(
  session: Session,
  batch: readonly Placed[],
  known: KnownDevices,
): Promise<readonly (readonly ChangedDevice[] | undefined)[]> {
  const all = batch.flatMap(({ step }) => step.devices);
  // What is known now may be forgotten by the time that the others are read.
  const before = new Map(all.map((after) => [after, known.before(after)]));
  const unknown = all.filter((after) => !before.get(after));
  if (unknown.length > 0) await known.read(session, unknown);
  for (const after of unknown) before.set(after, known.before(after));
  return batch.map(({ step }) => {
    const changes = step.devices.flatMap((after) => {
      const earlier = before.get(after);
      return earlier ? [changed(earlier, after)] : [];
    });
    return changes.length === step.devices.length ? changes : undefined;
  });
}

function valuesOf(
  batch: readonly Placed[],
  devices: readonly (readonly ChangedDevice[] | undefined)[],
) {
  const waves: Sections[] = [];
  const users = new Set<string>();
  const channels = new Set<string>();
  batch.forEach(({ step, wave }, s) => {
    const changes = devices[s];
    const sections = (waves[wave] ??= {});
    if (!changes) return;
    addStep(sections, s, step, changes);
    for (const user of usersOf(step)) users.add(held(user));
  });
  for (const { attributes = [], joined = [], left = [] } of waves) {
    for (const { kind, name } of attributes) if (kind === 'channel') channels.add(String(name));
    for (const { channel } of [...joined, ...left]) channels.add(String(channel));
  }
  const acks = waves.flatMap((wave) => wave['acks'] ?? []);
  return [
    [...users],
    [...channels],
    acks.map(({ who }) => String(who)),
    acks.map(({ upto }) => Number(upto)),
    MAX_RECEIPT_SPAN,
    MAX_KEPT_INVITATIONS,
    JSON.stringify(waves),
  ];
}

/** Whom a step concerns: whose rows it changes or relies on. */
export function usersOf(step: Step): ReadonlySet<string> {
  return new Set([
    ...step.calls.flatMap(({ caller, callee }) => [caller.user, callee.user]),
    ...[...step.lines, ...step.expect, ...step.devices].map(({ user }) => user),
    ...step.records.flatMap(({ caller, callee }) => [caller, callee]),
    ...step.inbox.flatMap(({ from, to }) => [from, to]),
    ...step.reads.flatMap(({ user, peer }) => [user, peer]),
    ...[...step.quality, ...step.seen].map(({ user }) => user),
    ...(step.invitations ?? []).flatMap(({ caller, callee }) => [caller, callee]),
    ...(step.attributes ?? []).flatMap(({ of }) => (of.kind === 'user' ? [of.user] : [])),
  ]);
}

interface Answer {
  readonly inbox: StoredInboxItem[];
  readonly revised: Set<string>;
}

function answersOf(
  batch: readonly Placed[],
  said: readonly Said[],
  devices: readonly (readonly ChangedDevice[] | undefined)[],
): readonly Committed[] {
  const lost = new Set(devices.flatMap((changes, s) => (changes ? [] : [s])));
  const answers: Answer[] = batch.map(() => ({ inbox: [], revised: new Set() }));
  for (const { kind, step, item, owner, place } of said) {
    if (kind === 'lost') lost.add(step);
    else if (kind === 'revised') answers[step]?.revised.add(given(owner ?? ''));
    else {
      const written = batch[step]?.step.inbox[item ?? 0];
      if (!written) continue;
      const { id, from, to, at, body } = written;
      const stored = { cursor: place ?? 0, id, from, to, at, body };
      answers[step]?.inbox.push({ owner: given(owner ?? ''), item: stored });
    }
  }
  return answers.map(({ inbox, revised }, s) =>
    lost.has(s) ? { moved: false } : { moved: true, inbox, revised: [...revised] },
  );
}
