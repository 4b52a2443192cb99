/**
 * What a figure does before all of it has come: it moves by the film that the build took, and the engine is
 * fetched when somebody asks what only the world can tell.
 */
import { expect, test, type Page } from '@playwright/test';
import {
  LIVED_MS,
  PAGE,
  player,
  caption,
  notice,
  button,
  timeline,
  inspector,
  open,
  shown,
  goToChapter,
  copiedLink,
} from './player-page.ts';

/** Holds back what a page fetches. @returns what lets it go */
async function hold(page: Page, files: string): Promise<() => void> {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(files, async (route) => {
    await held;
    await route.continue();
  });
  return () => letGo();
}

test.describe('before the engine has come', () => {
  test('the figure plays, and what only the world can tell is told when it has', async ({
    page,
  }) => {
    const letGo = await hold(page, '**/engine-worker*.js');
    await open(page, PAGE.en);
    await button(page, 'play').click();
    await expect(page.locator('canvas.figure-motion')).toBeVisible();
    await expect(timeline(page)).not.toHaveValue('0');
    await timeline(page).fill('9000');
    await page.locator('.is-live g[data-state="running"].figure-class-pod').first().click();
    await expect(inspector(page)).toContainText('The engine is computing this run.');
    letGo();
    await expect(inspector(page)).toContainText(/Pod web-/, { timeout: LIVED_MS });
  });

  test('the figure shows the moment of a link', async ({ page, context, browser }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 5);
    const before = await shown(page);
    const address = await copiedLink(page, context);
    const other = await browser.newContext();
    const there = await other.newPage();
    await there.route('**/engine-worker*.js', (route) => route.abort());
    await open(there, address);
    await expect(caption(there)).toHaveText((await caption(page).textContent()) ?? '-');
    expect(await shown(there)).toBe(before);
    await other.close();
  });

  test('nobody fetches it who only reads', async ({ page }) => {
    await open(page, 'en/');
    await expect(timeline(page)).not.toHaveValue('0');
    await page.waitForTimeout(1_500);
    expect(page.workers()).toEqual([]);
    await button(page, 'step').click();
    await expect.poll(() => page.workers().length).toBe(1);
  });
});

test('the engine of a page takes the film that the page was given', async ({ page }) => {
  const given = page.waitForResponse('**/films/*.json');
  await open(page, PAGE.en);
  await button(page, 'step').click();
  await expect.poll(() => page.workers().length).toBe(1);
  const taken = await page.evaluate((address) => {
    const text = document.querySelector('drydock-player script')?.textContent ?? '';
    const data = JSON.parse(text) as unknown;
    const worker = new Worker(address, { type: 'module' });
    const ask = (id: number, ask: string, body: object): Promise<unknown> =>
      new Promise((resolve) => {
        worker.addEventListener('message', ({ data: told }: MessageEvent<{ id?: number }>) => {
          if (told.id === id) resolve(told);
        });
        worker.postMessage({ id, ask, body });
      });
    return ask(1, 'run/open', { run: 'one', data }).then(() => ask(2, 'run/film', { run: 'one' }));
  }, page.workers()[0]!.url());
  expect(taken).toEqual({ id: 2, answer: (await (await given).json()) as unknown });
});

test('play is pressed before the film has come: it says so, and begins when it has', async ({
  page,
}) => {
  const letGo = await hold(page, '**/films/*.json');
  await page.goto(PAGE.en);
  await player(page).dispatchEvent('pointerdown');
  await expect(button(page, 'play')).toBeEnabled();
  await button(page, 'play').click();
  await expect(notice(page)).toContainText('on its way');
  await expect(page.locator('progress.run-computing')).toBeHidden();
  letGo();
  await expect(player(page)).toHaveClass(/is-ready/);
  await expect(button(page, 'play')).toHaveAccessibleName(/^Pause/);
  await expect(timeline(page)).not.toHaveValue('0');
  await expect(notice(page)).toBeEmpty();
});

test('where there is no film, the engine takes one: it says so, and then begins', async ({
  page,
}) => {
  await page.route('**/films/*.json', (route) => route.abort());
  const letGo = await hold(page, '**/engine-worker*.js');
  await page.goto(PAGE.en);
  await player(page).dispatchEvent('pointerdown');
  await expect(button(page, 'play')).toBeEnabled();
  await button(page, 'play').click();
  await expect(notice(page)).toContainText('computing');
  await expect(page.locator('progress.run-computing')).toBeVisible();
  await expect(timeline(page)).toHaveValue('0');
  letGo();
  await expect(player(page)).toHaveClass(/is-ready/, { timeout: 30_000 });
  await expect(button(page, 'play')).toHaveAccessibleName(/^Pause/);
  await expect(timeline(page)).not.toHaveValue('0');
  await expect(notice(page)).toBeEmpty();
});
