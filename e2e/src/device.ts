import type {
  AcceptOptions,
  CallOptions,
  CallRecord,
  Choice,
  EndOptions,
  MediaDevice,
  RefuseOptions,
  ReplyOptions,
  ResumeOptions,
} from '@ringline/client';
import { setTimeout as pass } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CallSeen, Went, Wishes } from '../pages/device.ts';
import type { DevicesUsed, Played, Received } from '../pages/probe.ts';

/**
 * Longer than anything a test waits for but the graces, on a machine that is busy with other things:
 * there a connection, its first picture or a server's start take ten times as long as they should.
 */
export const SOON_MS = 60_000;

/** Waits until a look gives what is expected; fails with the last look. */
export function eventually<T>(look: () => Promise<T> | T, timeout = SOON_MS) {
  return expect.poll(look, { timeout, interval: 50 });
}

/** One device of a user: a page with the SDK, remote-controlled. */
export class Device {
  readonly user: string;
  /** Undefined: the tab's own. */
  readonly deviceId: string | undefined;
  readonly page: Page;
  readonly context: BrowserContext;

  constructor(user: string, deviceId: string | undefined, page: Page) {
    this.user = user;
    this.deviceId = deviceId;
    this.page = page;
    this.context = page.context();
  }

  /** Signs in; also after a reload of the page. */
  async connect(token: string, wishes: Wishes = {}): Promise<void> {
    const { deviceId } = this;
    await this.page.evaluate((options) => window.device.connect(options), {
      token,
      deviceId,
      ...wishes,
    });
  }

  call(to: Device | string, options: CallOptions = {}): Promise<Went> {
    const user = typeof to === 'string' ? to : to.user;
    return this.page.evaluate(([u, o]) => window.device.call(u, o), [user, options] as const);
  }

  accept(options?: AcceptOptions): Promise<Went> {
    return this.page.evaluate((o) => window.device.accept(o), options);
  }

  refuse(options?: RefuseOptions): Promise<Went> {
    return this.page.evaluate((o) => window.device.refuse(o), options);
  }

  cancel(): Promise<Went> {
    return this.page.evaluate(() => window.device.cancel());
  }

  end(options?: EndOptions): Promise<Went> {
    return this.page.evaluate((o) => window.device.end(o), options);
  }

  mute(on: boolean): Promise<void> {
    return this.page.evaluate((o) => window.device.mute(o), on);
  }

  camera(on: boolean): Promise<Went> {
    return this.page.evaluate((o) => window.device.camera(o), on);
  }

  hold(): Promise<Went> {
    return this.page.evaluate(() => window.device.hold());
  }

  resume(options?: ResumeOptions): Promise<Went> {
    return this.page.evaluate((o) => window.device.resume(o), options);
  }

  /** From now on the buttons are those of the call with this device's user. */
  turnTo({ user }: Device): Promise<void> {
    return this.page.evaluate((u) => window.device.turnTo(u), user);
  }

  swap(): Promise<Went> {
    return this.page.evaluate(() => window.device.swap());
  }

  /** What the server's voice says to this device. */
  voice(): Promise<string | undefined> {
    return this.page.evaluate(() => window.device.voice);
  }

  /** What was received of the server's voice. */
  receivedOfVoice(): Promise<Received> {
    return this.page.evaluate(() => window.probe.receivedOfVoice());
  }

  /** The frequencies that are heard of the other sides of calls, or of the voice, over so many milliseconds. */
  pitches(of: 'calls' | 'voice', ms: number): Promise<readonly number[]> {
    return this.page.evaluate((args) => window.probe.pitches(...args), [of, ms] as const);
  }

  addVideo(): Promise<Went> {
    return this.page.evaluate(() => window.device.addVideo());
  }

  replyVideo(accept: boolean, options?: ReplyOptions): Promise<Went> {
    return this.page.evaluate(([a, o]) => window.device.replyVideo(a, o), [
      accept,
      options,
    ] as const);
  }

  removeVideo(): Promise<Went> {
    return this.page.evaluate(() => window.device.removeVideo());
  }

  /** Shows the newest call in other elements of the page. */
  moveTo(local: string, remote: string): Promise<void> {
    return this.page.evaluate(([l, r]) => window.device.moveTo(l, r), [local, remote] as const);
  }

  /** What an element of the page plays. */
  played(id: string): Promise<Played> {
    return this.page.evaluate((i) => window.probe.played(i), id);
  }

  /** Whether the SDK's own tone sounds on this page. */
  hearsTone(): Promise<boolean> {
    return this.page.evaluate(() => window.probe.tone());
  }

  /** How many tones of the SDK's own this page has begun. */
  tonesBegun(): Promise<number> {
    return this.page.evaluate(() => window.probe.tonesBegun);
  }

