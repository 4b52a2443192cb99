import { expect, test } from '@playwright/test';
import { violationsOf } from './axe.ts';
import {
  LIVED_MS,
  PAGE,
  player,
  caption,
  clock,
  notice,
  button,
  timeline,
  inspector,
  node,
  watch,
  open,
  shown,
  goToStep,
  goToChapter,
} from './player-page.ts';

test.describe('playing', () => {
  test('to the end and scrubbing back shows the first pass again', async ({ page }) => {
    const faults = watch(page);
    await open(page, PAGE.ko);
    const first = new Map<string, string>();
    for (const place of ['0', '2500', '5000', '7500']) {
      await timeline(page).fill(place);
      first.set(place, await shown(page));
    }
    await timeline(page).fill('9000');
    await page.getByRole('radio', { name: '60배' }).check({ force: true });
    await button(page, 'play').click();
    await expect(timeline(page)).toHaveValue('10000', { timeout: 30_000 });
    await expect(button(page, 'play')).toHaveAccessibleName(/^재생/);
    const end = await shown(page);
    await page.getByRole('radio', { name: '1배', exact: true }).check({ force: true });
    for (const place of ['7500', '5000', '2500', '0']) {
      await timeline(page).fill(place);
      expect(await shown(page), place).toBe(first.get(place));
    }
    await timeline(page).fill('10000');
    expect(await shown(page)).toBe(end);
    expect(new Set([...first.values(), end]).size).toBe(5);
    expect(faults).toEqual([]);
  });

  test('moves tokens along the lines of the drawing', async ({ page }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 1);
    const token = page.locator('.figure-run .token:not(.is-earlier)');
    for (let i = 0; i < 40 && (await token.count()) === 0; i++) {
      await button(page, 'step').click();
      await expect(page.locator('.figure-motion')).toHaveCount(0);
    }
    await expect(page.locator('.is-travelled')).not.toHaveCount(0);
    const gap = await token.first().evaluate((mark) => {
      const at = (mark as SVGGElement).transform.baseVal.getItem(0).matrix;
      const lines = [...document.querySelectorAll<SVGPathElement>('.is-travelled > .figure-line')];
      const distances = lines.flatMap((line) =>
        Array.from({ length: 201 }, (_, i) => {
          const point = line.getPointAtLength((line.getTotalLength() * i) / 200);
          return Math.hypot(point.x - at.e, point.y - at.f);
        }),
      );
      return Math.min(...distances);
    });
    expect(gap).toBeLessThan(2);
  });

  test('paints what moves above the drawing, and draws it where it comes to rest', async ({
    page,
  }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 4);
    await button(page, 'play').click();
    const motion = page.locator('canvas.figure-motion');
    const painted = () =>
      motion.evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((byte) => byte > 0);
      });
    await expect.poll(painted).toBe(true);
    await expect(page.locator('.figure-run > *')).toHaveCount(0);
    const over = (await motion.boundingBox())!;
    const drawing = (await page.locator('.figure-drawing.is-live').boundingBox())!;
    expect(Math.abs(over.x - drawing.x) + Math.abs(over.y - drawing.y)).toBeLessThan(1);
    await button(page, 'play').click();
    await expect(motion).toHaveCount(0);
    await expect(page.locator('.figure-run > .token')).not.toHaveCount(0);
  });

  test('marks each chapter where it begins, at every pace', async ({ page }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 6);
    const now = page.locator('.run-mark.is-now');
    await expect(now).toHaveText('rebuild');
    for (const speed of ['60 times', '1 times']) {
      await page.getByRole('radio', { name: speed, exact: true }).check({ force: true });
      await goToChapter(page, 6);
      const mark = await now.locator('line').getAttribute('x1');
      const value = Number(await timeline(page).inputValue());
      expect(Math.abs(value / 100 - Number.parseFloat(mark ?? ''))).toBeLessThan(1);
    }
  });

  test('steps forward and back', async ({ page }) => {
    await open(page, PAGE.en);
    await goToStep(page, 5);
    const five = await shown(page);
    await button(page, 'step').click();
    const six = await shown(page);
    expect(six).not.toBe(five);
    await button(page, 'back').click();
    expect(await shown(page)).toBe(five);
    await button(page, 'restart').click();
    await expect(timeline(page)).toHaveValue('0');
  });

  test('without motion a step is a cut that marks its way', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, PAGE.en);
    await goToChapter(page, 1);
    const token = page.locator('.figure-run .token');
    for (let i = 0; i < 40 && (await token.count()) === 0; i++) await button(page, 'step').click();
    const place = await token.first().getAttribute('transform');
    await page.waitForTimeout(500);
    expect(await token.first().getAttribute('transform')).toBe(place);
    await expect(page.locator('.is-travelled')).not.toHaveCount(0);
  });
});

