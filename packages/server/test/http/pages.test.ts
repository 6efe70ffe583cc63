import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createTestApp } from './fixture.ts';

const pages = mkdtempSync(join(tmpdir(), 'ringline-pages-'));
afterAll(() => rmSync(pages, { recursive: true }));
mkdirSync(join(pages, 'assets'));
writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Softphone</title>');
writeFileSync(join(pages, 'assets', 'index-abc.js'), 'export {}');
writeFileSync(join(pages, '.env'), 'SECRET=1');

const { app } = createTestApp({ pages });

test('the page is served at / and asked for anew each time', async () => {
  const answer = await app.inject('/');
  expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('Softphone')]);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
  });
});

test('what is named by its content may be kept for ever', async () => {
  const answer = await app.inject('/assets/index-abc.js');
  expect(answer.headers['content-type']).toMatch(/javascript/);
  expect(answer.headers['cache-control']).toMatch(/immutable/);
});

test('the page runs only its own scripts, is framed by nobody, and may use camera and microphone', async () => {
  const { headers } = await app.inject('/');
  expect(headers['content-security-policy']).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
  expect(headers['content-security-policy']).not.toMatch(/unsafe/);
  expect(headers['permissions-policy']).toContain('microphone=(self)');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test.each(['/missing.js', '/.env', '/../package.json', '/%2e%2e/package.json', '/assets/'])(
  'there is nothing to be had at %s',
  async (url) => {
    const answer = await app.inject(url);
    expect([403, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toMatch(/SECRET|"name"/);
  },
);

test('pages that are not built are missed with what to do', async () => {
  const { app: bare } = createTestApp();
  const answer = await bare.inject('/');
  expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('npm run pages')]);
});
