import { readFileSync } from 'node:fs';
import { decideInvitation, invitationEventsBetween } from '@ringline/call';
import { EVENT_TYPES, INVITATION_FAILURES } from '@ringline/protocol';
import type { WebhookEvent } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { authenticatorOf } from '../../src/auth/from-config.ts';
import { Claims } from '../../src/auth/claims.ts';
import { HTTP_ERRORS } from '../../src/http/errors.ts';
import { COPY_OUT_FORMS } from '../../src/store/outbox.ts';
import { SystemClock } from '../../src/system-clock.ts';
import { RETRY_DELAYS_MS } from '../../src/webhooks/back-off.ts';
import { readEndpoints } from '../../src/webhooks/endpoint-schema.ts';

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

test('the endpoints of docs/webhooks.md are read as they stand there', () => {
  const [, json = ''] = /```json\n([^]*?)```/.exec(docs('webhooks.md')) ?? [];
  const read = readEndpoints(json);
  expect(read).toMatchObject({ value: [{ format: 'standard' }, { format: 'netease' }] });
});

test('the bare invitation of docs/webhooks.md is told as it stands there', () => {
  const [, json = ''] = /```json\n[^]*?```[^]*?```json\n([^]*?)```/.exec(docs('webhooks.md')) ?? [];
  const { timestamp, data, ...event } = JSON.parse(json) as WebhookEvent;
  if (!('offline' in data && 'sentAt' in data)) throw new Error('it is another event');
  const { invitation, caller, callee, content = '', sentAt } = data;
  const asked = { type: 'rtm-invite', invitation, to: callee.user, content, channel: '' } as const;
  const world = { open: 0, incoming: 0, between: 0, isCalleeHere: false, invitation: undefined };
  const by = { user: caller.user, device: 'page' };
  const sent = decideInvitation(world, { ...asked, by }, Date.parse(timestamp)).invitation;
  const [told] = sent ? invitationEventsBetween(undefined, sent) : [];
  expect({ ...event, data }).toEqual({ ...told, data: { ...told?.data, sequence: 1 } });
  expect(sentAt).toBe(Date.parse(timestamp));
  const outcomes = [...INVITATION_FAILURES, 'accepted', 'refused', 'cancelled', 'failed'];
  for (const word of outcomes) expect(docs('webhooks.md')).toContain(`\`${word}\``);
});

test('docs/webhooks.md describes every event, every copy-out and every retry', () => {
  const described = firstCells(docs('webhooks.md'));
  for (const word of [...EVENT_TYPES, ...COPY_OUT_FORMS]) expect(described).toContain(word);
  const waits = RETRY_DELAYS_MS.map((ms) => ms / 1000);
  expect(waits).toEqual([5, 20, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 129_600]);
  expect(docs('webhooks.md')).toContain(
    'after 5 s, 20 s, 1, 5 and 15 minutes, 1, 3, 6, 12, 24 and 36 hours',
  );
});