test.describe('the inspector', () => {
  test('tells what a Pod is, how it is and why, and leads to each cause', async ({ page }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 4);
    const pod = page.locator('.is-live g[data-state="running"].figure-class-pod').first();
    await pod.click();
    await expect(inspector(page)).toContainText(/Pod web-/, { timeout: LIVED_MS });
    await expect(inspector(page).locator('.panel-state')).not.toBeEmpty();
    await inspector(page).getByRole('tab', { name: 'Why?' }).click();
    const causes = inspector(page).locator('.panel-cause');
    await expect(causes.first()).toContainText('The developer types: kubectl');
    expect(await causes.count()).toBeGreaterThan(2);
    const before = await clock(page).textContent();
    await causes.first().click();
    await expect(clock(page)).not.toHaveText(before ?? '');
    const view = (await page.locator('.figure-view').first().boundingBox())!;
    const panel = (await inspector(page).boundingBox())!;
    const beside = panel.x >= view.x + view.width;
    expect(beside || panel.y >= view.y + view.height, 'covers the drawing').toBe(true);
  });

  test('shows what kubectl itself says of it, at this moment', async ({ page }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 4);
    await page.locator('.is-live g[data-state="running"].figure-class-pod').first().click();
    await inspector(page).getByRole('tab', { name: 'describe' }).click({ timeout: LIVED_MS });
    await expect(inspector(page).locator('.panel-output')).toContainText(/Name: +web-/);
    await inspector(page).getByRole('tab', { name: 'YAML' }).click();
    await expect(inspector(page).locator('.panel-output')).toContainText('kind: Pod');
  });

  test('leads from event to event of what is chosen, by button and by key', async ({ page }) => {
    await open(page, PAGE.en);
    await node(page, 'service').focus();
    await page.keyboard.press('Enter');
    const times: string[] = [];
    for (let i = 0; i < 4; i++) {
      await inspector(page).getByRole('button', { name: 'Its next event' }).click();
      times.push((await timeline(page).getAttribute('aria-valuetext')) ?? '');
    }
    expect(new Set(times).size).toBe(4);
    await node(page, 'service').focus();
    await page.keyboard.press('p');
    await expect(timeline(page)).toHaveAttribute('aria-valuetext', times[2] ?? '');
    for (let i = 0; i < 4; i++) await page.keyboard.press('p');
    await expect(notice(page)).toHaveText('There is no earlier event.');
  });

  test('opens for every node at every chapter without a fault', async ({ page }) => {
    const faults = watch(page);
    await open(page, PAGE.ko);
    const ids = await page
      .locator('.is-live g[data-node]')
      .evaluateAll((groups) => groups.map((group) => (group as SVGGElement).dataset.node ?? ''));
    for (const chapter of [0, 3, 9]) {
      await goToChapter(page, chapter);
      for (const id of ids) {
        await node(page, id).focus();
        await page.keyboard.press('Enter');
        const told = inspector(page).locator('.panel-state, .run-side-bar + p:not([role])');
        await expect(told).not.toBeEmpty({ timeout: LIVED_MS });
        expect(await inspector(page).textContent()).not.toMatch(/undefined|\{\w+\}/);
        await page.keyboard.press('Escape');
      }
    }
    expect(faults).toEqual([]);
  });
});

