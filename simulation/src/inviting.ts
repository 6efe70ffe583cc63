import { flawsOfInvitation, invitationDeadlineOf, invitationViewOf } from '@ringline/call';
import type { Invitation } from '@ringline/call';
import type { InvitationId, InvitationView } from '@ringline/protocol';
import type { SeededRandomness, VirtualClock } from '@ringline/testkit';
import type { Cluster } from './cluster.ts';
import { SimulatedDevice } from './device.ts';
import type { Page } from './device.ts';
import { InvitationPage, isOver } from './invitation-page.ts';
import type { Trouble } from './trouble.ts';

/** An invitation may stay open so long after its deadline: the way of the last word. */
const TOLERANCE_MS = 1_000;
/** So long after the servers' troubles every deadline is watched again: a restart, and the poll. */
const RECOVERED_MS = 5_000;

/** Whose pages speak RTM: one with a page only, and one who is never there. */
const PAGES = { dave: 2, erin: 2, frank: 1 } as const;
const CALLEES = ['dave', 'erin', 'frank', 'nobody'];

/** What inviting needs of the world, with a randomness of its own: what others do stays as it is. */
export interface InvitingParts {
  readonly clock: VirtualClock;
  readonly cluster: Cluster;
  readonly media: ConstructorParameters<typeof SimulatedDevice>[1]['media'];
  readonly randomness: SeededRandomness;
  readonly trouble: Trouble;
}

/** People who invite each other barely, beside those who call; whose pages break as others do. */
export class Inviting {
  readonly flaws: string[] = [];
  /** How many were sent. */
  made = 0;
  readonly #parts: InvitingParts;
  readonly #randomness: SeededRandomness;
  readonly #devices: readonly SimulatedDevice[];
  readonly #pages = new Map<Page, InvitationPage>();
  /** Those that are not known to be over. */
  readonly #open = new Set<InvitationId>();
  readonly #all: InvitationId[] = [];

  constructor(parts: InvitingParts) {
    this.#parts = parts;
    this.#randomness = parts.randomness;
    this.#devices = Object.entries(PAGES).flatMap(([user, count]) =>
      Array.from({ length: count }, (_, i) => this.#device(user, `${user}${i + 1}`)),
    );
  }

