import AxeBuilder from '@axe-core/playwright';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { decodeLink, encodeLink, type MomentLink } from '../../src/islands/link/payload.ts';
import { openRun } from '../../src/islands/player/open-run.ts';
import type { RunData } from '../../src/islands/player/run.ts';

const PAGE = { ko: 'ko/scenarios/code-to-cluster/', en: 'en/scenarios/code-to-cluster/' } as const;

const player = (page: Page) => page.locator('drydock-player');
const caption = (page: Page) => page.locator('[data-part="caption"]');
const clock = (page: Page) => page.locator('[data-part="clock"]');
const notice = (page: Page) => page.locator('[data-part="notice"]');
const button = (page: Page, act: string) => page.locator(`button[data-act="${act}"]`);
const timeline = (page: Page) => page.locator('[data-part="timeline"]');
const inspector = (page: Page) => page.locator('[data-part="inspector"]');
const node = (page: Page, id: string) => page.locator(`.is-live g[data-node="${id}"]`);

/** What the console, the network and the page's own policy must stay free of. */
function watch(page: Page): string[] {
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

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(player(page)).toHaveClass(/is-ready/);
}

/** All that the figure shows, as a reader could tell it: states, labels, badges, words. */
async function shown(page: Page): Promise<string> {
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
async function goToStep(page: Page, step: number): Promise<void> {
  await timeline(page).focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < step; i++) await page.keyboard.press('ArrowRight');
}

async function goToChapter(page: Page, chapter: number): Promise<void> {
  const more = page.locator('details.run-steps');
  if (!(await more.evaluate((details) => (details as HTMLDetailsElement).open))) {
    await more.locator('summary').click();
  }
  await page.locator('.run-command').nth(chapter).click();
}

async function copiedLink(page: Page, context: BrowserContext): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await button(page, 'share').click();
  await expect(notice(page)).not.toBeEmpty();
  return page.evaluate(() => navigator.clipboard.readText());
}

function momentOf(address: string): MomentLink {
  const decoded = decodeLink(new URL(address).hash);
  if (decoded.kind !== 'moment') throw new Error(`${address} leads to no moment`);
  return decoded.link;
}

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
    await expect(button(page, 'play')).toHaveAccessibleName('재생');
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
    for (let i = 0; i < 40 && (await token.count()) === 0; i++) await button(page, 'step').click();
    await expect(page.locator('.is-travelled')).not.toHaveCount(0);
    await page.waitForTimeout(700);
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

