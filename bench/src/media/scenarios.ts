import { setTimeout as sleep } from 'node:timers/promises';
import type { Times } from './samples.ts';
import type { Side } from './side.ts';

/** A running call between two sides. */
export interface Running {
  readonly caller: Side;
  readonly callee: Side;
  /** When the callee pressed accept. */
  readonly acceptedAt: number;
  /** Whether the server's voice can be reached from where they are. */
  readonly hearsServer: boolean;
}

/** Something that is done in a running call, and the times that are measured; what follows finds the call running. */
export type Scenario = (call: Running) => Promise<Times>;

/** The call flows steadily this long before something is done to it. */
const STEADY_MS = 1_000;

async function accept({ caller, callee, acceptedAt }: Running): Promise<Times> {
  const times = {
    'audible at the caller': await caller.first('sound', acceptedAt),
    'audible at the callee': await callee.first('sound', acceptedAt),
    'first frame at the caller': await caller.first('picture', acceptedAt),
    'first frame at the callee': await callee.first('picture', acceptedAt),
  };
  const opening = (await callee.devicesOpenSince()) - acceptedAt;
  return {
    ...renamed(times, (name, ms) => [`accept to ${name}`, ms]),
    'accept to microphone and camera open': opening,
    ...renamed(times, (name, ms) => [`devices open to ${name}`, ms - opening]),
  };
}

function renamed(times: Times, of: (name: string, ms: number) => [string, number]): Times {
  return Object.fromEntries(
    Object.entries(times).map(([name, ms]) =>
      ms === undefined ? [of(name, 0)[0], ms] : of(name, ms),
    ),
  );
}

async function reloadOf(who: string, loaded: Side, other: Side): Promise<Times> {
  await sleep(STEADY_MS);
  const at = await loaded.reload();
  return {
    [`${who} reloads, to audible there`]: await loaded.first('sound', at),
    [`${who} reloads, to audible at the other side`]: await other.first('sound', at, at),
  };
}

/** Silence lasts so long: whatever was buffered is played, and the frames that were under way are drawn. */
const QUIET_MS = 600;

/** Over a connection of its own, made for it. */
const TONE = 'hold to the server’s tone at the other side';

async function resume({ caller, callee, hearsServer }: Running): Promise<Times> {
  await sleep(STEADY_MS);
  const heldAt = await caller.hold();
  const tone = hearsServer && { [TONE]: await callee.first('voice', heldAt) };
  await sleep(QUIET_MS);
  await Promise.all([caller, callee].map((side) => side.listenAgain()));
  const at = await caller.resume();
  return {
    ...tone,
    'resume to audible at who resumes': await caller.first('sound', at),
    'resume to audible at the other side': await callee.first('sound', at),
    'resume to first frame at who resumes': await caller.first('picture', at),
    'resume to first frame at the other side': await callee.first('picture', at),
  };
}

async function addVideo({ caller, callee }: Running): Promise<Times> {
  await sleep(STEADY_MS);
  await caller.removeVideo();
  await sleep(QUIET_MS);
  await Promise.all([caller, callee].map((side) => side.listenAgain()));
  await caller.addVideo();
  const at = await callee.replyVideo();
  return {
    'agreed to video, to first frame at who asked': await caller.first('picture', at),
    'agreed to video, to first frame at who agreed': await callee.first('picture', at),
  };
}

/** In the order in which they are done in each call. */
export const SCENARIOS: readonly Scenario[] = [
  accept,
  resume,
  addVideo,
  ({ caller, callee }) => reloadOf('callee', callee, caller),
  ({ caller, callee }) => reloadOf('caller', caller, callee),
];
