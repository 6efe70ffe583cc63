import type { VirtualClock } from '../clock.ts';
import { FakeMediaDevice } from './device.ts';
import { Link } from './link.ts';
import type { MediaTimes, PathTrouble } from './link.ts';
import type { FakeIceServer, FakePeerConnection } from './peer-connection.ts';
import { Traffic } from './traffic.ts';
import type { FakeTrack, TrackKind } from './track.ts';

const TIMES: MediaTimes = {
  openMs: 10,
  gatherMs: 5,
  connectMs: 100,
  disconnectedMs: 5_000,
  failedMs: 15_000,
};

const CALM: PathTrouble = { lossRatio: 0, rttMs: 20 };

/** A world of microphones, cameras and peer connections without media, under a virtual clock. */
export class FakeMedia {
  readonly clock: VirtualClock;
  readonly times: MediaTimes;
  /** Whether a TURN server lets these credentials in: without, nothing is relayed. */
  turnAdmits: (server: FakeIceServer) => boolean = () => true;
  readonly #devices = new Map<string, FakeMediaDevice>();
  readonly #connections = new Map<string, FakePeerConnection>();
  readonly #links = new Set<Link>();
  readonly #cutOff = new Set<string>();
  readonly #troubles = new Map<string, PathTrouble>();
  readonly #traffic: Traffic;
  #connectionsMade = 0;

  constructor(clock: VirtualClock, times: Partial<MediaTimes> = {}) {
    this.clock = clock;
    this.times = { ...TIMES, ...times };
    this.#traffic = new Traffic(clock, (device) => this.troubleOf(device));
  }

  /** The media of one device; fits the SDK's `Media` port. The same name gives the same device. */
  device(name: string): FakeMediaDevice {
    const known = this.#devices.get(name);
    if (known !== undefined) return known;
    const device = new FakeMediaDevice(name, this);
    this.#devices.set(name, device);
    return device;
  }

  /** The names of the devices whose microphone is open: empty when all is quiet. */
  get openMicrophones(): string[] {
    return this.#devicesWithOpen('audio');
  }

  /** The names of the devices whose camera is on. */
  get openCameras(): string[] {
    return this.#devicesWithOpen('video');
  }

  /** Cuts a device's path for media: packets stop, and its connections fail unless it is restored. */
  cut(device: string): void {
    if (this.#cutOff.has(device)) return;
    const links = this.#linksOf(device).filter((link) => !this.#isCutOff(link));
    this.#cutOff.add(device);
    for (const link of links) link.cut();
  }

  /** Mends a cut; what has failed meanwhile needs an ICE restart. */
  restore(device: string): void {
    if (!this.#cutOff.delete(device)) return;
    for (const link of this.#linksOf(device)) if (!this.#isCutOff(link)) link.restore();
  }

  /** From now on this share of the packets to a device is lost, and a round trip takes so long. */
  disturb(device: string, trouble: Partial<PathTrouble>): void {
    this.#traffic.count();
    this.#troubles.set(device, { ...CALM, ...trouble });
  }

  /** What the way to a device does to packets now. */
  troubleOf(device: string): PathTrouble {
    return this.#troubles.get(device) ?? CALM;
  }

  /** Fails every connection of a device now; an ICE restart repairs it. */
  fail(device: string): void {
    for (const link of this.#linksOf(device)) link.fail();
  }

  /** A name for a new connection's certificate. */
  nextFingerprint(device: string): string {
    return `${encodeURIComponent(device)}.${++this.#connectionsMade}`;
  }

  register(connection: FakePeerConnection): void {
    this.#connections.set(connection.fingerprint, connection);
  }

  /** Called by a connection whose negotiation went on: two may fit together now. */
  negotiated(one: FakePeerConnection): void {
    const other = this.#connections.get(one.remoteFingerprint ?? '');
    if (other === undefined || !one.fits(other) || !other.fits(one)) return;
    // The first check shows the other side where it came from (RFC 8445 §7.3.1.3).
    if (!one.hasCandidate && !other.hasCandidate) return;
    const key = keyOf(one, other);
    if (one.link?.key !== key) this.#connect(one, other, key);
  }

  /** Called by a connection that closes: to the other side it is as a cut that nobody restores. */
  closed(connection: FakePeerConnection): void {
    this.#connections.delete(connection.fingerprint);
    const { link } = connection;
    if (link === undefined) return;
    link.cut();
    this.#forget(link);
  }

  /** Counts the packets that flowed until now; called before something changes. */
  accrue(): void {
    this.#traffic.count();
  }

  /** Called after something changed that may let packets flow. */
  flowMayHaveBegun(): void {
    this.#traffic.unmute();
  }

  #connect(one: FakePeerConnection, other: FakePeerConnection, key: string): void {
    const { clock, times } = this;
    const flowChanges = (change: () => void) => {
      this.#traffic.count();
      change();
      this.#traffic.unmute();
    };
    const link = new Link({ clock, times, ends: [one, other], key, flowChanges });
    const goesOn = one.link?.flows === true && other.link === one.link;
    for (const old of new Set([one.link, other.link])) this.#replace(old);
    one.link = link;
    other.link = link;
    this.#links.add(link);
    this.#traffic.add(link);
    link.start({ isCut: this.#isCutOff(link), goesOn });
  }

  #replace(link: Link | undefined): void {
    if (link === undefined) return;
    link.end();
    this.#forget(link);
  }

  #forget(link: Link): void {
    this.#links.delete(link);
    this.#traffic.remove(link);
  }

  #linksOf(device: string): Link[] {
    return [...this.#links].filter((link) => link.ends.some((end) => end.device === device));
  }

  #isCutOff(link: Link): boolean {
    return link.ends.some((end) => this.#cutOff.has(end.device));
  }

  #devicesWithOpen(kind: TrackKind): string[] {
    const isOpen = (track: FakeTrack) => track.kind === kind && track.readyState === 'live';
    const open = [...this.#devices.values()].filter((device) => device.tracks.some(isOpen));
    return open.map((device) => device.name);
  }
}

function keyOf(one: FakePeerConnection, other: FakePeerConnection): string {
  const [first, second] = one.fingerprint < other.fingerprint ? [one, other] : [other, one];
  return `${first.ufrag} ${second.ufrag}`;
}
