import { spawn } from 'node:child_process';
import { ROOT } from './paths.ts';

/** What a finished program said: its exit code and both its streams, in order of arrival. */
export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Runs a program in the project folder and keeps what it says. */
export function run(program: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, shell: process.platform === 'win32' });
    let output = '';
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs a program in the project folder with this terminal and returns its exit code. */
export function runHere(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32';
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', shell });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
