import { VERIFICATION_ERRORS } from '@ringline/server-kit';
import { expect, test } from 'vitest';
import { readComments } from '../src/docs/comments.ts';
import { blocksOf, codeSpansOf, documentAt, sectionOf, tablesOf } from '../src/docs/documents.ts';
import { run } from '../src/run.ts';

const page = documentAt('docs/server-kit.md').text;
const types = readComments(['packages/server-kit/src/*.ts']);

/** All that stands in code in the first column of a section's table. */
function listed(heading: string, header: string): string[] {
  const rows = tablesOf(sectionOf(page, heading)).get(header) ?? [];
  return rows.flatMap(([cell = '']) => codeSpansOf(cell)).toSorted();
}

const fieldsOf = (name: string) => [...(types.get(name)?.fields.keys() ?? [])].toSorted();

test('docs/server-kit.md lists every error with what to do about it', () => {
  const rows = tablesOf(sectionOf(page, 'Errors')).get('Code') ?? [];
  expect(rows.map(([code = '', meaning]) => [code.replaceAll('`', ''), meaning])).toEqual(
    Object.entries(VERIFICATION_ERRORS),
  );
});

test('docs/server-kit.md lists every option of a webhook, and of a token', () => {
  expect(listed('Webhooks', 'Option')).toEqual(fieldsOf('SignedRequest'));
  const keys = ['privateKey', 'secret'];
  expect(listed('Tokens', 'Option')).toEqual([...fieldsOf('TokenClaims'), ...keys].toSorted());
});

test('a token can carry every claim of docs/tokens.md', () => {
  const names: Record<string, string> = {
    sub: 'user',
    exp: 'ttlSeconds',
    iat: 'now',
    aud: 'audience',
    iss: 'issuer',
  };
  const rows = tablesOf(sectionOf(documentAt('docs/tokens.md').text, 'Claims')).get('Claim') ?? [];
  const claims = rows
    .flatMap(([cell = '']) => codeSpansOf(cell))
    .filter((claim) => claim !== 'nbf');
  const fields = claims.map((claim) => names[claim] ?? claim);
  expect(fields.filter((field) => !fieldsOf('TokenClaims').includes(field))).toEqual([]);
  expect(claims.length).toBeGreaterThan(10);
});

test('the program of docs/server-kit.md does what the page says', async () => {
  const [program] = blocksOf(page).filter(({ info }) => info === 'ts run');
  const [output] = blocksOf(page).filter(({ info }) => info === 'text');
  const flags = ['--input-type=module-typescript', '--eval', program?.code ?? ''];
  expect(await run(process.execPath, flags)).toEqual({ code: 0, output: output?.code });
});
