import type { RinglineError } from '../errors.ts';
import { clientError, hasCode } from '../errors.ts';
import type { DeviceKind, DeviceName, MediaDevice } from './device-list.ts';
import { idOf, kindOf, listed, nameOf, successors } from './device-list.ts';
import type { MediaPort, Permission } from './media.ts';
import type { Kinds } from './open-tracks.ts';
import { look, openExactly } from './open-tracks.ts';
import type { Attached } from './elements.ts';
import { Preview } from './preview.ts';
import type { Lease, Source } from './sources.ts';
import { isLive, Sources } from './sources.ts';
import { Speaker } from './speaker.ts';

export type { Lease } from './sources.ts';

/** Ids of the chosen devices; the system's default of a kind where there is none. */
export interface Chosen {
  readonly microphone?: string | undefined;
  readonly camera?: string | undefined;
  readonly speaker?: string | undefined;
}

/** A choice: an id, null for the system's default, undefined to leave a kind as it is. */
export type Choice = { readonly [Kind in DeviceKind]?: string | null | undefined };

/** A device was lost in a call or came back, and another one took over. */
export interface DeviceReplaced {
  readonly kind: DeviceKind;
  /** Undefined when there was none before. */
  readonly from: DeviceName | undefined;
  /** Undefined when there is none left. */
  readonly to: DeviceName | undefined;
}

/** Whether a device could be opened: `missing` means that there is none, `unknown` that the browser does not tell. */
export type Access = Permission | 'missing' | 'unavailable' | 'unknown';

/** Microphone, camera and speaker, as the app may choose them. */
export interface DeviceChoice {
  readonly chosen: Chosen;
  /** What there is. Before the user has allowed access labels and ids are empty. */
  list(): Promise<readonly MediaDevice[]>;
  /**
   * Takes these devices, in every call that goes on at once, and in those to come. Rejects as
   * `Call.accept` does, or with `speaker-unavailable`; then all stays as it was.
   */
  choose(choice: Choice): Promise<void>;
  /** Whether a microphone or camera could be opened, without opening or asking. */
  access(kind: 'microphone' | 'camera'): Promise<Access>;
  /** Shows the chosen camera in this element until it is taken away by null; rejects as `Call.accept` does. */
  preview(element: Attached | null): Promise<void>;
}

/** What the devices tell their client. */
export interface DevicesEvents {
  changed(devices: readonly MediaDevice[]): void;
  replaced(change: DeviceReplaced): void;
}

/** The devices of one client: which are chosen, which are open, and which take over when one is lost. */
export class Devices implements DeviceChoice {
  readonly speaker: Speaker;
  readonly #media: MediaPort;
  readonly #events: DevicesEvents;
  readonly #sources: Sources;
  readonly #preview: Preview;
  #chosen: Chosen = {};
  #turns: Promise<unknown> = Promise.resolve();
  #unwatch: (() => void) | undefined;

  constructor(media: MediaPort, events: DevicesEvents) {
    this.#media = media;
    this.#events = events;
    this.#sources = new Sources(media, (source) => this.#lost(source));
    this.speaker = new Speaker(() => media.createPlayer?.());
    this.#preview = new Preview(media, this);
  }

  get chosen(): Chosen {
    return this.#chosen;
  }

  /** Follows what is plugged and unplugged, until `unwatch`. */
  watch(): void {
    this.#unwatch ??= this.#media.onDeviceChange?.(() => void this.#changed());
  }

