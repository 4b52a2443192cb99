import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs nothing but the sources; `site` reads the built site in dist/, so
 * that it runs after the build.
 */
export default defineConfig({
  test: {
    environment: 'node',
    passWithNoTests: false,
    allowOnly: false,
    testTimeout: 30_000,
    // By itself Vitest leaves a processor free; with two, that is half of the time.
    maxWorkers: 2,
    // A golden file that is missing is a fault; `npm run unit -- -u` writes it.
    update: 'none',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['tests/site/**', 'tests/e2e/**'],
          // Nothing of the engine lives outside a world, so files may share what they have imported.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'site', include: ['tests/site/**/*.test.ts'] } },
    ],
  },
});
