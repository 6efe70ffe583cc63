import { expect, test } from 'vitest';
import { checkSpec } from '../src/spec/check.ts';
import { checkPlanted } from './planted.ts';

const SPEC = '# Call\n\n- **[ANS1]** One device answers.\n- **[ANS2]** The others stop.\n';

function planted(tests: string, spec = SPEC): string[] {
  const tree = { 'packages/call/SPEC.md': spec, 'packages/call/test/a.test.ts': tests };
  return checkPlanted(checkSpec, tree);
}

test('every rule has a test and every test names a rule that exists', () => {
  expect(checkSpec()).toEqual([]);
});

test('a rule without a test is found', () => {
  expect(planted(`test('[ANS1] one answers', () => {});`)).toEqual([
    'packages/call/SPEC.md:4: [ANS2] has no test whose title begins with it',
  ]);
});

test('a rule whose test is not run is found', () => {
  const tests = `test('[ANS1] a', f);\ntest.skip('[ANS2] b', f);\ntest.todo('[ANS2] b');`;
  expect(planted(tests)).toHaveLength(1);
});

test('a test of a rule that does not exist is found', () => {
  expect(planted(`test('[ANS1] [ANS2] both', f);\ntest('[ANS3] more', f);`)).toEqual([
    'packages/call/test/a.test.ts:2: [ANS3] stands in no SPEC.md',
  ]);
});

test('a repeated id and a rule written wrongly are found', () => {
  const spec = `${SPEC}- **[ANS1]** Again.\n- **[ans4]** Small.\n`;
  expect(planted(`test('[ANS1][ANS2] both', f);`, spec)).toEqual([
    'packages/call/SPEC.md:6: a rule is written `- **[ABC1]** text`',
    'packages/call/SPEC.md:5: [ANS1] already stands at packages/call/SPEC.md:3',
  ]);
});

test('titles in tables of cases, in templates and in the whole-system tests count', () => {
  const tree = {
    'packages/call/SPEC.md': SPEC,
    'packages/call/test/a.test.ts': `test.each([['[ANS1] a', 1]])('%s', f);`,
    'simulation/test/a.test.ts': 'test(`[ANS2] with ${n} devices`, f);',
  };
  expect(checkPlanted(checkSpec, tree)).toEqual([]);
});
