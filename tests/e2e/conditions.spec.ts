/** Pages under other conditions: on paper, without a script, in forced colours, read aloud. */
import { expect, test, type Page } from '@playwright/test';

const PAGES = [
  'en/',
  'en/orchestration/self-healing/',
  'ko/scenarios/code-to-cluster/',
  'ko/compare/docker-vs-kubernetes/',
  'en/reference/glossary/',
];

/** What can be seen of `selector`, by its text or label. */
const seen = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll((found) =>
      found
        .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        .map((one) =>
          `${one.localName} ${one.getAttribute('aria-label') ?? one.textContent}`.trim(),
        ),
    );

for (const address of PAGES) {
  test(`${address} on paper has nothing to press, and what was folded`, async ({ page }) => {
    await page.goto(address, { waitUntil: 'networkidle' });
    await page.emulateMedia({ media: 'print' });
    // A command is a button too, but reads as the title of its step.
    const pressed = 'button:not(.run-command), input, select, summary';
    expect(await seen(page, pressed)).toEqual([]);
    const steps = page.locator('.run-chapters > li').first();
    if ((await steps.count()) > 0) await expect(steps).toBeVisible();
  });

  test(`${address} without a script has nothing that does nothing`, async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto(address);
    expect(await seen(page, 'button:not(:disabled), input, select')).toEqual([]);
    const open = page.locator('.run-steps');
    if ((await open.count()) > 0) {
      await expect(open.first().locator('.run-chapters')).toBeVisible();
      expect(await seen(page, '.run-steps > summary')).toEqual([]);
      const title = open.first().locator('.run-title');
      await expect(title).toBeVisible();
    }
    await context.close();
  });

  test(`${address} in forced colours hides no text behind its plate`, async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    await page.goto(address, { waitUntil: 'networkidle' });
    const hidden = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('p'));
      const named = (colour: string) => {
        probe.style.color = colour;
        return getComputedStyle(probe).color;
      };
      // Behind these browsers put a plate in the colour of the page.
      const behind = [named('Canvas'), named('HighlightText')];
      probe.remove();
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      while (texts.nextNode()) {
        const parent = texts.currentNode.parentElement;
        const text = texts.currentNode.textContent?.trim() ?? '';
        if (text === '' || !parent?.checkVisibility() || parent.closest('svg')) continue;
        const { color, forcedColorAdjust } = getComputedStyle(parent);
        if (forcedColorAdjust === 'auto' && behind.includes(color)) found.push(text);
      }
      return found;
    });
    expect(hidden).toEqual([]);
  });
}

test('the buttons of two players have names of their own', async ({ page }) => {
  await page.goto('en/orchestration/self-healing/');
  expect(await page.locator('drydock-player').count()).toBeGreaterThan(1);
  const names = await page.locator('drydock-player').evaluateAll((players) =>
    players.flatMap((player) =>
      [...player.querySelectorAll(':is(.run-controls, .run-tools) button')].map((button) =>
        (button.getAttribute('aria-labelledby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id))
          .map((one) => one?.getAttribute('aria-label') ?? one?.textContent?.trim())
          .join(' '),
      ),
    ),
  );
  const play = page.getByRole('button', { name: /^Play / });
  expect(await play.count()).toBe(await page.locator('drydock-player').count());
  expect(new Set(names).size).toBe(names.length);
});

test('what goes on beyond the edge of a phone fades there, and what fits does not', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('ko/orchestration/self-healing/');
  const masks = await page.locator('.figure-view').evaluateAll((views) =>
    views.map((view) => ({
      goesOn: view.scrollWidth > view.clientWidth,
      fades: getComputedStyle(view).maskImage !== 'none',
    })),
  );
  expect(masks.some(({ goesOn }) => goesOn)).toBe(true);
  for (const { goesOn, fades } of masks) expect(fades).toBe(goesOn);
});
