/**
 * What holds for each page of the built site, whichever it is: it keeps within its own policy and
 * its own origin, nothing jumps, few fonts are fetched, axe finds nothing, and on a wide screen as on a
 * phone nothing reaches over the edge and every figure can be read.
 */
import { expect, test, type Page } from '@playwright/test';
import { globSync, readFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { violationsOf } from './axe.ts';

const FONT_LIMIT_BYTES = 150_000;
const WIDTHS = [1440, 360];
/** Pixels: how large a label of a figure is drawn, and how small it may come to be. */
const LABEL_SIZE = 15;
const READABLE = 11.9;
const POLICY = "default-src 'self'; worker-src 'self' blob:";

/** Addresses below the base, such as `ko/images/registries/`; pages that only lead on left out. */
const addresses = globSync('dist/**/*.html')
  .map((file) => file.split(sep).join('/'))
  .filter((file) => !readFileSync(file, 'utf8').includes('http-equiv="refresh"'))
  .map((file) => file.replace(/^dist\//, ''))
  .filter((file) => file.endsWith('index.html') && file !== 'index.html')
  .map((file) => `${dirname(file)}/`)
  .sort();

interface Heard {
  faults: string[];
  away: string[];
  fontBytes: number;
}

/** Notes what a page complains of and fetches from now on. */
function listen(page: Page, origin: string): Heard {
  const heard: Heard = { faults: [], away: [], fontBytes: 0 };
  page.on('pageerror', (error) => heard.faults.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) heard.faults.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    const own = url.origin === origin || ['blob:', 'data:'].includes(url.protocol);
    if (!own) heard.away.push(request.url());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) heard.faults.push(`${response.status()} ${response.url()}`);
    if (!response.url().endsWith('.woff2')) return;
    heard.fontBytes += Number(response.headers()['content-length'] ?? 0);
  });
  return heard;
}

/** What of `LayoutShift` is used; the types of the DOM do not have it yet. */
interface Shift extends PerformanceEntry {
  value: number;
  sources: { node: Node | null }[];
}

/** Notes every shift of the layout from the first paint on, with what moved. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    const name = (node: Node | null) => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element === null || element === undefined
        ? 'a part since removed'
        : `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
    };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[]) {
        const moved = entry.sources.map((source) => name(source.node)).join(', ');
        shifts.push(`${entry.value.toFixed(5)} at ${entry.startTime.toFixed(0)} ms: ${moved}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** Reads the page from top to bottom as a reader would, a screen at a time. */
async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // A machine that has much to do may draw no frame for long.
    const frame = () =>
      new Promise((resolve) => {
        requestAnimationFrame(resolve);
        setTimeout(resolve, 1_000);
      });
    const settle = () => frame().then(() => new Promise((resolve) => setTimeout(resolve, 30)));
    for (let top = 0; top < document.documentElement.scrollHeight; top += window.innerHeight) {
      window.scrollTo(0, top);
      await settle();
    }
    await document.fonts.ready;
  });
}

/** What of the page's figures cannot be read or breaks its policy, and how far it is too wide. */
function outOfShape(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    ([full, readable]) => {
      const faults: string[] = [];
      const over = document.documentElement.scrollWidth - innerWidth;
      if (over > 0) faults.push(`${over} px too wide`);
      for (const svg of document.querySelectorAll('.figure-drawing')) {
        const styled = svg.querySelectorAll('[style], style, foreignObject').length;
        if (styled > 0) faults.push(`${svg.id}: ${styled} elements with a style of their own`);
        const scale = svg.getBoundingClientRect().width / Number(svg.getAttribute('width'));
        if (!(full * scale >= readable)) faults.push(`${svg.id}: labels of ${full * scale} px`);
      }
      return faults;
    },
    [LABEL_SIZE, READABLE] as const,
  );
}

test('there are pages in both languages', () => {
  for (const language of ['ko/', 'en/']) {
    expect(addresses.filter((address) => address.startsWith(language)).length).toBeGreaterThan(10);
  }
});

for (const address of addresses) {
  test(address, async ({ page, baseURL }) => {
    const heard = listen(page, new URL(baseURL ?? '').origin);
    await watchShifts(page);
    await page.goto(address);
    await scrollThrough(page);

    const policy = page.locator('meta[http-equiv="content-security-policy" i]');
    await expect(policy).toHaveAttribute('content', POLICY);
    await expect(page.locator('html')).toHaveAttribute('lang', address.slice(0, 2));
    await expect(page.locator('h1')).toHaveCount(1);
    expect.soft(await violationsOf(page)).toEqual([]);
    expect.soft(heard.faults).toEqual([]);
    expect.soft(heard.away).toEqual([]);
    expect.soft(heard.fontBytes).toBeGreaterThan(0);
    expect.soft(heard.fontBytes).toBeLessThanOrEqual(FONT_LIMIT_BYTES);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
    expect.soft(shifts, 'shifts of the layout').toEqual([]);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      expect.soft(await outOfShape(page), `at ${width} px`).toEqual([]);
    }
  });
}
