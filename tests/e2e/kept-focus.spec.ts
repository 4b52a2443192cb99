import { expect, test, type Page } from '@playwright/test';
import { isOpen, openLab } from './lab-page.ts';

/** Whoever uses keys stays where something was done, though what was pressed goes. */
const isNowhere = (page: Page) => page.evaluate(() => document.activeElement === document.body);

test('running a transcript leads to what it prints, and takes nobody away later', async ({
  page,
}) => {
  await page.goto('en/containers/lifecycle-and-signals/');
  const frame = page.locator('figure.code', { has: page.locator('.run-here') }).first();
  await frame.locator('.run-here').focus();
  await page.keyboard.press('Enter');
  await expect(frame.locator('.block-note')).not.toBeEmpty();
  expect(await isNowhere(page)).toBe(false);
  await expect(frame.locator('.screen:focus')).toHaveCount(1);
  const language = page.locator('a[data-language]').first();
  await language.focus();
  await expect(frame.getByRole('button', { name: 'Run again' })).toBeVisible({ timeout: 30_000 });
  await expect(frame.locator('textarea')).toBeVisible();
  await expect(language).toBeFocused();
});

test('what an edited file means is said once, not at every key', async ({ page }) => {
  await page.goto('en/compare/compose/');
  await page.locator('.edit-here').first().click();
  await expect(page.locator('.cm-content').first()).toBeFocused();
  await page.keyboard.type('#');
  const note = page.locator('.block-note').first();
  await note.evaluate((box) => {
    new MutationObserver(() => box.setAttribute('data-said', 'again')).observe(box, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await page.keyboard.type(' more');
  await expect(page.locator('.cm-content').first()).toContainText('# more');
  await expect(note).not.toHaveAttribute('data-said');
});

test('the last hint leaves the keyboard at the challenge', async ({ page }) => {
  await openLab(page, '#challenge=full-disk');
  await isOpen(page);
  const more = page.getByRole('button', { name: /hint/i });
  while ((await more.count()) > 0) {
    await more.focus();
    await page.keyboard.press('Enter');
    expect(await isNowhere(page)).toBe(false);
  }
  await expect(page.getByRole('button', { name: 'Check', exact: true })).toBeFocused();
});
