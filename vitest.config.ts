import { defineConfig } from 'vitest/config';

const UNIT = [
  'packages/*/test/**/*.test.ts',
  'apps/*/test/**/*.test.ts',
  'simulation/test/**/*.test.ts',
  'bench/test/**/*.test.ts',
  'scripts/test/**/*.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: UNIT, pool: 'forks', isolate: false, testTimeout: 20_000 },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/test/**/*.test.ts'],
          globalSetup: [
            'scripts/src/chromium-setup.ts',
            'scripts/src/coturn-setup.ts',
            'scripts/src/namespaces-setup.ts',
          ],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
