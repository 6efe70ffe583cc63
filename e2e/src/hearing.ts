import { EngineVoice, SystemClock, forkEngine, loadSounds } from '@ringline/server/voice';
import type { EngineProcess, Listener, ListenAsk, VoiceSettings } from '@ringline/server/voice';
import type { Browser, Page } from 'playwright-core';
import { eventually } from './device.ts';
import { scriptOf } from './scripts.ts';

/** One log line as the voice wrote it. */
export interface Line {
  readonly level: string;
  readonly fields: object;
  readonly text: string;
}

/** The server's voice without the rest of the server, its process within reach. */
export class VoiceAlone {
  readonly voice: EngineVoice;
  readonly log: Line[] = [];
  readonly counts = { listeners: 0, restarts: 0 };
  #process: EngineProcess | undefined;

  constructor(settings: Partial<VoiceSettings> = {}) {
    const line = (level: string) => (fields: object, text: string) =>
      void this.log.push({ level, fields, text });
    const { counts } = this;
    this.voice = new EngineVoice(
      {
        startEngine: (events) => (this.#process = forkEngine(events)),
        sounds: loadSounds(),
        clock: new SystemClock(),
        log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
        metrics: {
          listenerOpened: () => void counts.listeners++,
          listenerClosed: () => void counts.listeners--,
          voiceRestarted: () => void counts.restarts++,
        },
      },
      { port: 0, publicIps: [], maxListeners: 100, plays: 2, ...settings },
    );
    this.voice.start();
  }

  /** The process that plays at this moment. */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('no process was started');
    return pid;
  }

  /** Opens a listener once the voice is there. */
  async listen(ask: ListenAsk): Promise<Hearing> {
    let hearing: Hearing | undefined;
    await eventually(() => {
      hearing ??= Hearing.open(this.voice, ask);
      return hearing !== undefined;
    }).toBe(true);
    if (hearing === undefined) throw new Error('the voice is away');
    return hearing;
  }

  async stop(): Promise<void> {
    await this.voice.stop();
  }
}

/** A listener and all that it was told. */
export class Hearing {
  readonly listener: Listener;
  readonly offers: string[];
  readonly told: readonly string[];

  private constructor(listener: Listener, offers: string[], told: readonly string[]) {
    this.listener = listener;
    this.offers = offers;
    this.told = told;
  }

  static open(voice: EngineVoice, ask: ListenAsk): Hearing | undefined {
    const offers: string[] = [];
    const told: string[] = [];
    const listener = voice.listen(ask, {
      offered: (sdp) => void offers.push(sdp),
      finished: () => void told.push('finished'),
      failed: () => void told.push('failed'),
    });
    return typeof listener === 'string' ? undefined : new Hearing(listener, offers, told);
  }

  /** The offer, as soon as it is there. */
  async offer(): Promise<string> {
    await eventually(() => this.offers.length).toBe(1);
    return this.offers[0] ?? '';
  }

  /** Lets a page take the offer under a name. */
  async takenBy(page: Page, name: string, withCandidates = false): Promise<void> {
    const offer = await this.offer();
    const taken = [name, offer, withCandidates] as const;
    this.listener.answer(await page.evaluate((args) => window.hearer.answer(...args), taken));
  }
}

/** A page that can take offers. */
export async function hearerPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.route('http://localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>hearer</title>' }),
  );
  await page.goto('http://localhost/');
  await page.addScriptTag({ content: await scriptOf('hearer') });
  return page;
}
