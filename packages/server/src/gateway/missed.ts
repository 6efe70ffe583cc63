import type { Actor, Call } from '@ringline/call';
import { viewOf } from '@ringline/call';
import type { CallId, CallVersion, CallView } from '@ringline/protocol';
import type { Services } from './services.ts';

/** What a device has missed of calls. */
export interface Missed {
  /** Newer views of calls that it holds, and views of open calls that it does not. */
  readonly views: readonly CallView[];
  /** Calls that it holds in vain: it has no part in them any more, or never had. */
  readonly gone: readonly CallId[];
  /** Views of open calls that it has already. */
  readonly known: readonly CallView[];
  /** Open calls in which the device has a part, held or not. */
  readonly open: readonly CallId[];
  /** The connection that the store holds for this device's. */
  readonly binding: string | undefined;
  /** Whether the store holds a login for this device. */
  readonly hasLogin: boolean;
}

/** Compares what a device holds with what is. */
export async function missed(
  held: readonly CallVersion[],
  actor: Actor,
  { store, clock }: Pick<Services, 'store' | 'clock'>,
): Promise<Missed> {
  const { calls: open, actor: known } = await store.load({ users: [actor.user], actor });
  const calls = new Map<CallId, Call>(open.map((call) => [call.id, call]));
  for (const { id } of held) {
    const call = calls.has(id) ? undefined : await store.call(id);
    if (call) calls.set(id, call);
  }
  const now = clock.now();
  const views = [...calls.values()].flatMap((call) => viewOf(call, actor, now) ?? []);
  const versions = new Map(held.map(({ id, version }) => [id, version]));
  return {
    views: views.filter((view) => isNews(view, versions.get(view.id))),
    known: views.filter((view) => view.state !== 'ended' && !isNews(view, versions.get(view.id))),
    open: views.filter((view) => view.state !== 'ended').map((view) => view.id),
    binding: known?.binding?.connection,
    hasLogin: (known?.login ?? null) !== null,
    gone: [...versions.keys()].filter((id) => !views.some((view) => view.id === id)),
  };
}

/** A call that is over says nothing to a device that does not hold it. */
function isNews(view: CallView, held: number | undefined): boolean {
  return held === undefined ? view.state !== 'ended' : view.version > held;
}
