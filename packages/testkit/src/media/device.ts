import type { FakeHardware, FakeWish, Permission } from './hardware.ts';
import { HardwareShelf } from './hardware.ts';
import type { FakeMedia } from './media.ts';
import { FakePeerConnection } from './peer-connection.ts';
import type { FakeConfiguration, MediaWorld } from './peer-connection.ts';
import { FakePlayer } from './player.ts';
import { FakeStream, FakeTrack } from './track.ts';
import type { TrackKind, TrackOwner } from './track.ts';

const REJECTIONS = {
  denied: ['Permission denied', 'NotAllowedError'],
  'denied-by-system': ['Permission denied by system', 'NotAllowedError'],
  forbidden: ['Permission denied', 'NotAllowedError'],
  missing: ['Requested device not found', 'NotFoundError'],
} as const;

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
  readonly #shelf = new HardwareShelf();
  readonly #tones = new Set<FakeStream>();
  readonly #gestures = new Set<() => void>();
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
    readonly audio?: FakeWish;
    readonly video?: FakeWish;
  }): Promise<FakeStream> {
    await new Promise<void>((resolve) =>
      this.#world.clock.after(this.#world.times.openMs, resolve),
    );
    const { audio = false, video = false } = wanted;
    const wishes = ([['audio', audio] as const, ['video', video] as const] as const).filter(
      ([, wish]) => wish !== false,
    );
    if (wishes.length === 0) throw new TypeError('neither audio nor video is wanted');
    for (const [kind] of wishes) this.#ask(kind);
    const picked = wishes.map(([kind, wish]) => [kind, this.#shelf.pick(kind, wish)] as const);
    const stream = this.createStream();
    for (const [kind, hardware] of picked) stream.addTrack(this.#openTrack(kind, hardware));
    return stream;
  }

  /** Devices that another program uses: they cannot be opened. */
  get busy(): Set<string> {
    return this.#shelf.busy;
  }

  /** Another microphone, camera or speaker is there, and the page is told. */
  plug(hardware: FakeHardware): void {
    this.#shelf.plug(hardware);
  }

  /** One is gone: its tracks end, and the page is told. */
  unplug(deviceId: string): void {
    for (const track of this.tracks) if (track.hardware?.deviceId === deviceId) track.lose();
    this.#shelf.unplug(deviceId);
  }

  async enumerateDevices(): Promise<readonly FakeHardware[]> {
    await Promise.resolve();
    return this.#shelf.shown((kind) => this.#permissionOf(kind) === 'granted');
  }

  onDeviceChange(changed: () => void): () => void {
    return this.#shelf.listen(changed);
  }

  async permission(
    kind: 'microphone' | 'camera',
  ): Promise<'granted' | 'denied' | 'prompt' | 'forbidden'> {
    await Promise.resolve();
    const permission = this[kind];
    if (permission === 'missing') return 'prompt';
    return permission === 'denied-by-system' ? 'granted' : permission;
  }

  onGesture(run: () => void): () => void {
    this.#gestures.add(run);
    return () => void this.#gestures.delete(run);
  }

  /** The user clicks anywhere on the page: from then on it may play sound. */
  gesture(): void {
    this.isAutoplayBlocked = false;
    for (const run of this.#gestures) run();
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
    const hasSpeaker = (id: string) =>
      id === '' || this.#shelf.all.some(({ deviceId }) => deviceId === id);
    const player = new FakePlayer(() => this.isAutoplayBlocked, hasSpeaker);
    this.#players.push(player);
    return player;
  }

  /** How many tones sound. */
  get tones(): number {
    return this.#tones.size;
  }

  createTone(): { readonly stream: FakeStream; stop(): void } {
    const stream = this.createStream();
    this.#tones.add(stream);
    return { stream, stop: () => void this.#tones.delete(stream) };
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
    this.#tones.clear();
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

  #permissionOf(kind: TrackKind): Permission {
    return kind === 'audio' ? this.microphone : this.camera;
  }

  #ask(kind: TrackKind): void {
    if (this.#isDead) throw new DOMException('the page is gone', 'AbortError');
    const permission = this.#permissionOf(kind);
    if (permission === 'prompt') this[kind === 'audio' ? 'microphone' : 'camera'] = 'granted';
    else if (permission !== 'granted') throw new DOMException(...REJECTIONS[permission]);
  }

  #openTrack(kind: TrackKind, hardware: FakeHardware): FakeTrack {
    const id = `${encodeURIComponent(this.name)}-${kind}-${++this.#tracksMade}`;
    const track = new FakeTrack(kind, id, this.#localOwner(), { hardware });
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
