import { expect, test } from 'vitest';
import { readCommandLine } from '../../src/config/flags.ts';

const KNOWN = ['port', 'data-dir', 'ttl'];
const read = (...args: string[]) => readCommandLine(args, KNOWN);

test('flags take their value after a space or an equals sign; the rest are words', () => {
  expect(read('alice', '--port', '1', '--data-dir=/a=b', '--ttl=')).toEqual({
    flags: { port: '1', 'data-dir': '/a=b', ttl: '' },
    words: ['alice'],
    problems: [],
  });
});

test.each([
  [['--prot', '1'], '--prot is no flag of this command; did you mean --port?'],
  [['--datadir=x'], '--datadir is no flag of this command; did you mean --data-dir?'],
  [['--DATA-DIR', 'x'], '--DATA-DIR is no flag of this command; did you mean --data-dir?'],
  [['--colour', 'red'], '--colour is no flag of this command'],
  [['--port', '--ttl=1'], '--port needs a value, as in --port=…'],
  [['--port'], '--port needs a value, as in --port=…'],
  [['--port=1', '--port', '2'], '--port is given twice'],
])('%j is refused', (args, problem) => {
  expect(read(...args)).toMatchObject({ words: [], problems: [problem] });
});
