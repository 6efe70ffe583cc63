import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PrometheusMetrics } from '../../src/observe/prometheus-metrics.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const ALERTS = 'deploy/prometheus/alerts.yaml';
const ALERTS_TESTS = 'deploy/prometheus/alerts.test.yaml';
const DASHBOARD = 'deploy/grafana/ringline.json';
const PAGE = 'docs/operating.md';
const METRIC = /\b(?:ringline|process|nodejs)_[a-z0-9_]+\b/g;
/** What Prometheus makes of a histogram. */
const SUFFIX = /_(?:bucket|count|sum)$/;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const RULES = (parse(read(ALERTS)) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);

/** Every expression of the dashboard, wherever it stands in it. */
function expressionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'expr' && typeof each === 'string' ? [each] : expressionsIn(each),
  );
}

const EXPRESSIONS = expressionsIn(JSON.parse(read(DASHBOARD)));

/** Labels that an expression asks for, each with the values of its metric, as in `code="internal"`. */
function selectorsOf(expr: string): { metric: string; label: string; value: string }[] {
  return [...expr.matchAll(/\b(ringline_[a-z_]+)\{([^}]*)\}/g)].flatMap(([, metric = '', inside]) =>
    [...(inside ?? '').matchAll(/(\w+)=~?"([^"]*)"/g)]
      .filter(([, label]) => label !== 'instance' && label !== 'job')
      .flatMap(([, label = '', values = '']) =>
        values.split('|').map((value) => ({ metric, label, value })),
      ),
  );
}

let scrape = '';
beforeAll(async () => {
  const metrics = new PrometheusMetrics();
  metrics.callRated(4, true);
  metrics.preCallAsked('allowed', 1);
  scrape = await metrics.text();
});

const served = () => new Set([...scrape.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));

describe.each([
  [ALERTS, RULES.map(({ expr }) => expr)],
  [DASHBOARD, EXPRESSIONS],
  [PAGE, [read(PAGE)]],
])('%s', (_, texts) => {
  test('names metrics that the server has', () => {
    const named = texts.flatMap((text) => text.match(METRIC) ?? []);
    const names = served();
    const isThere = (name: string) => names.has(name) || names.has(name.replace(SUFFIX, ''));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  test('asks for labels and values that the server has', () => {
    const asked = texts.flatMap(selectorsOf);
    const missing = asked.filter(
      ({ metric, label, value }) =>
        !scrape
          .split('\n')
          .some((line) => line.startsWith(`${metric}{`) && line.includes(`${label}="${value}"`)),
    );
    expect(missing).toEqual([]);
  });
});

test('what the server counts of its own is on the dashboard', () => {
  const ours = [...served()].filter((name) => name?.startsWith('ringline_'));
  const shown = EXPRESSIONS.join('\n');
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.filter((name) => !shown.includes(name ?? ''))).toEqual([]);
});

test('each alert says how grave it is and what is wrong, and the page tells what to do', () => {
  const page = read(PAGE);
  expect(RULES.length).toBeGreaterThan(10);
  const flaws = RULES.filter(
    ({ alert, labels, annotations }) =>
      !/^(?:critical|warning)$/.test(labels.severity) ||
      annotations.summary === '' ||
      !page.includes(`\`${alert}\``),
  );
  expect(flaws.map(({ alert }) => alert)).toEqual([]);
  const named = new Set(page.match(/`Ringline[A-Z]\w+`/g)?.map((name) => name.slice(1, -1)));
  expect(named).toEqual(new Set(RULES.map(({ alert }) => alert)));
});

test('no panel of the dashboard has the place or the number of another', () => {
  const { panels } = JSON.parse(read(DASHBOARD)) as {
    panels: { id: number; gridPos: { x: number; y: number; w: number } }[];
  };
  const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
  expect(new Set(places).size).toBe(panels.length);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});

test.each([
  ['check', ALERTS],
  ['test', ALERTS_TESTS],
])('Prometheus itself can %s the rules, where it is installed: %s', (what, file) => {
  const promtool = process.env.PROMTOOL_PATH ?? 'promtool';
  const { error, status, stderr } = spawnSync(promtool, [what, 'rules', join(ROOT, file)], {
    encoding: 'utf8',
  });
  if (error) console.error(`${promtool}: none here, so ${file} was NOT checked by Prometheus`);
  expect(error ? [] : [status, stderr]).toEqual(error ? [] : [0, '']);
});
