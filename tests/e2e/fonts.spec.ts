import { expect, test } from '@playwright/test';

const BUDGET_BYTES = 150_000;
const PAGES = [
  'ko/',
  'en/',
  'ko/images/registries/',
  'en/images/registries/',
  'ko/orchestration/deployments/',
  'ko/reference/glossary/',
  'en/reference/glossary/',
];

declare global {
  interface Window {
    layoutShift: number;
  }
}

for (const path of PAGES) {
  for (const delayMs of [0, 500]) {
    test(`${path} with fonts ${delayMs} ms late: within the budget, nothing moves`, async ({
      page,
    }) => {
      const sizes: Promise<number>[] = [];
      page.on('response', (response) => {
        if (response.url().endsWith('.woff2')) {
          sizes.push(response.body().then((body) => body.length));
        }
      });
      await page.route('**/*.woff2', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await route.continue();
      });
      await page.addInitScript(() => {
        window.layoutShift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            window.layoutShift += (entry as PerformanceEntry & { value: number }).value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(path, { waitUntil: 'networkidle' });
      await expect(page.locator('h1')).toBeVisible();
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.waitForTimeout(300);
      const bytes = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
      expect(bytes).toBeGreaterThan(20_000);
      expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
      expect(await page.evaluate(() => window.layoutShift)).toBe(0);
    });
  }
}

test('text shows within a second or so when fonts do not come', async ({ page }) => {
  await page.route('**/*.woff2', () => undefined);
  await page.goto('en/images/registries/', { waitUntil: 'domcontentloaded' });
  await expect(page.locator('h1')).toBeVisible({ timeout: 2500 });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('text is not held back', async ({ page }) => {
    await page.goto('ko/images/registries/');
    await expect(page.locator('h1')).toBeVisible();
  });
});
