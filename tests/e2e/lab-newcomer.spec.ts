/** The lab as people meet it who do not know it yet, send a moment on, or see nothing of it. */
import { expect, test, type Page } from '@playwright/test';
import {
  atOnce,
  bench,
  clock,
  isOpen,
  openLab,
  press,
  prompt,
  screen,
  tab,
  terminal,
  type,
} from './lab-page.ts';

const firstLines = (page: Page) => page.locator('.first-lines button');
const last = (page: Page) => screen(page).locator('.terminal-line').last();
const pause = (page: Page) => bench(page).getByRole('button', { name: 'Pause', exact: true });

test('an empty prompt offers what one can type, until one goes one’s own way', async ({ page }) => {
  await openLab(page, '#preset=host');
  await atOnce(page);
  const lines = await firstLines(page).allTextContents();
  expect(lines.length).toBeGreaterThan(2);
  await firstLines(page).first().focus();
  await page.keyboard.press('Enter');
  // The button goes with its line; who works by keys is led to where lines are written.
  await expect(prompt(page)).toBeFocused();
  await expect(screen(page)).toContainText(lines[0]!);
  await expect(firstLines(page)).toHaveText([lines[1]!]);
  await expect(terminal(page).locator('.terminal')).not.toHaveClass(/is-busy/, { timeout: 30_000 });
  await type(page, 'uname');
  await expect(firstLines(page)).toHaveCount(0);
});

test('on a phone the prompt and the time below it stand in the first screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openLab(page, '#preset=host', 'ko');
  const top = async (place: string) => (await page.locator(place).boundingBox())?.y ?? Infinity;
  expect(await top('.bench-tabs')).toBeLessThan(200);
  expect(await top('.bench-play')).toBeLessThan(740 - 36);
  await openLab(page, '#challenge=full-disk', 'ko');
  // Until then it is the world before.
  await expect(page.locator('#bench-title')).toHaveText('가득 찬 디스크');
  await expect(prompt(page)).toBeVisible();
  expect(await top('#bench-terminal textarea')).toBeLessThan(500);
});

test('time runs from the first line, and stands where it is paused, though a command runs', async ({
  page,
}) => {
  await openLab(page, '#preset=host');
  await expect(clock(page)).toContainText('00:00:00.0');
  await prompt(page).fill('while true; do date; sleep 1; done');
  await prompt(page).press('Enter');
  await expect(screen(page).locator('.terminal-line')).toHaveCount(3);
  await pause(page).click();
  await expect(bench(page).getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  // The frame that was on its way still counts.
  await page.waitForTimeout(400);
  const stood = await clock(page).textContent();
  await page.waitForTimeout(1_200);
  expect(await clock(page).textContent()).toBe(stood);
  await press(page, 'Play');
  await expect(clock(page)).not.toHaveText(stood ?? '');
});

test('a typed line that goes to a moment stays there, and its link leads there', async ({
  page,
}) => {
  await openLab(page, '#preset=host');
  await type(page, 'touch a');
  await type(page, 'drydock at 20s');
  await expect(clock(page)).toContainText('00:00:20.0');
  await type(page, 'drydock link');
  await expect(last(page)).toHaveText(/^#v2\./);
  const link = (await last(page).textContent()) ?? '';
  await page.waitForTimeout(500);
  await expect(clock(page)).toContainText('00:00:20.0');
  await page.goto('about:blank');
  await openLab(page, link);
  await expect(clock(page)).toContainText('00:00:20.0');
});

test('a half-typed line waits at its machine', async ({ page }) => {
  await openLab(page, '#preset=cluster');
  const machine = terminal(page).getByRole('combobox');
  await prompt(page).fill('kubectl get po');
  await machine.selectOption('node-1');
  await expect(prompt(page)).toHaveValue('');
  await prompt(page).fill('hostn');
  await machine.selectOption('workstation');
  await expect(prompt(page)).toHaveValue('kubectl get po');
  await machine.selectOption('node-1');
  await expect(prompt(page)).toHaveValue('hostn');
});

test('Back leads to the lab without a world, and a heading on the way opens nothing anew', async ({
  page,
}) => {
  await page.goto('en/lab/');
  await page.getByRole('button', { name: 'Open One Docker host' }).click();
  await isOpen(page);
  await type(page, 'touch mine');
  await page.evaluate(() => (location.hash = '#scenarios'));
  await page.goBack();
  expect(new URL(page.url()).hash).toBe('#preset=host');
  await expect(screen(page)).toContainText('touch mine');
  await expect(page.locator('[data-notice]')).toBeEmpty();
  await page.goBack();
  await expect(bench(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Open One Docker host' })).toBeVisible();
});

test('Close leads whoever uses keys to the page', async ({ page }) => {
  await openLab(page, '#preset=host');
  await bench(page).getByRole('button', { name: 'Close', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(bench(page)).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('a part of an address that cannot be used is named', async ({ page }) => {
  await openLab(page, '#scenario=containers/first-container&at=soon');
  await expect(page.locator('.bench-notice').first()).toContainText('at=soon');
});

test('while time runs, the timeline is not read at every step to who is on it', async ({
  page,
}) => {
  await openLab(page, '#preset=host');
  const slider = bench(page).getByRole('slider', { name: 'Timeline' });
  await type(page, 'true');
  await slider.focus();
  await page.waitForTimeout(300);
  const said = await slider.evaluate(
    (box) =>
      new Promise<number>((resolve) => {
        let changes = 0;
        new MutationObserver((all) => (changes += all.length)).observe(box, {
          attributeFilter: ['aria-valuetext'],
        });
        setTimeout(() => resolve(changes), 1_500);
      }),
  );
  expect(said).toBeLessThanOrEqual(1);
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /00:00:00\.0/);
});

test('what is kept again takes nobody’s place in the list', async ({ page }) => {
  await openLab(page, '#preset=host');
  await type(page, 'touch a');
  const kept = page.locator('[data-kept] button').first();
  await expect(kept).toBeVisible();
  await kept.focus();
  // As if this page, or another one, had kept the same again.
  await page.evaluate(() => dispatchEvent(new StorageEvent('storage')));
  await expect(kept).toBeFocused();
});

test('time at a page’s own prompt can be paused', async ({ page }) => {
  await page.goto('en/containers/lifecycle-and-signals/');
  const frame = page.locator('figure.code', { has: page.locator('.run-here') }).first();
  await frame.locator('.run-here').click();
  const line = frame.locator('.own-prompt textarea');
  await expect(line).toBeVisible({ timeout: 40_000 });
  await line.fill('true');
  await line.press('Enter');
  await frame.getByRole('button', { name: 'Pause time' }).click();
  await expect(frame.getByRole('button', { name: 'Play time' })).toBeVisible();
  await page.waitForTimeout(400);
  const stood = await frame.locator('.terminal-clock').textContent();
  await page.waitForTimeout(500);
  expect(await frame.locator('.terminal-clock').textContent()).toBe(stood);
});

test('panes are as before where a phone is turned', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openLab(page, '#preset=host');
  await type(page, 'echo here');
  await prompt(page).fill('half');
  await page.setViewportSize({ width: 900, height: 740 });
  await expect(tab(page, 'Terminal')).toHaveCount(0);
  await expect(screen(page)).toContainText('here');
  await expect(prompt(page)).toHaveValue('half');
});
