import { expect, test } from '@playwright/test';
import { isOpen } from './lab-page.ts';
import { watch } from './player-page.ts';

/** Links as they arrive: behind another page, encoded, with what stood behind them in a sentence. */
const FIGURES = 'en/containers/isolation/';
const NO_FIGURE = 'en/reference/glossary/';

for (const [hash, title] of [
  ['#preset=host', 'One Docker host'],
  ['#challenge%3Dfull-disk%EB%A5%BC', 'The full disk'],
  ['#scenario=containers%2Ffirst-container&amp;at=9000).', 'The first container'],
] as const) {
  test(`${hash} opens in the lab from another page`, async ({ page }) => {
    const faults = watch(page);
    await page.goto(`${FIGURES}${hash}`);
    await isOpen(page);
    expect(new URL(page.url()).pathname).toMatch(/\/en\/lab\/$/);
    await expect(page.locator('#bench-title')).toHaveText(title);
    expect(faults).toEqual([]);
  });
}

test('a moment on a page without a figure is answered in words', async ({ page }) => {
  await page.goto(`${NO_FIGURE}#v1.eJyL`);
  await expect(page.locator('[data-notice]')).toContainText('moment of a figure');
});

test('an ordinary place of a page stays there', async ({ page }) => {
  await page.goto(`${FIGURES}#preset`);
  await page.goto(`${FIGURES}#kernel`);
  await expect(page).toHaveURL(/\/en\/containers\/isolation\/#kernel$/);
});
