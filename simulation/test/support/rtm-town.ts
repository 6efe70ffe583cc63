import AgoraRTM from '@ringline/compat/rtm/agora';
import type {
  LocalInvitation as AgoraLocal,
  RemoteInvitation as AgoraRemote,
  RinglineOptions,
  RtmClient as AgoraClient,
} from '@ringline/compat/rtm/agora';
import ArRTM from '@ringline/compat/rtm/anyrtc';
import type {
  LocalInvitation as AnyrtcLocal,
  RemoteInvitation as AnyrtcRemote,
  RtmClient as AnyrtcClient,
} from '@ringline/compat/rtm/anyrtc';
import { FakeMedia, SeededRandomness, VirtualClock, Wire } from '@ringline/testkit';
import type { Weather } from '../../src/cluster.ts';
import { Cluster, tokenFor } from '../../src/cluster.ts';

export type Client = AgoraClient | AnyrtcClient;
export type Local = AgoraLocal | AnyrtcLocal;
export type Remote = AgoraRemote | AnyrtcRemote;
export type Dialect = 'agora' | 'anyrtc';

const APP_ID = '0123456789abcdef0123456789abcdef';

const CALM = {
  nodes: 2,
  storeDelayMs: 1,
  busLoss: 0,
  skewMs: 0,
  hasStoreClock: true,
  doubled: 0,
  preconnect: 'off',
  hasRingback: false,
  retention: {},
  callRetention: {},
} as const;

const INVITATION_EVENTS = {
  local: ['ReceivedByPeer', 'Accepted', 'Refused', 'Canceled', 'Failure'],
  remote: ['Accepted', 'Refused', 'Canceled', 'Failure'],
} as const;

/** What a page of an app has: its client and what it was invited to. */
export interface Page {
  readonly client: Client;
  readonly remote: Remote[];
  readonly wires: Wire[];
  /** Whether nothing gets through to it. */
  readonly isLost: boolean;
  /** Its network is gone: nobody is told, and nothing gets through. */
  lose(): void;
  /** Its network is back. */
  find(): void;
}

type On = (name: string, listener: (...args: unknown[]) => void) => unknown;

/** Two nodes of a real server, and pages of apps that come by the doors. */
export class Town {
  readonly clock = new VirtualClock();
  /** What all pages were told, in the order of its coming: who, what, and with what. */
  readonly told: unknown[][] = [];
  /** Called when a page was invited. */
  received: (invitation: Remote) => void = () => {};
  readonly randomness: SeededRandomness;
  readonly cluster: Cluster;
  readonly #media = new FakeMedia(this.clock);
  #pages = 0;

  constructor(seed = 'town', weather: Partial<Weather> = {}) {
    this.randomness = new SeededRandomness(seed);
    this.cluster = new Cluster(this.clock, this.randomness, this.#media, { ...CALM, ...weather });
  }

  async start(): Promise<this> {
    const started = this.cluster.indexes.map((index) => this.cluster.start(index));
    await this.clock.untilSettled(Promise.all(started));
    return this;
  }

  pass(ms = 500): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  async done<Asked extends Promise<unknown>>(promise: Asked): Promise<Awaited<Asked>> {
    return (await this.clock.untilSettled(promise)) as Awaited<Asked>;
  }

  /** A page of this user that is logged in; what it is told is noted under its name. */
  async page(dialect: Dialect, uid: string, options: RinglineOptions = {}): Promise<Page> {
    const name = `${uid}${(this.#pages += 1)}`;
    const wires: Wire[] = [];
    const network = { isLost: false };
    const ringline: RinglineOptions = {
      url: 'https://calls.test',
      clock: this.clock,
      randomness: this.randomness.fork(name),
      media: this.#media.device(name),
      notes: null,
      onWake: () => () => {},
      onNetworkChange: () => () => {},
      openSocket: (_url, events) => {
        const wire = new Wire(this.clock, events, {
          accept: network.isLost ? undefined : this.cluster.anyNode(this.randomness),
        });
        wires.push(wire);
        return wire.client;
      },
      ...options,
    };
    const client =
      dialect === 'agora'
        ? AgoraRTM.createInstance(APP_ID, { ringline })
        : ArRTM.createInstance(APP_ID, { ringline });
    const remote: Remote[] = [];
    (client.on as On).call(client, 'RemoteInvitationReceived', (invitation) => {
      this.told.push([uid, 'RemoteInvitationReceived']);
      remote.push(invitation as Remote);
      this.listen(uid, invitation as Remote);
      this.received(invitation as Remote);
    });
    for (const event of ['ConnectionStateChanged', 'MessageFromPeer', 'PeersOnlineStatusChanged']) {
      (client.on as On).call(client, event, (...args) => this.told.push([uid, event, ...args]));
    }
    await this.login(client, uid);
    const lose = () => {
      network.isLost = true;
      wires.at(-1)?.cut();
    };
    const find = () => {
      network.isLost = false;
      wires.at(-1)?.restore();
    };
    return {
      client,
      remote,
      wires,
      lose,
      find,
      get isLost() {
        return network.isLost;
      },
    };
  }

  login(client: Client, uid: string): Promise<void> {
    return this.done(client.login({ uid, token: tokenFor(uid, this.clock.now() + 86_400_000) }));
  }

  /** Notes what becomes of an invitation. */
  listen(who: string, invitation: Local | Remote): void {
    const side = 'calleeId' in invitation ? 'Local' : 'Remote';
    const events = side === 'Local' ? INVITATION_EVENTS.local : INVITATION_EVENTS.remote;
    for (const event of events.map((each) => `${side}Invitation${each}`)) {
      (invitation.on as On).call(invitation, event, (...args) =>
        this.told.push([who, event, ...args]),
      );
    }
  }

  /** An invitation that was sent. */
  async invite(page: Page, who: string, calleeId: string): Promise<Local> {
    const invitation: Local = page.client.createLocalInvitation(calleeId);
    invitation.content = 'coffee?';
    this.listen(who, invitation);
    invitation.send();
    await this.pass();
    return invitation;
  }

  /** What was told of invitations since the last look. */
  news(): unknown[][] {
    return this.told.splice(0).filter(([, name]) => String(name).includes('Invitation'));
  }

  /** As `news`, who and what alone. */
  newsInShort(): string[] {
    return this.news().map(([who, name]) => `${String(who)} ${String(name)}`);
  }
}
