import { files, tool } from './paths.ts';
import { run } from './run.ts';
import type { Tally } from './tally.ts';

interface Check {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly advice: string;
}

function checks(): Check[] {
  const format: Check = {
    name: 'format',
    program: tool('oxfmt'),
    args: ['--check', '.'],
    advice: '`npm run format` formats every file.',
  };
  const lint: Check = {
    name: 'lint',
    program: tool('oxlint'),
    args: ['--type-aware', '--deny-warnings'],
    advice: 'See .oxlintrc.json for the rules.',
  };
  const programs = ['tsconfig.json', ...files('{packages,apps,examples}/*/tsconfig.json')];
  const types = programs.map((project) => ({
    name: `types ${project}`,
    program: tool('tsc'),
    args: ['-p', project],
    advice: `Only this program: npx tsc -p ${project}`,
  }));
  return [format, lint, ...types];
}

async function runCheck(check: Check): Promise<boolean> {
  const { code, output } = await run(check.program, check.args);
  if (code === 0) return true;
  console.error(`✗ ${check.name}\n${output.trimEnd()}\n  ${check.advice}\n`);
  return false;
}

/** Runs format, lint and every type check, prints what fails, and says how many did. */
export async function runChecks(): Promise<Tally> {
  const started = performance.now();
  const results = await Promise.all(checks().map(runCheck));
  const passed = results.filter(Boolean).length;
  const failed = results.length - passed;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`check: ${passed} passed, ${failed} failed (format, lint, types) in ${seconds} s`);
  return { passed, failed };
}
