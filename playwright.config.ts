import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/setup/chromium.mjs';

/**
 * Browser tests of the built site. `npm run e2e` serves dist/ on a free port, finds a Chromium and
 * tells both here; run by hand, they come from the environment or from `npm start`.
 */
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    baseURL: process.env.SITE_UNDER_TEST ?? 'http://127.0.0.1:4321/',
    browserName: 'chromium',
    locale: 'ko-KR',
    timezoneId: 'UTC',
    trace: 'off',
    screenshot: 'off',
    launchOptions: {
      executablePath: findChromium(import.meta.dirname),
      args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    },
  },
});
