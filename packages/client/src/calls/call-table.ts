import type { CallId, CallVersion, CallView, SignalReceived, UserId } from '@ringline/protocol';
import { MAX_NAMED_CALLS } from '@ringline/protocol';
import { aged } from '../signalling/server-time.ts';
import type { CallContext } from './call-context.ts';
import { LiveCall } from './live-call.ts';
import { endRequest, isOver } from './state-rules.ts';

/** What the table tells its client. */
export interface CallTableEvents {
  incoming(call: LiveCall): void;
  restored(call: LiveCall): void;
}

/** An invitation on its way: until its answer says which call it became, views that may be of it wait. */
export interface Placing {
  readonly id: CallId;
  readonly to: string;
  /** Whether the server may have it. */
  isSent: boolean;
  /** Each with when it came. */
  views: { readonly view: CallView; readonly at: number }[];
  /** Called when such a view says that it is over. */
  ended?: () => void;
}

/** How many ended calls are remembered, so that a late view does not ring again. */
const REMEMBERED_ENDS = 64;

/** Every call of this device that is not over both here and at the server. */
export class CallTable {
  readonly #context: Omit<CallContext, 'finished' | 'inPlaceOfLive' | 'hasOtherLive'>;
  readonly #events: CallTableEvents;
  readonly #calls = new Map<CallId, LiveCall>();
  readonly #placing = new Set<Placing>();
  readonly #ofTable: Pick<CallContext, 'finished' | 'inPlaceOfLive' | 'hasOtherLive'> = {
    finished: (id) => this.#remove(id),
    inPlaceOfLive: (id, work) => this.inPlaceOfLive(id, work),
    hasOtherLive: (id) => this.#liveBeside(id) !== undefined,
  };
  #over: CallId[] = [];
  /** Called by this device in vain, as its app was told: the server may have taken that for an answer. */
  readonly #givenUp = new Set<UserId>();

  constructor(
    context: Omit<CallContext, 'finished' | 'inPlaceOfLive' | 'hasOtherLive'>,
    events: CallTableEvents,
  ) {
    this.#context = context;
    this.#events = events;
  }

  /** The calls that go on for the user, the oldest first. */
  get open(): LiveCall[] {
    return [...this.#calls.values()].filter((call) => !isOver(call));
  }

  /** The open calls that the app may know of: one that answered this device's own invitation has its first view. */
  get shown(): LiveCall[] {
    return this.open.filter(({ version, direction }) => version > 0 || direction === 'outgoing');
  }

  get(id: CallId): LiveCall | undefined {
    return this.#calls.get(id);
  }

  /** What hello and heartbeats name: the newest calls; with version 0 one whose first view is still to come. */
  held(): CallVersion[] {
    const calls = [...this.#calls.values()];
    return calls.slice(-MAX_NAMED_CALLS).map(({ id, version }) => ({ id, version }));
  }

  receive(view: CallView): void {
    const placing = [...this.#placing].find(
      ({ id, to }) => id === view.id || to === view.peer.user,
    );
    if (placing === undefined) return this.#apply(view);
    placing.views.push({ view, at: this.#context.clock.now() });
    if (view.state === 'ended') placing.ended?.();
  }

  receiveSignal(signal: SignalReceived): void {
    if (this.#over.includes(signal.call)) return;
    this.#context.media?.early.keep(signal);
    this.#calls.get(signal.call)?.receiveSignal(signal);
  }

  /** A connection begins: of calls that it has not named, this device is told anew what is left. */
  welcomed(gone: readonly CallId[]): void {
    for (const placing of this.#placing) placing.views = [];
    this.gone(gone);
  }

  /** The server says that this device has no part in them. */
  gone(ids: readonly CallId[]): void {
    for (const id of ids) {
      this.#context.traces.forget(id);
      this.#calls.get(id)?.gone();
    }
  }

  /** The server lives, and has told what it has of the calls. */
  alive(gone: readonly CallId[]): void {
    this.gone(gone);
    for (const call of this.open) call.settled();
  }

  /** There is a connection, or none any more. */
  connectionChanged(): void {
    for (const call of this.open) call.connectionChanged();
  }

  /** The connection is back. */
  resumed(): void {
    for (const call of this.open) call.resumed();
  }

  /** This device's network has changed. */
  networkChanged(): void {
    for (const call of this.open) call.networkChanged();
  }

  /** The connection is gone for good: nothing can be said of the calls any more. */
  lose(): void {
    for (const call of this.#calls.values()) call.gone();
  }

  /** Ends every call as its state asks for. */
  abandon(): void {
    for (const call of this.open) void call.abandon();
  }

  beginPlacing(placing: Placing): void {
    this.#context.tones?.hush();
    this.#placing.add(placing);
  }

  /**
   * Asks for what makes this call the live one: the call that the user talks in sends nothing from the first
   * word on. It is held with it, or talks on if that is refused, or needless as soon as this is known.
   */
  inPlaceOfLive<T>(id: CallId, work: () => Promise<T>, needless?: Promise<unknown>): Promise<T> {
    const live = this.#liveBeside(id);
    return live ? live.giveWay(work, needless) : work();
  }

  /** Applies what waited for the answer, once whoever placed the call could listen to it. */
  endPlacing(placing: Placing): void {
    const { clock } = this.#context;
    clock.after(0, () => {
      this.#placing.delete(placing);
      for (const { view, at } of placing.views) this.receive(aged(view, clock.now() - at));
    });
  }

  #liveBeside(id: CallId): LiveCall | undefined {
    return this.open.find((call) => call.id !== id && call.isLive);
  }

  /** The invitation stands, as the call of this view. */
  placed(view: CallView): LiveCall {
    this.#givenUp.delete(view.peer.user);
    return this.#ensure(view);
  }

  /** Nobody knows what became of the invitation: it is taken back, whatever it was. */
  giveUp(view: CallView): void {
    this.#givenUp.add(view.peer.user);
    void this.#ensure(view).abandon();
  }

  #ensure(view: CallView): LiveCall {
    return this.#calls.get(view.id) ?? this.#add(view);
  }

  #apply(view: CallView): void {
    const { clock, traces } = this.#context;
    const known = this.#calls.get(view.id);
    // By an invitation that this device has given up: it met one of the peer, which nobody answered here.
    const isOfPeer = view.direction === 'incoming';
    const isGivenUp = isOfPeer && this.#givenUp.has(view.peer.user) && !known?.isAnswered;
    if (view.state === 'established' && isGivenUp) {
      void known?.end();
      traces.note(view.id, { leftAt: clock.now() });
    }
    if (known !== undefined) return known.receive(view);
    if (view.state === 'ended') return traces.forget(view.id);
    if (isStale(view)) return;
    if (this.#isLeft(view.id)) return this.#endAtServer(view);
    if (view.direction === 'incoming' && view.state !== 'established') {
      this.#events.incoming(this.#add(view));
    } else {
      this.#events.restored(this.#add(view, true));
    }
  }

  #isLeft(id: CallId): boolean {
    return this.#over.includes(id) || this.#context.traces.of(id).leftAt !== undefined;
  }

  /** Over here, while the server holds it for this device: the word was lost with an earlier connection. */
  #endAtServer({ id, state, direction }: CallView): void {
    const { clock, traces, requests } = this.#context;
    const { leftAt } = traces.of(id);
    if (leftAt === undefined && state !== 'established' && direction === 'incoming') return;
    const now = clock.now();
    const request = endRequest(id, leftAt ?? now, now);
    requests
      .request(() => request)
      .catch(() => {
        // Refused: it is over there too, or its next view makes this be said again.
      });
  }

  #add(view: CallView, isRestored = false): LiveCall {
    this.#context.tones?.hush();
    const call = new LiveCall(view, { ...this.#context, ...this.#ofTable }, isRestored);
    this.#calls.set(view.id, call);
    return call;
  }

  #remove(id: CallId): void {
    if (!this.#calls.delete(id)) return;
    this.#context.media?.early.drop(id);
    this.#over = [...this.#over, id].slice(-REMEMBERED_ENDS);
  }
}

/** It was so long on its way that it must not ring any more; if it still waits, the next heartbeat brings it. */
function isStale(view: CallView): boolean {
  return 'remainingMs' in view && view.remainingMs === 0;
}
