import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newFile, openStore } from './sqlite-files.ts';

const COMMITTING = fileURLToPath(new URL('committing-process.ts', import.meta.url));

test('a process killed while it commits loses nothing acknowledged and doubles nothing', async () => {
  const file = newFile();
  const acknowledged: string[] = [];
  for (let run = 1; run <= 4; run++) {
    acknowledged.push(...(await killWhileCommitting(file, run, 50 + run * 130)));
    await expectWhole(file, acknowledged);
  }
});

/** Starts a committing process, kills it after so many acknowledgements, and returns all that it gave. */
async function killWhileCommitting(file: string, run: number, after: number): Promise<string[]> {
  const child = spawn(process.execPath, [COMMITTING, file, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > after) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return output.split('\n').filter((line) => line !== '');
}

async function expectWhole(file: string, acknowledged: readonly string[]): Promise<void> {
  const store = openStore(file);
  const items = await store.inbox('bob', 0, 1e6);
  expect(items.map(({ cursor }) => cursor)).toEqual(items.map((_, i) => i + 1));
  const ids = new Set(items.map(({ id }) => id));
  expect(ids.size).toBe(items.length);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  const records = await store.records({ user: 'bob', limit: 1e6 });
  const texts = items.map(({ body }) => (body.kind === 'text' ? body.text : ''));
  expect(records.map(({ record }) => record.call).toSorted()).toEqual(texts.toSorted());
  for (const call of texts) expect((await store.call(call))?.version).toBe(2);
  await store.close();
}
