// Makes a fresh clone ready before any npm script runs: installs what the lockfile pins, once per
// lockfile, then requires Node 24. Plain JavaScript, because it runs on the Node the machine has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_SYSTEM_NODE = [20, 19];
const OLDEST_NODE = [24, 19];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.ringline-stamp');

function fail(...lines) {
  for (const line of lines) console.error(`ringline: ${line}`);
  process.exit(1);
}

function atLeast(version, [major, minor]) {
  const [a = 0, b = 0] = version.replace(/^v/, '').split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

function wantedStamp() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256')
    .update(lock)
    .update(process.platform)
    .update(process.arch)
    .digest('hex');
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wantedStamp();
}

function writeStamp() {
  mkdirSync(modules, { recursive: true });
  writeFileSync(stampFile, wantedStamp());
}

function install() {
  const npm = process.env.npm_execpath;
  if (!npm || !/npm-cli\.c?js$/.test(npm)) {
    fail(
      'the dependencies are missing or out of date.',
      'Run `npm ci` in the project folder, then try again.',
    );
  }
  console.error('ringline: installing the dependencies the lockfile pins (npm ci) …');
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // The system's npm warns of a Node that these scripts do not run on.
  flags.push('--loglevel=error', '--no-update-notifier');
  const result = spawnSync(process.execPath, [npm, 'ci', ...flags], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) {
    fail(
      'npm ci failed; its message stands above.',
      'Is the npm registry reachable from this machine?',
    );
  }
  writeStamp();
}

function nodeOfScripts() {
  const path = `${join(modules, '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const shell = process.platform === 'win32';
  const result = spawnSync('node', ['--version'], {
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
    shell,
  });
  return result.stdout?.trim() ?? '';
}

function requireNode() {
  const version = nodeOfScripts();
  if (atLeast(version, OLDEST_NODE)) return;
  fail(
    `Node ${OLDEST_NODE.join('.')} or newer is needed; npm scripts here run ${version || 'no Node at all'}.`,
    `The registry has no Node 24 package for ${process.platform} ${process.arch}, or it was not installed.`,
    'Install Node 24 from https://nodejs.org and try again.',
  );
}

if (!atLeast(process.version, OLDEST_SYSTEM_NODE)) {
  fail(
    `Node ${OLDEST_SYSTEM_NODE.join('.')} or newer is needed to start; this is ${process.version}.`,
    'Install a current Node from https://nodejs.org and try again.',
  );
}

if (process.argv.includes('--stamp')) {
  // An install that left things out on purpose does not count as complete.
  if (!process.env.npm_config_omit && existsSync(join(root, 'package-lock.json'))) writeStamp();
} else {
  if (!isInstalled()) install();
  requireNode();
}