test.describe('a link to a moment', () => {
  test('opens the same moment elsewhere', async ({ page, context, browser }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 3);
    for (let i = 0; i < 3; i++) await button(page, 'step').click();
    const before = await shown(page);
    const address = await copiedLink(page, context);
    expect(address).toContain('#v1.');
    const other = await browser.newContext();
    const there = await other.newPage();
    await open(there, address);
    expect(await shown(there)).toBe(before);
    await expect(notice(there)).toBeEmpty();
    await expect(there.locator('.figure-drawing').first()).toBeInViewport();
    await expect(button(there, 'play')).toHaveAccessibleName('Play');
    await other.close();
  });

  test('gives the hash that the same run has outside a browser', async ({ page, context }) => {
    await open(page, PAGE.en);
    const text = await player(page).locator('script[type="application/json"]').textContent();
    const run = openRun(JSON.parse(text ?? '') as RunData);
    const last = run.playback.records.length - 1;
    const seen: number[] = [];
    const reach = {
      first: () => goToStep(page, 0),
      early: () => goToStep(page, 17),
      middle: () => goToChapter(page, 6),
      last: () => timeline(page).press('End'),
    };
    for (const go of Object.values(reach)) {
      await go();
      const link = momentOf(await copiedLink(page, context));
      const step = run.playback.stepOf(link.moment) ?? -1;
      expect(link.moment).toEqual(run.playback.momentOf(step));
      expect(link.hash, `step ${step}`).toBe(run.playback.hashOf(step));
      seen.push(step);
    }
    expect(new Set(seen).size).toBe(4);
    expect(seen.at(-1)).toBe(last);
  });

  test('keeps its moment when the language changes', async ({ page }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 3);
    const before = await clock(page).textContent();
    await page.locator('a[data-language]').first().click();
    await expect(page).toHaveURL(/\/ko\/.*#v1\./);
    await expect(player(page)).toHaveClass(/is-ready/);
    await expect(clock(page)).toHaveText(before ?? '');
  });

  for (const [name, hash, words] of [
    ['broken', 'v1.notalink', /not complete/],
    ['from the future', 'v7.abcdef', /newer Drydock/],
    ['of another figure', foreign(), /another figure/],
    ['beyond the run', beyond(), /never comes/],
  ] as const) {
    test(`${name} shows the start with a plain notice`, async ({ page }) => {
      const faults = watch(page);
      await open(page, `${PAGE.en}#${hash}`);
      await expect(notice(page)).toHaveText(words);
      await expect(timeline(page)).toHaveValue('0');
      await button(page, 'step').click();
      await expect(notice(page)).toBeEmpty();
      expect(faults).toEqual([]);
    });
  }

  test('of another engine says so, naming both versions', async ({ page, context }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 2);
    const link = momentOf(await copiedLink(page, context));
    const older = encodeLink({ ...link, engine: '0.0.1', hash: '0000000000000' });
    await page.evaluate((hash) => (location.hash = hash), older);
    await expect(notice(page)).toContainText('0.0.1');
    await expect(notice(page)).toContainText(link.engine);
    await expect(timeline(page)).not.toHaveValue('0');
  });

  test('can be copied by hand where there is no clipboard', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      Object.assign(document, { execCommand: () => false });
    });
    await open(page, PAGE.ko);
    await button(page, 'share').click();
    const field = page.locator('[data-part="link"]');
    await expect(field).toHaveValue(/#v1\./);
    await expect(field).toBeFocused();
    const selected = await field.evaluate((input) => {
      const { selectionStart, selectionEnd, value } = input as HTMLInputElement;
      return selectionStart === 0 && selectionEnd === value.length;
    });
    expect(selected).toBe(true);
    await expect(notice(page)).toContainText('Ctrl+C');
  });

  test('leaves the hashes of headings alone', async ({ page }) => {
    await open(page, PAGE.en);
    const heading = page.locator('.body h2[id]').last();
    const id = await heading.getAttribute('id');
    await page.goto(`${PAGE.en}#${id}`);
    await expect(heading).toBeInViewport();
    await expect(notice(page)).toBeEmpty();
  });
});

function foreign(): string {
  const moment = { timeMs: 1000, sequence: 10 };
  return encodeLink({ engine: '0.1.0', scenario: 'other/one', figure: 'one', moment, hash: 'x' });
}

function beyond(): string {
  const moment = { timeMs: 9e15, sequence: 9e15 };
  const scenario = 'delivery/code-to-cluster';
  return encodeLink({ engine: '0.1.0', scenario, figure: 'code-to-cluster', moment, hash: 'x' });
}

test.describe('the inspector', () => {
  test('tells what a Pod is, how it is and why, and leads to each cause', async ({ page }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 4);
    const pod = page.locator('.is-live g[data-state="running"].figure-class-pod').first();
    await pod.click();
    await expect(inspector(page)).toContainText(/^Pod |Pod web-/);
    await expect(inspector(page).locator('.run-inspector-state')).not.toBeEmpty();
    const causes = inspector(page).locator('.run-cause');
    expect(await causes.count()).toBeGreaterThan(2);
    const before = await clock(page).textContent();
    await causes.first().click();
    await expect(clock(page)).not.toHaveText(before ?? '');
    const shift = await page.locator('.figure-view').first().boundingBox();
    const panel = await inspector(page).boundingBox();
    expect(panel!.y).toBeGreaterThanOrEqual(shift!.y + shift!.height);
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
        await expect(inspector(page)).not.toBeEmpty();
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
    await expect(button(page, 'play')).toHaveAccessibleName('Pause');
    await page.keyboard.press('k');
    await expect(button(page, 'play')).toHaveAccessibleName('Play');
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
    await expect(button(page, 'play')).toHaveAccessibleName('Play');
    await page.keyboard.press('ArrowLeft');
    await expect(timeline(page)).toHaveValue('0');

    // Search keeps its key, and what is typed there moves nothing here.
    await page.keyboard.press('/');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.type('k2');
    await page.keyboard.press('End');
    await expect(button(page, 'play')).toHaveAccessibleName('Play');
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
      await page.locator('details.run-keys summary').click();
      const { violations } = await new AxeBuilder({ page }).include('figure[data-run]').analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map((one) => one.html)])).toEqual([]);
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
    await expect(player(page)).toHaveClass(/is-ready/);
    await expect(button(page, 'play')).toHaveAccessibleName('Pause');
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
    await expect(player(page)).toHaveClass(/is-ready/);
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