  /** Plays held back sound without any gesture. */
  play(): Promise<Went> {
    return this.page.evaluate(() => window.device.play());
  }

  choose(choice: Choice): Promise<Went> {
    return this.page.evaluate((c) => window.device.choose(c), choice);
  }

  /** What the SDK lists. */
  listed(): Promise<readonly MediaDevice[]> {
    return this.page.evaluate(() => window.device.devices());
  }

  access(kind: 'microphone' | 'camera'): Promise<string> {
    return this.page.evaluate((k) => window.device.access(k), kind);
  }

  replaced(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.device.replaced());
  }

  unplug(label: string): Promise<void> {
    return this.page.evaluate((l) => window.probe.unplug(l), label);
  }

  seen(): Promise<CallSeen | undefined> {
    return this.page.evaluate(() => window.device.seen());
  }

  ownId(): Promise<string | undefined> {
    return this.page.evaluate(() => window.device.id);
  }

  connection(): Promise<string> {
    return this.page.evaluate(() => window.device.connection);
  }

  events(): Promise<Readonly<Record<string, readonly string[]>>> {
    return this.page.evaluate(() => window.device.events());
  }

  records(): Promise<readonly CallRecord[]> {
    return this.page.evaluate(() => window.device.records());
  }

  received(): Promise<Received> {
    return receivedBy(this.page);
  }

  devicesUsed(): Promise<DevicesUsed> {
    return this.page.evaluate(() => window.probe.devices());
  }

  connections(): Promise<number> {
    return this.page.evaluate(() => window.probe.connections);
  }

  /** Waits until this device sees its newest call like this. */
  async sees(expected: Partial<CallSeen>, timeout?: number): Promise<void> {
    await eventually(() => this.seen(), timeout).toMatchObject(expected);
  }
}

/** What a page has received. */
export function receivedBy(page: Page): Promise<Received> {
  return page.evaluate(() => window.probe.received());
}

/** Waits until a page receives more than it has: sound that is not silence, and pictures. */
export async function expectFlow(
  page: Page,
  kind: 'audio' | 'video' | 'both',
  timeout?: number,
): Promise<void> {
  const before = await receivedBy(page);
  await eventually(async () => {
    const now = await receivedBy(page);
    return {
      sounds: now.audioEnergy > before.audioEnergy + 0.001,
      packets: now.audioPackets > before.audioPackets + 10,
      pictures: now.framesDecoded > before.framesDecoded + 5,
    };
  }, timeout).toMatchObject(kind === 'video' ? { pictures: true } : FLOWS[kind]);
}

const FLOWS = {
  audio: { sounds: true, packets: true },
  both: { sounds: true, packets: true, pictures: true },
} as const;

/** What was sent before is played out within this, and on a busy machine within some of it. */
const TAIL_MS = 500;
const TAILS = 6;
/** And what a machine that stood still has left lying, within this; what goes on for longer fails. */
const QUIET_WITHIN_MS = 15_000;
/** Less than any sound. */
const NO_SOUND = 0.0001;
/** Speech and a test tone pause for less. */
const SILENCE_MS = 2_000;
/** Silence takes 20 bytes meanwhile (DTX), a voice or a tone 8,000. */
const SILENT_BYTES = 1_000;

/** What the page has received once what it was sent before is played out, if it ever is. */
async function playedOut(page: Page): Promise<Received> {
  let before = await receivedBy(page);
  for (let i = 0; i < TAILS; i++) {
    await pass(TAIL_MS);
    const now = await receivedBy(page);
    if (now.audioEnergy - before.audioEnergy < NO_SOUND) return now;
    before = now;
  }
  return before;
}

/**
 * Waits until a page goes on playing, and for two seconds nothing of it is sound, or a new picture. A
 * busy machine may be late with what was sent before, so it is looked at again within QUIET_WITHIN_MS.
 */
export async function expectNoMore(
  page: Page,
  ...what: readonly ('sound' | 'pictures')[]
): Promise<void> {
  await eventually(() => coming(page), QUIET_WITHIN_MS).toMatchObject({
    ...(what.includes('pictures') && { pictures: 0 }),
    ...(what.includes('sound') && QUIET),
  });
}

const QUIET = { isPlaying: true, isHeard: false, isSent: false } as const;

/** What comes to a page within two seconds, once what it was sent before is played out. */
async function coming(page: Page) {
  const before = await playedOut(page);
  await pass(SILENCE_MS);
  const now = await receivedBy(page);
  return {
    pictures: now.framesDecoded - before.framesDecoded,
    isPlaying: now.audioSeconds - before.audioSeconds > SILENCE_MS / 2_000,
    isHeard: now.audioEnergy - before.audioEnergy >= NO_SOUND,
    // The page would not play it in any case: it must not be sent either.
    isSent: now.audioBytes - before.audioBytes >= SILENT_BYTES,
  };
}
