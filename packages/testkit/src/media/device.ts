import type { FakeMedia } from './media.ts';
import { FakePeerConnection } from './peer-connection.ts';
import type { FakeConfiguration, MediaWorld } from './peer-connection.ts';
import { FakePlayer } from './player.ts';
import { FakeStream, FakeTrack } from './track.ts';
import type { TrackKind, TrackOwner } from './track.ts';

/** What the browser says when a page asks for a microphone or camera. */
export type Permission = 'granted' | 'denied' | 'missing';

const REJECTIONS = { denied: 'NotAllowedError', missing: 'NotFoundError' } as const;

/** The microphone, camera, peer connections and players of one device. */
export class FakeMediaDevice {
  readonly name: string;
  microphone: Permission = 'granted';
  camera: Permission = 'granted';
  /** Whether `play()` is refused, as by a page that nobody has touched. */
  isAutoplayBlocked = false;
  readonly #world: FakeMedia;
  readonly #connections = new Set<FakePeerConnection>();
  readonly #players: FakePlayer[] = [];
  #tracks: FakeTrack[] = [];
  #streamsMade = 0;
  #tracksMade = 0;
  #isDead = false;

  constructor(name: string, world: FakeMedia) {
    this.name = name;
    this.#world = world;
  }

  /** Every local track that is not stopped, clones included. */
  get tracks(): readonly FakeTrack[] {
    return this.#tracks.filter((track) => track.readyState === 'live');
  }

  /** Its peer connections that are not closed. */
  get connections(): readonly FakePeerConnection[] {
    return [...this.#connections].filter((one) => one.connectionState !== 'closed');
  }

  /** Every player made here, the oldest first. */
  get players(): readonly FakePlayer[] {
    return this.#players;
  }

  /** Opens what is wanted, or rejects as `navigator.mediaDevices.getUserMedia` does. */
  async getUserMedia(wanted: {
    readonly audio?: boolean;
    readonly video?: boolean;
  }): Promise<FakeStream> {
    await new Promise<void>((resolve) =>
      this.#world.clock.after(this.#world.times.openMs, resolve),
    );
    const kinds: TrackKind[] = [];
    if (wanted.audio === true) kinds.push('audio');
    if (wanted.video === true) kinds.push('video');
    if (kinds.length === 0) throw new TypeError('neither audio nor video is wanted');
    for (const kind of kinds) this.#assertGranted(kind);
    const stream = this.createStream();
    for (const kind of kinds) stream.addTrack(this.#openTrack(kind));
    return stream;
  }

  createStream(): FakeStream {
    return new FakeStream(`${encodeURIComponent(this.name)}-stream-${++this.#streamsMade}`);
  }

  createPeerConnection(configuration: FakeConfiguration = {}): FakePeerConnection {
    const fingerprint = this.#world.nextFingerprint(this.name);
    const world = this.#surroundings();
    const connection = new FakePeerConnection(this.name, fingerprint, world, configuration);
    this.#world.register(connection);
    this.#connections.add(connection);
    return connection;
  }

  createPlayer(): FakePlayer {
    const player = new FakePlayer(() => this.isAutoplayBlocked);
    this.#players.push(player);
    return player;
  }

  /** The page dies: everything is released, it is told nothing, and the others notice in time. */
  kill(): void {
    this.#isDead = true;
    for (const connection of this.#connections) {
      connection.onicecandidate = null;
      connection.onconnectionstatechange = null;
      connection.ontrack = null;
      connection.close();
    }
    this.#connections.clear();
    for (const track of this.tracks) track.stop();
  }

  /** The page is loaded anew after `kill`. */
  revive(): void {
    this.#isDead = false;
  }

  #surroundings(): MediaWorld {
    const world = this.#world;
    return {
      owner: this.#owner(),
      accrue: () => world.accrue(),
      flowMayHaveBegun: () => world.flowMayHaveBegun(),
      negotiated: (one) => world.negotiated(one),
      gather: (found) => void world.clock.after(world.times.gatherMs, found),
      admits: (server) => world.turnAdmits(server),
      closed: (one) => world.closed(one),
      troubleOf: (name) => world.troubleOf(name),
    };
  }

  #assertGranted(kind: TrackKind): void {
    const permission = kind === 'audio' ? this.microphone : this.camera;
    if (this.#isDead) throw new DOMException('the page is gone', 'AbortError');
    if (permission === 'granted') return;
    throw new DOMException(`the ${kind} source is ${permission}`, REJECTIONS[permission]);
  }

  #openTrack(kind: TrackKind): FakeTrack {
    const id = `${encodeURIComponent(this.name)}-${kind}-${++this.#tracksMade}`;
    const track = new FakeTrack(kind, id, this.#localOwner());
    this.#keep(track);
    return track;
  }

  #keep(track: FakeTrack): void {
    this.#tracks = [...this.tracks, track];
  }

  #localOwner(): TrackOwner {
    return { willChange: () => this.#world.accrue(), cloned: (track) => this.#keep(track) };
  }

  /** Of tracks from elsewhere: they open nothing here. */
  #owner(): TrackOwner {
    return { willChange: () => this.#world.accrue(), cloned: () => {} };
  }
}