test.describe('by keyboard alone', () => {
  test('every control works and nothing is stolen', async ({ page }) => {
    await open(page, PAGE.en);
    await node(page, 'dev').focus();
    await page.keyboard.press('k');
    await expect(button(page, 'play')).toHaveAccessibleName(/^Pause/);
    await page.keyboard.press('k');
    await expect(button(page, 'play')).toHaveAccessibleName(/^Play/);
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await expect(timeline(page)).toHaveValue('0');
    await page.keyboard.press('2');
    await expect(page.getByRole('radio', { name: '10 times' })).toBeChecked();

    // Arrows go from node to node, and step everywhere else.
    await page.keyboard.press('ArrowDown');
    const focused = await page.evaluate(() => (document.activeElement as SVGGElement).dataset.node);
    expect(focused).not.toBe('dev');
    await page.keyboard.press('Enter');
    await expect(inspector(page)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(inspector(page)).toBeHidden();
    await expect(node(page, focused ?? '')).toBeFocused();

    await button(page, 'step').focus();
    await page.keyboard.press('Space');
    await expect(timeline(page)).not.toHaveValue('0');
    await expect(button(page, 'play')).toHaveAccessibleName(/^Play/);
    await page.keyboard.press('ArrowLeft');
    await expect(timeline(page)).toHaveValue('0');

    // Search keeps its key, and what is typed there moves nothing here.
    await page.keyboard.press('/');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.type('k2');
    await page.keyboard.press('End');
    await expect(button(page, 'play')).toHaveAccessibleName(/^Play/);
    await expect(timeline(page)).toHaveValue('0');
  });

  test('Tab reaches the drawing once and every control', async ({ page }) => {
    await open(page, PAGE.en);
    await page.locator('.figure-view').first().focus();
    const reached: string[] = [];
    for (let i = 0; i < 24; i++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          return (
            element.dataset.act ?? element.dataset.part ?? (element.dataset.node && 'node') ?? ''
          );
        }),
      );
    }
    expect(reached.filter((name) => name === 'node')).toHaveLength(1);
    for (const name of ['timeline', 'restart', 'back', 'play', 'step', 'share']) {
      expect(reached).toContain(name);
    }
  });
});