  unwatch(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  async list(): Promise<readonly MediaDevice[]> {
    return listed(await look(this.#media));
  }

  async choose({ speaker, ...others }: Choice): Promise<void> {
    for (const kind of ['microphone', 'camera'] as const) {
      const choice = others[kind];
      if (choice !== undefined) await this.#inTurn(() => this.#choose(kind, choice));
    }
    if (speaker === undefined) return;
    await this.speaker.move(speaker ?? undefined);
    this.#chosen = { ...this.#chosen, speaker: speaker ?? undefined };
  }

  async access(kind: 'microphone' | 'camera'): Promise<Access> {
    const media = this.#media;
    if (media.enumerateDevices === undefined) return 'unknown';
    try {
      const devices = listed(await media.enumerateDevices());
      const told = (await media.permission?.(kind)) ?? 'unknown';
      const isThere = told === 'forbidden' || devices.some((device) => device.kind === kind);
      return isThere ? told : 'missing';
    } catch {
      // A page that is not secure has no media devices.
      return 'unavailable';
    }
  }

  async preview(element: Attached | null): Promise<void> {
    await this.#preview.attach(element, true);
  }

  /** Clones of what is wanted, from the chosen devices or those in their place. */
  open(wanted: Kinds): Promise<Lease> {
    return this.#sources.open(wanted, this.#chosen);
  }

  async #choose(kind: 'microphone' | 'camera', choice: string | null): Promise<void> {
    const id = choice ?? undefined;
    const source = this.#sources.get(kind === 'microphone' ? 'audio' : 'video');
    const isAlready = id === undefined ? this.#chosen[kind] === id : source && hasId(source, id);
    if (source && !(isAlready && isLive(source))) await this.#switch(source, id);
    this.#chosen = { ...this.#chosen, [kind]: id };
  }

  /** Opens another device of the same kind, and closes the old one. */
  async #switch(source: Source, id: string | undefined): Promise<void> {
    const { track } = source;
    const isAudio = track.kind === 'audio';
    const kinds = { audio: isAudio, video: !isAudio };
    const open = () => openExactly(this.#media, kinds, { [kindOf(track)]: id });
    const [opened] = await open().catch((error: unknown) => {
      // Phones open no second camera beside the first; a moment without a picture does no harm.
      if (isAudio || !isLive(source) || !hasCode(error, 'device-busy')) throw error;
      for (const clone of [...source.clones, source]) clone.track.stop();
      return open().catch((again: unknown) => {
        this.#lost(source);
        throw again;
      });
    });
    if (opened) await this.#sources.swap(source, opened);
  }

  /** One after the other: a device that is lost while another is chosen waits for it. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turns.then(act);
    this.#turns = turn.catch(() => {});
    return turn;
  }

  #lost(source: Source): void {
    void this.#inTurn(() => this.#takeOver(source, nameOf(source.track)));
  }

  /** The source has no device any more, or had none before: the next best one follows. */
  async #takeOver(source: Source, from?: DeviceName): Promise<void> {
    const lost = source.track;
    const kind = kindOf(lost);
    if (isLive(source) || source.clones.size === 0) return;
    let error = clientError('no-device');
    for (const id of successors(await look(this.#media), lost, this.#chosen[kind])) {
      try {
        await this.#switch(source, id);
        return this.#tell(kind, from, nameOf(source.track));
      } catch (fault) {
        error = fault as RinglineError;
      }
    }
    if (from === undefined) return;
    this.#sources.vacate(source, error);
    this.#tell(kind, from, undefined);
  }

  #tell(kind: DeviceKind, from: DeviceName | undefined, to: DeviceName | undefined): void {
    this.#events.replaced({ kind, from, to });
  }

  async #changed(): Promise<void> {
    const devices = await this.list();
    this.#events.changed(devices);
    await this.#inTurn(async () => {
      for (const source of this.#sources.all) await this.#follow(source, devices);
      await this.#followSpeaker(devices.filter(({ kind }) => kind === 'speaker'));
    });
  }

  /** Takes what is there again: any device where there was none, the chosen one where another stood in. */
  async #follow(source: Source, devices: readonly MediaDevice[]): Promise<void> {
    if (!isLive(source)) return this.#takeOver(source);
    const from = nameOf(source.track);
    const chosen = devices.find(({ id }) => id === this.#chosen[from.kind]);
    if (chosen === undefined || hasId(source, chosen.id)) return;
    await this.#switch(source, chosen.id).then(
      () => this.#tell(from.kind, from, chosen),
      () => {}, // The one that stands in goes on.
    );
  }

  async #followSpeaker(speakers: readonly MediaDevice[]): Promise<void> {
    const { speaker } = this;
    const before = speaker.id;
    const chosen = speakers.find(({ id }) => id === this.#chosen.speaker);
    const to = chosen ?? speakers[0];
    const after = chosen?.id ?? '';
    if (!speaker.isUsed || before === after) return;
    const from = before === '' ? speakers[0] : { kind: 'speaker' as const, id: before, label: '' };
    await speaker.move(after).catch(() => {});
    this.#tell('speaker', from, to);
  }
}

function hasId({ track }: Source, id: string): boolean {
  return idOf(track) === id;
}
