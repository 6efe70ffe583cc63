import type { Call, ClientOptions, Clock, Notes, RinglineClient, UserId } from '@ringline/client';
import { RinglineError, defaultPorts } from '@ringline/client';
import type { ToldToExtension } from '@ringline/client/extension';
import { tabNotes } from '@ringline/client/extension';
import type { Welcome } from '@ringline/protocol';
import { Attributes } from './attributes.ts';
import type { CallEventHandler } from './call-manager.ts';
import { RtmCallManager, localTeller, remoteTeller } from './call-manager.ts';
import { Channels } from './channels.ts';
import { Connection } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { QUERY_PEERS } from './failures.ts';
import type { AcceptedInvitations, Faces, PendingInvitations } from './invitations/invitations.ts';
import { Invitations } from './invitations/invitations.ts';
import type { RemoteInvitation } from './invitations/remote-invitation.ts';
import { Line, READING } from './line.ts';
import type { Login } from './login.ts';
import { tellOne } from './listeners.ts';
import { PeerMessages } from './peer-messages.ts';
import { Peers } from './presence.ts';
import type { RaiseOptions } from './raising.ts';
import { PING } from './pulse.ts';
import { Raising } from './raising.ts';
import { randomId } from './random-id.ts';
import type { AddressConfig } from './server-address.ts';
import { addressIn, serverAddress } from './server-address.ts';
import { UNSEEN_AFTER_MS } from './timing.ts';
import type { AnyMessage, MessageProperties, PeersOnlineStatusMap } from './types.ts';
import type { ConnectionChangeReason, ConnectionState } from './words.ts';

/** What Ringline needs beside the vendor's configuration: options of its client, and four of its own. */
export interface RinglineOptions extends Partial<
  Omit<ClientOptions, 'url' | 'token' | 'tokenProvider' | 'connectTimeoutMs'>
> {
  /** The server: `https://calls.example.com`. */
  url?: string;
  /** True: a user may be logged in on several devices, and all of them ring; else a login takes the place of the one before. */
  everyDevice?: boolean;
  /** Where accepted invitations are noted across reloads; the tab's sessionStorage when absent, nothing in Node or with null. */
  invitationNotes?: Notes | null;
  /** Gives a token for a user whenever one is needed, for apps that log in without one. */
  tokenFor?: (uid: UserId) => string | Promise<string>;
}

/** As much of a vendor's configuration as is used. */
export interface DoorConfig extends AddressConfig {
  readonly ringline?: RinglineOptions | undefined;
}

/** What a door tells the client of its dialect. */
export interface DoorEvents<Remote> {
  connectionStateChanged(state: ConnectionState, reason: ConnectionChangeReason): void;
  tokenWillExpire(): void;
  tokenExpired(): void;
  messageFromPeer(message: AnyMessage, peerId: UserId, properties: MessageProperties): void;
  remoteInvitationReceived(invitation: Remote): void;
  peersOnlineStatusChanged(status: PeersOnlineStatusMap): void;
  /** The app has logged out, and was told so: in RTM its listeners are gone then. */
  loggedOut(): void;
}

/** One instance of RTM: what both dialects do, each in its own words. */
export class Door<Local extends object, Remote extends object> {
  readonly invitations: Invitations<Local, Remote>;
  readonly messages: PeerMessages;
  readonly peers: Peers;
  readonly attributes: Attributes;
  readonly channels: Channels;
  readonly #dialect: Dialect;
  #config: DoorConfig;
  readonly #events: DoorEvents<Remote>;
  readonly #clock: Clock;
  readonly #connection: Connection;
  readonly #line: Line;
  readonly #raising: Raising;
  /** Kept over logins, so that a login of this page takes the place of its own last one. */
  readonly #deviceId: string;
  #handlers: readonly CallEventHandler<Local, Remote>[] = [];
  #offset = 0;
  #mustRestore = false;
  #isSettled = false;

