import { expect, test, type Locator, type Page } from '@playwright/test';
import { violationsOf } from './axe.ts';

const architecture = 'ko/orchestration/cluster-architecture/';
const figure = (page: Page) => page.locator('#cluster-components');
const drawing = (page: Page) => figure(page).locator('.figure-drawing');

/** The numbers of the `viewBox`: left, top, width, height. */
async function viewOf(svg: Locator): Promise<number[]> {
  return ((await svg.getAttribute('viewBox')) ?? '').split(' ').map(Number);
}

test('keys zoom, move, reset; the page stays', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(architecture);
  const svg = drawing(page);
  const whole = await viewOf(svg);
  const view = figure(page).locator('.figure-view');
  await view.focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  const near = await viewOf(svg);
  expect(near[2]).toBeCloseTo(whole[2]! / 1.96, 1);
  const scrolled = await page.evaluate(() => scrollY);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  const moved = await viewOf(svg);
  expect(moved[0]).toBeGreaterThan(near[0]!);
  expect(moved[1]).toBeGreaterThan(near[1]!);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  await page.keyboard.press('-');
  expect((await viewOf(svg))[2]).toBeGreaterThan(moved[2]!);
  await page.keyboard.press('0');
  expect(await viewOf(svg)).toEqual(whole);
});

test('the wheel scrolls the page and zooms with Ctrl, where the pointer is', async ({ page }) => {
  await page.goto(architecture);
  const svg = drawing(page);
  await svg.scrollIntoViewIfNeeded();
  await svg.hover();
  const whole = await viewOf(svg);
  const top = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 120);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(top);
  expect(await viewOf(svg)).toEqual(whole);
  await svg.hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -120);
  await page.keyboard.up('Control');
  await expect.poll(async () => (await viewOf(svg))[2]).toBeLessThan(whole[2]!);
  const before = await viewOf(svg);
  await page.mouse.down();
  await page.mouse.move(500, 300, { steps: 4 });
  await page.mouse.up();
  expect(await viewOf(svg)).not.toEqual(before);
});

test('buttons zoom, reset and fill the screen', async ({ page }) => {
  await page.goto(architecture);
  const svg = drawing(page);
  const whole = await viewOf(svg);
  await figure(page).getByRole('button', { name: '확대' }).click();
  expect((await viewOf(svg))[2]).toBeLessThan(whole[2]!);
  await figure(page).getByRole('button', { name: '원래 크기' }).click();
  expect(await viewOf(svg)).toEqual(whole);
  const full = figure(page).getByRole('button', { name: '전체 화면' });
  await full.click();
  await expect
    .poll(() => page.evaluate(() => document.fullscreenElement?.id))
    .toBe('cluster-components');
  await full.click();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBeNull();
});

test('two fingers zoom', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = await context.newPage();
  await page.goto(architecture);
  const svg = drawing(page);
  await svg.scrollIntoViewIfNeeded();
  const whole = await viewOf(svg);
  const box = (await figure(page).locator('.figure-view').boundingBox())!;
  const x = box.x + box.width / 2;
  const y = box.y + Math.min(box.height, 500) / 2;
  const session = await context.newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        type === 'touchEnd'
          ? []
          : [
              { x: x - apart, y, id: 0 },
              { x: x + apart, y, id: 1 },
            ],
    });
  await touch('touchStart', 20);
  for (const apart of [30, 40, 50, 60]) await touch('touchMove', apart);
  await touch('touchEnd', 0);
  expect((await viewOf(svg))[2]).toBeLessThan(whole[2]! / 1.5);
  await context.close();
});

test('on a phone one step out shows the whole of a wide drawing, one in its labels', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(architecture);
  const widths = () =>
    figure(page)
      .locator('.figure-view')
      .evaluate((view) => [view.scrollWidth, view.clientWidth]);
  const [wide, room] = await widths();
  expect(wide).toBeGreaterThan(room!);
  await figure(page).getByRole('button', { name: '축소' }).click();
  expect(await widths()).toEqual([room, room]);
  await figure(page).getByRole('button', { name: '확대' }).click();
  expect(await widths()).toEqual([wide, room]);
});

test('without JavaScript the figure, its caption and its words are there', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = await context.newPage();
  await page.goto(architecture);
  await expect(drawing(page)).toBeVisible();
  await expect(figure(page).locator('figcaption')).toContainText('쿠버네티스 클러스터의 구성 요소');
  await expect(figure(page).locator('.figure-tools')).toBeHidden();
  await figure(page).locator('summary').click();
  await expect(figure(page).locator('.figure-words')).toContainText('kubectl에서 API 서버로');
  await context.close();
});

test('one drawing serves both lights, and its names are read aloud', async ({ page }) => {
  await page.goto(architecture);
  const fill = () =>
    figure(page)
      .locator('.figure-class-api > .figure-shape')
      .evaluate((shape) => getComputedStyle(shape).fill);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await fill();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await fill()).not.toBe(light);
  await expect(page.getByRole('img', { name: '쿠버네티스 클러스터의 구성 요소' })).toBeVisible();
  expect(await violationsOf(page, { within: '#cluster-components' })).toEqual([]);
});
