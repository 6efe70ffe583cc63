import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { authenticatorOf } from '../../src/auth/from-config.ts';
import { Claims } from '../../src/auth/claims.ts';
import { HTTP_ERRORS } from '../../src/http/errors.ts';
import { SystemClock } from '../../src/system-clock.ts';

const SECRET = 'a secret of at least thirty-two bytes, for the page';

function docs(name: string): string {
  return readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');
}

/** The first cells of the tables in a text. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, cell = '']) => cell);
}

test('the Node.js lines of docs/tokens.md make a token that the server takes', async () => {
  const [, source = ''] = /```js\n([^]*?)```/.exec(docs('tokens.md')) ?? [];
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  const { makeToken } = (await import(/* @vite-ignore */ url)) as {
    makeToken: (secret: string, user: string, name?: string) => string;
  };
  const judge = authenticatorOf({ secrets: [SECRET] }, new SystemClock());
  expect(await judge.verify(makeToken(SECRET, 'zoë', 'Zoë 📞'))).toMatchObject({
    kind: 'valid',
    identity: { peer: { user: 'zoë', name: 'Zoë 📞' } },
  });
});

test('docs/tokens.md describes every claim that is read', () => {
  const described = firstCells(docs('tokens.md'));
  expect(described).toEqual(expect.arrayContaining(Object.keys(Claims.shape)));
});

test('docs/rest.md lists every error code with its status and meaning, and no other', () => {
  const [, errors = ''] = docs('rest.md').split('## Errors');
  expect(firstCells(errors)).toEqual(Object.keys(HTTP_ERRORS));
  const flat = errors.replaceAll(/ +/g, ' ');
  for (const [code, { status, meaning }] of Object.entries(HTTP_ERRORS)) {
    expect(flat).toContain(`| \`${code}\` | ${status} | ${meaning} |`);
  }
});
