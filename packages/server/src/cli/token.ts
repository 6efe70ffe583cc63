import { mintOf } from '../auth/from-config.ts';
import { DEFAULT_TTL_SECONDS, flawOfPeer, mintToken } from '../auth/mint.ts';
import { readAsked } from './configuration.ts';
import type { Asked } from './configuration.ts';
import { EXIT } from './world.ts';
import type { ExitCode, World } from './world.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof SECONDS;

/** Who loses a token that lives longer has lost it for ever. */
const MAX_TTL_SECONDS = 366 * SECONDS.d;

/** `ringline token <user>`: prints a token and nothing else, so that scripts can take it. */
export async function token(args: readonly string[], world: World): Promise<ExitCode> {
  const asked = readAsked(args, ['name', 'avatar', 'ttl'], world);
  if (!asked) return EXIT.usage;
  const flaw = flawOf(asked);
  const mint = mintOf(asked.config.tokens);
  if (flaw !== undefined || !mint) {
    world.err(flaw ?? 'Only a public key is configured; sign tokens with its private key.');
    return EXIT.usage;
  }
  const ttlSeconds = secondsOf(asked.flags.ttl) ?? DEFAULT_TTL_SECONDS;
  world.out(await mintToken(mint, peerOf(asked), { now: world.now(), ttlSeconds }));
  return EXIT.done;
}

function flawOf(asked: Asked): string | undefined {
  if (asked.words.length !== 1) return 'Name one user: ringline token alice --name Alice --ttl 12h';
  if (asked.flags.ttl !== undefined && secondsOf(asked.flags.ttl) === undefined) {
    return `--ttl must be a time such as 90s, 30m, 12h or 7d, at most a year, is “${asked.flags.ttl}”`;
  }
  return flawOfPeer(peerOf(asked));
}

function peerOf({ words: [user = ''], flags: { name, avatar } }: Asked) {
  return { user, ...(name !== undefined && { name }), ...(avatar !== undefined && { avatar }) };
}

function secondsOf(text = ''): number | undefined {
  const [, count, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const seconds = Number(count) * SECONDS[unit as Unit];
  return seconds >= 1 && seconds <= MAX_TTL_SECONDS ? seconds : undefined;
}
