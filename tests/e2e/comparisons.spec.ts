/** A comparison as it is read: with keys, on a phone, without a script, in print. */
import { expect, test, type Page } from '@playwright/test';
import { violationsOf } from './axe.ts';

const PAGE = 'en/compare/docker-vs-kubernetes/';
const CELL = 'crash.kubernetes';
const NEIGHBOUR = 'crash.docker';

const cell = (page: Page, id: string) => page.locator(`[id="${id}"]`);
const summary = (page: Page, id: string) => cell(page, id).locator('.proof > summary');
const proof = (page: Page, id: string) => cell(page, id).locator('.proof-body');

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

for (const [name, width] of [
  ['a wide screen', 1440],
  ['a tablet', 800],
  ['a phone', 360],
] as const) {
  test(`is a table on ${name}, whose proofs open by key`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(PAGE);
    const table = page.getByRole('table', { name: /Docker and Kubernetes compared/ });
    await expect(table.getByRole('columnheader')).toHaveText(['Docker', 'Kubernetes']);
    await expect(table.getByRole('rowheader', { name: 'A container crashes' })).toHaveCount(1);
    await expect(proof(page, CELL)).toBeHidden();

    await summary(page, CELL).focus();
    await page.keyboard.press('Enter');
    await expect(proof(page, CELL)).toBeVisible();
    await expect(proof(page, CELL)).toContainText('kubectl create deployment web');
    const [shown, whole] = [await proof(page, CELL).boundingBox(), await table.boundingBox()];
    expect(shown?.width, 'the proof has the width of the table').toBeCloseTo(whole?.width ?? 0, 0);
    expect(shown?.x).toBeCloseTo(whole?.x ?? 0, 0);
    expect(await overflow(page)).toBe(0);
    expect(await violationsOf(page, { within: '.comparison' })).toEqual([]);
  });
}

test('of three columns, the last one opens its proofs over the whole table, too', async ({
  page,
}) => {
  await page.goto('ko/compare/compose-swarm-kubernetes/');
  const table = page.locator('[data-table="compose-swarm-kubernetes"]').getByRole('table');
  const third = 'scaling.kubernetes';
  await summary(page, third).click();
  for (const width of [1440, 1024, 700, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const whole = (await table.boundingBox())!;
    const shown = (await proof(page, third).boundingBox())!;
    expect(shown.width, `at ${width}`).toBeCloseTo(whole.width, 0);
    expect(shown.x, `at ${width}`).toBeCloseTo(whole.x, 0);
    expect(await overflow(page), `at ${width}`).toBe(0);
  }
  expect(await violationsOf(page, { within: '.comparison' })).toEqual([]);
});

test('of the proofs of a row, one is open at a time', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(PAGE);
  await summary(page, CELL).click();
  await summary(page, NEIGHBOUR).click();
  await expect(proof(page, NEIGHBOUR)).toBeVisible();
  await expect(proof(page, CELL)).toBeHidden();
  // Nothing lies over what is open.
  const neighbour = (await proof(page, NEIGHBOUR).boundingBox())!;
  for (const id of [CELL, NEIGHBOUR]) {
    const box = (await summary(page, id).boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(neighbour.y);
  }
});

test.describe('in the dark and in forced colours', () => {
  for (const settings of [
    { colorScheme: 'dark' },
    { colorScheme: 'dark', forcedColors: 'active' },
  ] as const) {
    test(JSON.stringify(settings), async ({ page }) => {
      await page.emulateMedia(settings);
      await page.goto(PAGE);
      for (const id of [CELL, 'effort.kubernetes', 'rollback.docker']) {
        await summary(page, id).click();
      }
      expect(await violationsOf(page, { within: '.comparison' })).toEqual([]);
    });
  }
});

test('a cell has an address, which shows it below the heads', async ({ page }) => {
  await page.goto(`${PAGE}#${CELL}`);
  await expect(cell(page, CELL)).toBeInViewport();
  const heads = (await page.locator('.comparison thead').boundingBox())!;
  await expect
    .poll(async () => (await cell(page, CELL).boundingBox())!.y)
    .toBeGreaterThanOrEqual(heads.y + heads.height);
  await summary(page, CELL).click();
  const address = proof(page, CELL).getByRole('link', { name: 'Address of this proof' });
  await expect(address).toHaveAttribute('href', `#${CELL}.proof`);
});

for (const width of [1440, 360]) {
  test(`at ${width} a proof has an address, which opens it below its sentences`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${PAGE}#${CELL}.proof`);
    await expect(proof(page, CELL)).toBeVisible();
    await expect(proof(page, CELL)).toBeInViewport();
    await expect(cell(page, CELL).locator('li').first()).toBeInViewport();
    // It is open as if by hand: it closes, too.
    await summary(page, CELL).click();
    await expect(proof(page, CELL)).toBeHidden();
  });

  test(`at ${width} the list of rows leads to each of them`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(PAGE);
    const list = page.getByRole('navigation', { name: 'Rows of the table' });
    await list.getByRole('link', { name: 'A container crashes' }).click();
    await expect(cell(page, 'row.crash').getByRole('rowheader')).toBeInViewport();
    expect(await overflow(page)).toBe(0);
  });
}

test('without a script every proof opens', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto(PAGE);
  await summary(page, CELL).click();
  await expect(proof(page, CELL)).toBeVisible();
  await context.close();
});

test('in print there are the statements, and where to read the rest', async ({ page }) => {
  await page.goto(PAGE);
  await summary(page, CELL).click();
  await page.emulateMedia({ media: 'print' });
  await expect(cell(page, CELL).locator('li').first()).toBeVisible();
  await expect(proof(page, CELL)).toBeHidden();
  await expect(page.locator('.comparison-in-print').first()).toBeVisible();
});
