import type { CallView, DeviceRequest, Hello, InboxItem, Welcome } from '@ringline/protocol';
import type { Answer } from '@ringline/testkit';
import { ScriptedServer as Scripted } from '@ringline/testkit';

/** A scripted server that speaks of calls and messages. */
export class ScriptedServer extends Scripted {
  /** Closes each connection with this code, right after its welcome. */
  endsWith: number | undefined;

  show(call: CallView): void {
    this.say({ type: 'call', at: this.clock.now(), call });
  }

  bring(...items: InboxItem[]): void {
    this.say({ type: 'inbox', items });
  }

  protected override usual(request: DeviceRequest): Answer | undefined {
    const answer = USUALLY[request.type];
    return answer === null ? undefined : (answer ?? super.usual(request));
  }

  protected override welcomed(): void {
    if (this.endsWith !== undefined) this.close(this.endsWith);
  }

  protected override usualWelcome({ cursor = 0 }: Hello): Partial<Welcome> {
    return { inbox: { head: cursor, from: cursor, revision: 0 } };
  }
}

const USUALLY: Partial<Record<DeviceRequest['type'], Answer | null>> = {
  send: { type: 'sent', id: 'message', at: 1 },
  history: { type: 'history-page', items: [], more: false },
  'query-presence': { type: 'presence-found', users: [] },
  'renew-ice': { type: 'ice-renewed', ice: { servers: [], relayOnly: false, preconnect: 'off' } },
  // Answered only when refused.
  signal: null,
  'answer-voice': null,
  'stop-voice': null,
};