test.describe('beside the figure', () => {
  test('stand the events of the run, and the requests where there are any', async ({ page }) => {
    const faults = watch(page);
    await open(page, PAGE.en);
    await timeline(page).press('End');
    await button(page, 'events').click();
    const events = inspector(page).locator('.panel-events-list > li');
    await expect(events.first()).toBeVisible({ timeout: LIVED_MS });
    await expect(button(page, 'events')).toHaveAttribute('aria-expanded', 'true');
    await button(page, 'requests').click();
    await expect(inspector(page).locator('.panel-chart figcaption').first()).toContainText(
      /answered/,
    );
    await page.keyboard.press('Escape');
    await expect(inspector(page)).toBeHidden();
    await expect(button(page, 'requests')).toBeFocused();
    expect(faults).toEqual([]);
  });

  test('the run is read as a whole, and copied', async ({ page, context, request }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(page, PAGE.en);
    const details = page.locator('.run-transcript');
    await details.locator('summary').click();
    // It is fetched when it is opened.
    await expect(details.locator('pre')).toHaveText(/^\$ docker build/);
    const text = (await details.locator('pre').textContent()) ?? '';
    expect(text.split('\n').length).toBeGreaterThan(100);
    await details.locator('button').click();
    await expect(notice(page)).not.toBeEmpty();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    const file = new URL((await details.locator('a').getAttribute('href')) ?? '', page.url()).href;
    expect(await (await request.get(file)).text()).toBe(text);
  });

  test('the lab is told the scenario and the moment', async ({ page }) => {
    await open(page, PAGE.en);
    const lab = page.locator('.run-lab');
    await expect(lab).toHaveAttribute('href', /\/en\/lab\/#scenario=delivery\/code-to-cluster$/);
    await goToChapter(page, 3);
    await lab.focus();
    await expect(lab).toHaveAttribute('href', /#scenario=delivery\/code-to-cluster&at=\d+$/);
  });
});

test('a presentation fills the screen, and is left by Escape', async ({ page }) => {
  await open(page, PAGE.en);
  await node(page, 'dev').focus();
  await page.keyboard.press('t');
  const figure = page.locator('figure.is-presenting');
  await expect(figure).toBeVisible();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
  const say = (await caption(page).boundingBox())!;
  const view = (await page.locator('.figure-view').first().boundingBox())!;
  expect(view.width).toBeGreaterThan(1000);
  expect(say.y).toBeGreaterThan(view.y + view.height - 1);
  await expect(page.locator('.run-tools')).toBeHidden();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageDown');
  await expect(page.locator('.run-mark.is-now')).toHaveCount(1);
  await expect(timeline(page)).not.toHaveValue('0');
  await page.keyboard.press('Escape');
  await expect(figure).toHaveCount(0);
  expect(await page.evaluate(() => document.fullscreenElement)).toBeNull();
});

test('a loop begins again after its end', async ({ page }) => {
  await open(page, PAGE.en);
  await page.getByRole('radio', { name: '60 times' }).check({ force: true });
  await button(page, 'loop').click();
  await expect(button(page, 'loop')).toHaveAttribute('aria-pressed', 'true');
  await timeline(page).fill('9950');
  await button(page, 'play').click();
  await expect
    .poll(async () => Number(await timeline(page).inputValue()), { timeout: 10_000 })
    .toBeLessThan(5_000);
  await expect(button(page, 'play')).toHaveAccessibleName(/^Pause/);
});

test.describe('every reader', () => {
  for (const [locale, scheme, width] of [
    ['ko', 'light', 1440],
    ['en', 'dark', 360],
  ] as const) {
    test(`${locale}, ${scheme}, ${width} px: no fault found by axe mid-run`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      await open(page, PAGE[locale]);
      await goToChapter(page, 8);
      for (let i = 0; i < 20; i++) await button(page, 'step').click();
      await node(page, 'service').focus();
      await page.keyboard.press('Enter');
      const told = inspector(page).locator('.panel-state, .run-side-bar + p:not([role])');
      await expect(told).toBeVisible({ timeout: LIVED_MS });
      await page.locator('details.run-keys summary').click();
      expect(await violationsOf(page, { within: 'figure[data-run]' })).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
    });
  }

  test('hears the step they asked for', async ({ page }) => {
    await open(page, PAGE.en);
    const live = page.locator('[data-part="live"]');
    await expect(live).toBeEmpty();
    await button(page, 'step').click();
    await expect(live).toHaveText((await caption(page).textContent()) ?? '-');
  });

  test('has targets of 44 px under a finger', async ({ browser }) => {
    const context = await browser.newContext({
      hasTouch: true,
      isMobile: true,
      viewport: { width: 360, height: 780 },
    });
    const page = await context.newPage();
    await open(page, PAGE.ko);
    for (const control of await page.locator('.run-panel :is(button, label, input)').all()) {
      if (!(await control.isVisible()) || (await control.getAttribute('type')) === 'radio')
        continue;
      const box = await control.boundingBox();
      expect(box!.height, await control.evaluate((one) => one.outerHTML)).toBeGreaterThanOrEqual(
        44,
      );
    }
    await context.close();
  });
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('the run is read: steps, captions and stills', async ({ page, request }) => {
    await page.goto(PAGE.ko);
    const chapters = page.locator('.run-chapter');
    expect(await chapters.count()).toBeGreaterThan(5);
    await expect(chapters.first()).toBeVisible();
    await expect(chapters.first()).toContainText('docker build');
    await expect(chapters.first().locator('li')).not.toHaveCount(0);
    await expect(page.locator('.run-panel')).toBeHidden();
    const stills = page.locator('.run-still svg');
    expect(await stills.count()).toBeGreaterThan(0);
    expect(await stills.count()).toBeLessThanOrEqual(3);
    await expect(stills.last()).toBeVisible();
    await expect(page.locator('.run-still .state-lamp').first()).toBeVisible();
    for (const link of await page.locator('.run-files a').all()) {
      const address = new URL((await link.getAttribute('href')) ?? '', page.url()).href;
      const answer = await request.get(address);
      expect(answer.status(), address).toBe(200);
      expect(answer.headers()['content-type']).toContain('image/svg+xml');
      expect(await answer.text()).toContain('class="figure-drawing');
    }
  });
});

test.describe('the home page', () => {
  test('plays by itself once, after its first paint', async ({ page }) => {
    const faults = watch(page);
    await page.goto('en/');
    await expect(player(page)).toHaveClass(/is-ready/, { timeout: 30_000 });
    await expect(button(page, 'play')).toHaveAccessibleName(/^Pause/);
    await expect(timeline(page)).not.toHaveValue('0');
    await expect(page.locator('[data-part="live"]')).toBeEmpty();
    const times = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity,
      engine: performance
        .getEntriesByType('resource')
        .filter(({ name }) => /\/player[.\w-]*\.js$/.test(name))
        .map(({ startTime }) => startTime),
    }));
    expect(times.engine).toHaveLength(1);
    expect(times.engine[0]).toBeGreaterThan(times.paint);
    expect(faults).toEqual([]);
  });

  test('stands still for readers who prefer less motion', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('ko/');
    await expect(player(page)).toHaveClass(/is-ready/, { timeout: 30_000 });
    await page.waitForTimeout(800);
    await expect(timeline(page)).toHaveValue('0');
  });
});

test('nothing moves when the player arrives', async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
        if (!shift.hadRecentInput) shifts.push(shift.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const address of [PAGE.ko, PAGE.en, 'ko/', 'en/']) {
    await open(page, address);
    await player(page).scrollIntoViewIfNeeded();
    await page.waitForTimeout(700);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts, address).toEqual([]);
  }
});
