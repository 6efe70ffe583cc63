import type { RinglineClient } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import { extend } from '@ringline/client/extension';
import type { Extension, ExtensionLine, RequestBody } from '@ringline/client/extension';
import type {
  Alive,
  Heartbeat,
  Hello,
  InvitationId,
  InvitationVersion,
  InvitationView,
  Welcome,
} from '@ringline/protocol';

/** What a page asks is not asked again after this: everything has become of an invitation by then. */
const INSIST_MS = 70_000;

/** The bare invitations of one page that speaks RTM, as a door for applications would hold them. */
export class InvitationPage implements Extension {
  /** The newest view of each. */
  readonly views = new Map<InvitationId, InvitationView>();
  readonly #line: ExtensionLine;
  readonly #tell: (view: InvitationView) => void;
  readonly #surprise: (what: string) => void;

  constructor(
    client: RinglineClient,
    tell: (view: InvitationView) => void,
    surprise: (what: string) => void,
  ) {
    this.#line = extend(client, this);
    this.#tell = tell;
    this.#surprise = surprise;
  }

  hello(): Pick<Hello, 'rtm'> {
    return { rtm: { invitations: this.#open(), beside: true } };
  }

  beat(): Pick<Heartbeat, 'rtm'> {
    return { rtm: { invitations: this.#open() } };
  }

  welcomed({ rtm }: Welcome): void {
    this.#forget(rtm?.gone ?? []);
  }

  alive({ rtm }: Alive): void {
    this.#forget(rtm?.gone ?? []);
  }

  takes(): boolean {
    return false;
  }

  resumed(): void {}

  received(message: Parameters<Extension['received']>[0]): void {
    if (message.type !== 'rtm-invitation') return;
    const { invitation: view } = message;
    const before = this.views.get(view.id);
    if (before && isOver(before) && (view.version !== before.version || !isOver(view))) {
      this.#surprise(`${view.id} was ${before.state}, and then ${view.state}`);
    }
    if (before && view.version <= before.version) return;
    this.views.set(view.id, view);
    this.#tell(view);
  }

  /** Says it until it is done or refused; what makes no sense any more may be refused. */
  say(request: RequestBody): void {
    const said = this.#line.requests.insist(
      () => request,
      () => true,
      { withinMs: INSIST_MS },
    );
    said.catch((error: unknown) => {
      if (error instanceof RinglineError && !NEVER.has(error.code)) return;
      this.#surprise(`${request.type} came to ${String(error)}`);
    });
  }

  #forget(gone: readonly InvitationId[]): void {
    for (const id of gone) this.views.delete(id);
  }

  #open(): readonly InvitationVersion[] {
    const open = [...this.views.values()].filter((view) => !isOver(view));
    return open.map(({ id, version }) => ({ id, version }));
  }
}

/** What no page deserves here. */
const NEVER: ReadonlySet<string> = new Set(['internal', 'malformed', 'invitation-id-taken']);

/** Whether nothing more becomes of it. */
export function isOver({ state }: InvitationView): boolean {
  return state !== 'sent' && state !== 'received' && state !== 'accepting';
}
