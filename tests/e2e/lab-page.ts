/** The lab as the browser tests find it: the bench, its terminal, and what a link of it holds. */
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { decodeWorld } from '../../src/engine/link/world-link.ts';
import type { WorldRun } from '../../src/engine/link/world-run.ts';

export const bench = (page: Page) => page.locator('drydock-lab');
export const terminal = (page: Page) => page.locator('#bench-terminal');
export const prompt = (page: Page) => terminal(page).locator('textarea');
export const screen = (page: Page) => terminal(page).locator('.terminal-lines');
export const clock = (page: Page) => page.locator('.bench-clock');
export const tab = (page: Page, name: string) => bench(page).getByRole('tab', { name });
export const press = (page: Page, name: string | RegExp) =>
  bench(page)
    .getByRole('button', { name, exact: typeof name === 'string' })
    .click();

/** Opens the lab at an address and waits until something stands on the bench. */
export async function openLab(page: Page, hash: string, locale = 'en'): Promise<void> {
  await page.goto(`${locale}/lab/${hash}`);
  await isOpen(page);
}

export async function isOpen(page: Page): Promise<void> {
  await expect(page.locator('#bench-title')).toBeVisible({ timeout: 30_000 });
}

/** Types a line and waits until it has ended. */
export async function type(page: Page, line: string): Promise<void> {
  const before = (await screen(page).getAttribute('data-revision')) ?? '';
  await prompt(page).fill(line);
  await prompt(page).press('Enter');
  // Until it stands there it has not begun.
  await expect(screen(page)).not.toHaveAttribute('data-revision', before);
  await expect(terminal(page).locator('.terminal')).not.toHaveClass(/is-busy/, { timeout: 30_000 });
}

/** Lets what is typed take no time. */
export const atOnce = (page: Page) =>
  bench(page)
    .getByRole('radio', { name: /^(at once|즉시)$/ })
    .check();

/** Copies the link. @returns its address */
export async function share(page: Page, context: BrowserContext): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await press(page, 'Copy link');
  await expect(page.locator('.bench-said').first()).toHaveText('The link to this world is copied.');
  return page.evaluate(() => navigator.clipboard.readText());
}

/** The world that the copied link holds, and the link's address. */
export async function copiedWorld(
  page: Page,
  context: BrowserContext,
): Promise<{ readonly run: WorldRun; readonly address: string }> {
  const address = await share(page, context);
  const decoded = decodeWorld(address.replace(/^[^#]*#/, ''));
  if (decoded.kind !== 'world') throw new Error(`the link is ${decoded.kind}`);
  return { run: decoded.run, address };
}
