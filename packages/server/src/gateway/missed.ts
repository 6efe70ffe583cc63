import type { Actor, Call } from '@ringline/call';
import { viewOf } from '@ringline/call';
import type { CallId, CallVersion, CallView } from '@ringline/protocol';
import type { Services } from './services.ts';

/** What a device has missed of calls: its views of them are made when they are sent, for they count down. */
export interface Missed {
  /** Calls of which it holds an older view, and open ones that it does not hold. */
  readonly news: readonly Call[];
  /** Calls that it holds in vain: it has no part in them any more, or never had. */
  readonly gone: readonly CallId[];
  /** Open calls of which it has the view already. */
  readonly known: readonly Call[];
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
  isPatient = false,
): Promise<Missed> {
  const { calls: own, actor: known } = await store.load({
    users: [actor.user],
    actor,
    isPatient,
  });
  const calls = new Map<CallId, Call>(own.map((call) => [call.id, call]));
  // At once: who gave up several calls while the store was away would wait for it as many times.
  const others = held.filter(({ id }) => !calls.has(id)).map(({ id }) => store.call(id));
  for (const call of await Promise.all(others)) if (call) calls.set(call.id, call);
  const now = clock.now();
  const seen = [...calls.values()].flatMap((call) => {
    const view = viewOf(call, actor, now);
    return view ? { call, view } : [];
  });
  const versions = new Map(held.map(({ id, version }) => [id, version]));
  const news = seen.filter(({ view }) => isNews(view, versions.get(view.id)));
  const open = seen.filter(({ view }) => view.state !== 'ended');
  return {
    news: news.map(({ call }) => call),
    known: open.filter((each) => !news.includes(each)).map(({ call }) => call),
    open: open.map(({ call }) => call.id),
    binding: known?.binding?.connection,
    hasLogin: (known?.login ?? null) !== null,
    gone: [...versions.keys()].filter((id) => !seen.some(({ call }) => call.id === id)),
  };
}

/** A call that is over says nothing to a device that does not hold it. */
function isNews(view: CallView, held: number | undefined): boolean {
  return held === undefined ? view.state !== 'ended' : view.version > held;
}