  constructor(
    dialect: Dialect,
    config: DoorConfig,
    faces: Faces<Local, Remote>,
    events: DoorEvents<Remote>,
  ) {
    const { clock, randomness } = { ...defaultPorts(), ...config.ringline };
    this.#dialect = dialect;
    this.#config = config;
    this.#events = events;
    this.#clock = clock;
    this.#deviceId = config.ringline?.deviceId ?? randomId(randomness);
    this.#connection = this.#makeConnection();
    const freshId = () => randomId(randomness);
    this.#line = new Line(dialect, freshId, () => this.#connection.standing);
    this.#raising = new Raising({
      clock,
      client: () => this.ringline,
      isAccepted: (...named) => this.invitations.isAccepted(...named),
      done: (id) => this.invitations.done(id),
    });
    this.attributes = new Attributes(this.#line);
    this.channels = new Channels(this.#line, clock);
    this.messages = new PeerMessages(this.#line, clock, {
      message: (...told) => events.messageFromPeer(...told),
      hungUp: (invitation, by) => this.invitations.hungUp(invitation, by),
    });
    this.peers = new Peers(this.#line, {
      clock,
      offset: () => this.#offset,
      changed: (status) => events.peersOnlineStatusChanged(status),
    });
    this.invitations = this.#makeInvitations(faces);
  }

  /** The client of Ringline behind this login, for calls, messages that are kept, and records. */
  get ringline(): RinglineClient {
    const login = this.#connection.standing;
    if (login === undefined) throw new RinglineError('not-connected', 'Log in first.');
    return login.client;
  }

  /** Who is logged in, and with which token; undefined when nobody is. */
  get standing(): Pick<Login, 'uid' | 'token'> | undefined {
    return this.#connection.standing;
  }

  login(options: { uid: UserId; token?: string | undefined }): Promise<void> {
    return this.#connection.login(options);
  }

  async logout(): Promise<void> {
    await this.#connection.logout();
    this.#events.loggedOut();
  }

  renewToken(token: unknown): Promise<void> {
    return this.#connection.renewToken(token);
  }

  /** The invitations that are open, also those of a page before; asks the server that it has told of all. */
  async pending(): Promise<PendingInvitations<Local, Remote>> {
    await this.#allTold();
    return this.invitations.pending();
  }

  /** Those that were accepted and may still become a call, also on a page before. */
  async accepted(): Promise<AcceptedInvitations<Local, Remote>> {
    await this.#allTold();
    return this.invitations.accepted();
  }

  /** Says anew where the server is, from the next login on; the rest of a configuration is as it was made. */
  configure(config: DoorConfig): void {
    const url = addressIn(config);
    if (url !== undefined) this.#config = { ringline: { ...this.#config.ringline, url } };
  }

  /** The call that an accepted invitation becomes. */
  async raise(face: Local | Remote, options?: RaiseOptions): Promise<Call> {
    const invitation = this.invitations.behind(face);
    if (invitation === undefined) {
      throw new RinglineError('wrong-state', 'This is no invitation of this client.');
    }
    return this.#raising.raise(invitation, options);
  }

  /** A call manager that tells this handler of all invitations from now on. */
  manage(handler: CallEventHandler<Local, Remote>): RtmCallManager<Local, Remote> {
    this.#handlers = [...this.#handlers, handler];
    return new RtmCallManager({
      create: (calleeId) =>
        this.invitations.create(calleeId, (face, { tellers }) => {
          tellers.push(localTeller(handler, face));
        }),
      local: (face) => this.invitations.localBehind(face),
      remote: (face) => this.invitations.remoteBehind(face),
    });
  }

  /** Resolves when the server has told of every invitation that this page has to know. */
  async #allTold(): Promise<void> {
    this.#line.require(QUERY_PEERS);
    if (this.#isSettled) return;
    // Answers come in order: after this one there is no view on its way any more.
    await this.#line.ask(QUERY_PEERS, () => PING, READING);
    this.#isSettled = true;
  }

  #ring(face: Remote, { tellers }: RemoteInvitation): void {
    for (const handler of this.#handlers) {
      tellers.push(remoteTeller(handler, face));
      const listener = (invitation: Remote) => handler.onRemoteInvitationReceived?.(invitation);
      tellOne('onRemoteInvitationReceived', listener, [face]);
    }
    this.#events.remoteInvitationReceived(face);
  }

  #options(): Omit<ClientOptions, 'token' | 'tokenProvider'> | undefined {
    const url = serverAddress(this.#config);
    const {
      tokenFor: _,
      everyDevice: __,
      invitationNotes: ___,
      ...options
    } = this.#config.ringline ?? {};
    return url === undefined ? undefined : { ...options, url, deviceId: this.#deviceId };
  }

  #makeConnection(): Connection {
    const { ringline: { tokenFor, everyDevice = false } = {} } = this.#config;
    const invitations = () => this.invitations.named();
    return new Connection(
      {
        clock: this.#clock,
        dialect: this.#dialect,
        tokenFor,
        options: () => this.#options(),
        extension: {
          hello: () => ({
            rtm: { invitations: invitations(), ...(everyDevice && { beside: true }) },
          }),
          beat: () => ({ rtm: { invitations: invitations() } }),
          resumed: () => this.#resumed(),
          received: (message) => this.#received(message),
          alive: ({ rtm }) => this.invitations.gone(rtm?.gone ?? []),
          takes: (call) => this.#raising.takes(call) || this.#leave(call),
        },
      },
      {
        changed: (state, reason) => this.#events.connectionStateChanged(state, reason),
        tokenWillExpire: () => this.#events.tokenWillExpire(),
        tokenExpired: () => this.#events.tokenExpired(),
        began: ({ client, uid }) => {
          this.invitations.recall(notesOf(this.#config, uid));
          client.on('presenceChanged', (presence) => this.peers.receive(presence));
        },
        welcomed: (welcome) => this.#welcomed(welcome),
        interrupted: () => this.invitations.away(),
        ended: (why) => this.#ended(why),
      },
    );
  }

  /** A call that nobody listens for on this page is none of its: it rings where somebody sees it. The app has a moment to listen. */
  #leave(call: Call): false {
    this.#clock.after(UNSEEN_AFTER_MS, () => {
      const isOpen = call.state === 'inviting' || call.state === 'ringing';
      if (!isOpen || this.#connection.standing?.client.hearsCalls !== false) return;
      const here = { everywhere: false, unseen: true } as const;
      this.#line.insist(() => ({ type: 'refuse', call: call.id, ...here }));
    });
    return false;
  }

  #makeInvitations(faces: Faces<Local, Remote>): Invitations<Local, Remote> {
    const line = this.#line;
    return new Invitations({
      clock: this.#clock,
      dialect: this.#dialect,
      faces,
      freshId: line.freshId,
      isLoggedIn: () => line.isLoggedIn,
      isConnected: () => line.isConnected,
      isOwnDevice: (device) => device === this.#deviceId,
      insist: (build, isWanted, options) => line.insistOn(build, isWanted, options),
      hangUp: (peer, invitation) => this.messages.hangUp(peer, invitation),
      received: (face, invitation) => this.#ring(face, invitation),
      found: (face, { tellers }) => {
        for (const handler of this.#handlers) tellers.push(localTeller(handler, face));
      },
    });
  }

  #welcomed({ at, rtm }: Welcome): void {
    this.#offset = at - this.#clock.now();
    this.#isSettled = false;
    this.#mustRestore = rtm?.resumed === false;
    this.invitations.gone(rtm?.gone ?? []);
  }

  /** What was under way has been said again: what the server does not have any more follows. */
  #resumed(): void {
    this.#line.renewed();
    this.invitations.back();
    if (!this.#mustRestore) return;
    this.#mustRestore = false;
    this.attributes.restore();
    this.channels.rejoin();
  }

  #received(message: ToldToExtension): void {
    switch (message.type) {
      case 'rtm-invitation':
        return this.invitations.receive(message.invitation);
      case 'rtm-message':
        return this.messages.receive(message);
      case 'rtm-channel-message':
        return this.channels.message(message);
      case 'rtm-members-changed':
        return this.channels.membersChanged(message);
      case 'rtm-attributes-changed':
        return this.channels.attributesChanged(message);
    }
  }

  #ended(why: 'logged-out' | 'turned-away'): void {
    this.invitations.lose(why);
    this.peers.stop();
    this.attributes.forget();
    this.channels.forget();
    this.#raising.stop();
    this.#line.renewed();
  }
}

function notesOf({ ringline }: DoorConfig, uid: UserId): Notes | null {
  const { invitationNotes = tabNotes(`ringline.rtm/${uid}`) } = ringline ?? {};
  return invitationNotes;
}
