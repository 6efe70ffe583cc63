import type { DeviceRequest, InvitationView, Presence, Welcome } from '@ringline/protocol';
import type { Answer } from '@ringline/testkit';
import { ScriptedServer as Scripted } from '@ringline/testkit';

/** A scripted server that speaks RTM, and knows where users stand. */
export class ScriptedServer extends Scripted {
  /** Where users stand; those that are not here are online. */
  readonly presences = new Map<string, Presence>();
  /** What follows the next welcomes. */
  afterWelcome: readonly InvitationView[] = [];

  show(invitation: InvitationView): void {
    this.say({ type: 'rtm-invitation', at: this.clock.now(), invitation });
  }

  override answer(request: DeviceRequest): void {
    if (request.type === 'watch') {
      this.say({ type: 'presence', users: request.users.map((user) => this.#presenceOf(user)) });
    }
    super.answer(request);
  }

  protected override usual(request: DeviceRequest): Answer | undefined {
    if (request.type === 'rtm-count') {
      return { type: 'rtm-counted', counts: request.channels.map(() => 0) };
    }
    if (request.type === 'query-presence') {
      return { type: 'presence-found', users: request.users.map((user) => this.#presenceOf(user)) };
    }
    return USUALLY[request.type] ?? super.usual(request);
  }

  protected override usualWelcome(): Partial<Welcome> {
    return { rtm: { resumed: false, gone: [] } };
  }

  protected override welcomed(): void {
    for (const view of this.afterWelcome) this.show(view);
  }

  #presenceOf(user: string): Presence {
    return this.presences.get(user) ?? { user, state: 'online' };
  }
}

const USUALLY: Partial<Record<DeviceRequest['type'], Answer>> = {
  'rtm-send': { type: 'rtm-sent', received: true },
  'rtm-get-attributes': { type: 'rtm-attributes-found', attributes: [] },
  'rtm-members': { type: 'rtm-members-found', members: ['alice'] },
};
