import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespace.ts';

const OPEN_TUNS = fileURLToPath(new URL('open-tuns.pl', import.meta.url));
const CARRY = fileURLToPath(new URL('carry.ts', import.meta.url));

/** How well a line carries. */
export interface LineState {
  /** What each packet takes from one end to the other. */
  readonly delayMs: number;
  /** How many of the UDP packets are lost, from 0 to 1. */
  readonly lossRatio: number;
  /** What it carries in each direction, in kbit/s; what does not fit waits a little, then is lost. */
  readonly kbps: number;
}

/** A line that lets everything through at once. */
export const GOOD_LINE: LineState = { delayMs: 0, lossRatio: 0, kbps: 1_000_000 };

/** One line between a home and the internet. */
export interface LineParts {
  readonly home: Namespace;
  readonly internet: Namespace;
  /** Unique in the internet: the third byte of its addresses. */
  readonly number: number;
  /** The interface's name at home, as `wlan0`. */
  readonly name: string;
  /** How well it carries to begin with; absent: as good as the machine, and never worse. */
  readonly state?: Partial<LineState> | undefined;
}

/** A line by which a home reaches the internet: an interface at either end, up or down. */
export class Line {
  readonly #parts: LineParts;
  #carrier: ChildProcess | undefined;

  private constructor(parts: LineParts) {
    this.#parts = parts;
  }

  /** Lays the line; it is down. */
  static async lay(parts: LineParts): Promise<Line> {
    const line = new Line(parts);
    await (parts.state === undefined ? line.#join() : line.#carry(parts.state));
    await parts.internet.ip('addr', 'add', `${line.#far}/30`, 'dev', line.#farName);
    await parts.internet.ip('link', 'set', line.#farName, 'up');
    return line;
  }

  /** The home's address on this line. */
  get address(): string {
    return addressOf(this.#parts.number, 2);
  }

  /** Plugs it in: the home has its address, and sends what is for elsewhere over it unless an earlier line is up. */
  async up(): Promise<void> {
    const { home, name, number } = this.#parts;
    await home.ip('addr', 'replace', `${this.address}/30`, 'dev', name);
    await home.ip('link', 'set', name, 'up');
    const metric = String(100 + number);
    await home.ip('route', 'replace', 'default', 'via', this.#far, 'dev', name, 'metric', metric);
  }

  /** Unplugs it: interface, address and route are gone, and so is what was under way. */
  async down(): Promise<void> {
    const { home, name } = this.#parts;
    await home.ip('addr', 'flush', 'dev', name);
    await home.ip('link', 'set', name, 'down');
  }

  /** Carries better or worse from now on; of lines that were laid with a state. */
  async become(state: Partial<LineState>): Promise<void> {
    const { stdin, stdout } = this.#carrier ?? {};
    if (!stdin || !stdout) throw new Error('This line was laid without a state: it cannot change.');
    const changed = once(stdout, 'data');
    stdin.write(`${JSON.stringify({ ...GOOD_LINE, ...state })}\n`);
    await changed;
  }

  async remove(): Promise<void> {
    if (this.#carrier === undefined) return;
    const ended = once(this.#carrier, 'exit');
    this.#carrier.kill('SIGKILL');
    await ended;
  }

  get #far(): string {
    return addressOf(this.#parts.number, 1);
  }

  get #farName(): string {
    return `line${this.#parts.number}`;
  }

  async #join(): Promise<void> {
    const { home, internet, name } = this.#parts;
    const far = ['peer', 'name', this.#farName, 'netns', internet.name];
    await home.ip('link', 'add', name, 'type', 'veth', ...far);
  }

  /** Two TUN interfaces with a process between them; an interface may move, its other end stays. */
  async #carry(state: Partial<LineState>): Promise<void> {
    const { home, internet, name } = this.#parts;
    const near = `near${this.#parts.number}`;
    const program = [process.execPath, CARRY, JSON.stringify({ ...GOOD_LINE, ...state })];
    const [ip, args] = internet.command('perl', OPEN_TUNS, near, this.#farName, ...program);
    this.#carrier = spawn(ip, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await ready(this.#carrier);
    await internet.ip('link', 'set', near, 'netns', home.name, 'name', name);
  }
}

function addressOf(line: number, end: 1 | 2): string {
  return `198.18.${line}.${end}`;
}

async function ready(carrier: ChildProcess): Promise<void> {
  const ended = once(carrier, 'exit').then(([code]) => {
    throw new Error(`The carrier of a line ended with code ${String(code)}.`);
  });
  if (carrier.stdout !== null) await Promise.race([once(carrier.stdout, 'data'), ended]);
  ended.catch(() => undefined);
}