  load(): void {
    for (const device of this.#devices) device.load();
  }

  /** Somebody invites somebody, something breaks, or nothing happens. */
  act(): void {
    const draw = this.#randomness.number();
    if (draw < 0.4) this.#invite();
    else if (draw < 0.6) this.#strike();
  }

  /** Looks for invitations that are open past their time. */
  async look(): Promise<void> {
    const { clock, cluster, trouble } = this.#parts;
    const now = clock.now();
    // One node may say when, and another how long from now.
    const tolerance = TOLERANCE_MS + cluster.doubtMs;
    for (const invitation of await cluster.store.invitations([...this.#open])) {
      const deadline = invitationDeadlineOf(invitation);
      if (deadline === null) {
        this.#open.delete(invitation.id);
        continue;
      }
      const late = now - Math.max(deadline, trouble.serversTroubledUntil + RECOVERED_MS);
      if (late <= tolerance) continue;
      this.flaws.push(`${invitation.id} is ${invitation.state} ${late} ms past its time`);
    }
  }

  /** Everything is calm: each invitation has one end, and every page knows it. */
  async flawsAtRest(): Promise<readonly string[]> {
    const { cluster } = this.#parts;
    const stored = await cluster.store.invitations(this.#all);
    const ends = [...cluster.counts.invitations.values()].reduce((sum, each) => sum + each, 0);
    const living = [...this.#pages].filter(([page]) => !page.clock.isDead);
    return [
      ...stored.flatMap((each) => flawsOfInvitation(each)),
      ...stored.filter(isStoredOpen).map(({ id, state }) => `${id} is still ${state}`),
      // One whose node died before it told of it was not counted.
      ...(ends > stored.length ? [`${stored.length} invitations had ${ends} ends`] : []),
      ...this.#devices.flatMap((device) =>
        living
          .filter(([page]) => page === device.page)
          .flatMap(([, { views }]) => flawsOfPage(device, [...views.values()], stored)),
      ),
    ];
  }

  /** They have nothing more to say. */
  leave(): void {
    for (const device of this.#devices) device.kill();
  }

  #device(user: string, name: string): SimulatedDevice {
    const onPage = (device: SimulatedDevice, page: Page) => this.#begin(device, page);
    return new SimulatedDevice({ user, name }, this.#parts, () => undefined, onPage);
  }

  #begin(device: SimulatedDevice, page: Page): void {
    const speaking = new InvitationPage(
      page.client,
      (view) => this.#hear(device, view),
      (what) => this.flaws.push(`${device.name}: ${what}`),
    );
    this.#pages.set(page, speaking);
  }

  #invite(): void {
    const device = this.#randomness.pick(this.#devices);
    const to = this.#randomness.pick(CALLEES.filter((user) => user !== device.user));
    const invitation = `invitation-${String(++this.made).padStart(6, '0')}`;
    if (!device.page) return;
    this.#all.push(invitation);
    this.#open.add(invitation);
    this.#say(device, { type: 'rtm-invite', invitation, to, content: 'come', channel: '' });
    if (!this.#randomness.chance(0.3)) return;
    this.#later(device, 50_000, () => this.#say(device, { type: 'rtm-cancel', invitation }));
  }

  /** What a page and its person do; now and then a page is stuck, and says nothing. */
  #hear(device: SimulatedDevice, { id: invitation, side, state }: InvitationView): void {
    const isStuck = this.#randomness.chance(0.2);
    if (side === 'caller') {
      if (state === 'accepting' && !isStuck) this.#say(device, { type: 'rtm-confirm', invitation });
      return;
    }
    if (state !== 'sent' || isStuck) return;
    this.#say(device, { type: 'rtm-receive', invitation });
    const type = this.#randomness.pick(['rtm-accept', 'rtm-accept', 'rtm-refuse', null] as const);
    if (type === null) return;
    this.#later(device, 70_000, () => this.#say(device, { type, invitation, response: type }));
  }

  #say(device: SimulatedDevice, request: Parameters<InvitationPage['say']>[0]): void {
    const { page } = device;
    if (page) this.#pages.get(page)?.say(request);
  }

  /** Networks and pages break; now and then all of a user's, or it leaves. */
  #strike(): void {
    const { clock } = this.#parts;
    const device = this.#randomness.pick(this.#devices);
    const ms = this.#randomness.pick([200, 3_000, 12_000, 45_000]);
    const goAway = (gone: SimulatedDevice) => {
      gone.kill();
      clock.after(ms, () => gone.load());
    };
    const strokes: readonly (() => void)[] = [
      () => device.cut(ms),
      () => device.drop(),
      () => device.stall(ms),
      () => device.sleep(ms),
      () => goAway(device),
      () => this.#devices.filter(({ user }) => user === device.user).forEach(goAway),
      () => {
        device.client?.disconnect();
        clock.after(100, () => goAway(device));
      },
    ];
    this.#randomness.pick(strokes)();
  }

  /** Nobody acts on a page that is gone or on a machine that sleeps. */
  #later(device: SimulatedDevice, withinMs: number, act: () => void): void {
    const { page } = device;
    this.#parts.clock.after(this.#randomness.integer(0, withinMs), () => {
      if (page && page === device.page && !page.clock.isAsleep) act();
    });
  }
}

function isStoredOpen(invitation: Invitation): boolean {
  return invitationDeadlineOf(invitation) !== null;
}

/** What a living page holds is what there is. */
function flawsOfPage(
  { user, name }: SimulatedDevice,
  views: readonly InvitationView[],
  stored: readonly Invitation[],
): readonly string[] {
  return views.flatMap((view) => {
    const kept = stored.find(({ id }) => id === view.id);
    const truth = kept && invitationViewOf(kept, user, 0);
    const isSame = JSON.stringify(truth) === JSON.stringify(view);
    if (isSame && isOver(view)) return [];
    return [`${name} holds ${view.id} as ${view.state}, which is ${truth?.state ?? 'not kept'}`];
  });
}
