/** The player of the first executable figure, as the browser tests find it in its page. */
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { decodeLink, type MomentLink } from '../../src/islands/link/payload.ts';

export const PAGE = {
  ko: 'ko/scenarios/code-to-cluster/',
  en: 'en/scenarios/code-to-cluster/',
} as const;

export const player = (page: Page) => page.locator('drydock-player');
export const caption = (page: Page) => page.locator('[data-part="caption"]');
export const clock = (page: Page) => page.locator('[data-part="clock"]');
export const notice = (page: Page) => page.locator('[data-part="notice"]');
export const button = (page: Page, act: string) => page.locator(`button[data-act="${act}"]`);
export const timeline = (page: Page) => page.locator('[data-part="timeline"]');
export const inspector = (page: Page) => page.locator('[data-part="inspector"]');
export const node = (page: Page, id: string) => page.locator(`.is-live g[data-node="${id}"]`);

/** What the console, the network and the page's own policy must stay free of. */
export function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const own = page.url() === 'about:blank' || origin === new URL(page.url()).origin;
    if (protocol !== 'data:' && !own) faults.push(`left the origin: ${request.url()}`);
  });
  return faults;
}

/**
 * A run is lived by the engine beside the page when something is asked about it, and a busy machine gives
 * the engine its time later.
 */
export const LIVED_MS = 30_000;

export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(player(page)).toHaveClass(/is-ready/, { timeout: 30_000 });
}

/** All that the figure shows, as a reader could tell it: states, labels, badges, words. */
export async function shown(page: Page): Promise<string> {
  const nodes = await page.locator('.is-live g[data-node]').evaluateAll((groups) =>
    groups.map((group) => {
      const text = (selector: string) => group.querySelector(selector)?.textContent ?? '';
      const { node: id = '', state = '' } = (group as SVGGElement).dataset;
      return [id, state, text('.figure-label'), text('.badge-text')].join(' ');
    }),
  );
  return [...nodes, await clock(page).textContent(), await caption(page).textContent()].join('\n');
}

/** Goes to a step of the run with the keyboard's help; steps count from 0. */
export async function goToStep(page: Page, step: number): Promise<void> {
  await timeline(page).focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < step; i++) await page.keyboard.press('ArrowRight');
}

export async function goToChapter(page: Page, chapter: number): Promise<void> {
  const more = page.locator('details.run-steps');
  if (!(await more.evaluate((details) => (details as HTMLDetailsElement).open))) {
    await more.locator('summary').click();
  }
  await page.locator('.run-command').nth(chapter).click();
}

export async function copiedLink(page: Page, context: BrowserContext): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await button(page, 'share').click();
  await expect(notice(page)).toContainText(/copied|복사했/, { timeout: LIVED_MS });
  return page.evaluate(() => navigator.clipboard.readText());
}

export function momentOf(address: string): MomentLink {
  const decoded = decodeLink(new URL(address).hash);
  if (decoded.kind !== 'moment') throw new Error(`${address} leads to no moment`);
  return decoded.link;
}
