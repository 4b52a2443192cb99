import { existsSync } from 'node:fs';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { HOST, listenNear } from '../../scripts/site/listen.ts';
import { normalBase, staticServer } from '../../scripts/site/static-server.ts';
import { optionOf, type Benchmark, type Measured } from './benchmark.ts';
import { quantile, workDuring, type Work } from './main-thread.ts';

/**
 * How much a page's main thread has to do for each frame on a machine four times slower: a figure
 * while it plays, early and late in its run, and the map of 5,000 nodes while Pods come, early and
 * late. What frames cost is the processor's time, times four: the browser's own way of slowing a page
 * down takes what others do on the machine for the page's work. Beside each value stands its budget; of a ratio, how much more late may cost than early.
 * Needs dist/ and Chromium. `--map-nodes=300` takes fewer nodes.
 */
const THROTTLE = 4;
const WATCHED_MS = 4_000;
const FIGURE_PAGE = 'en/scenarios/code-to-cluster/';
const FIGURE_BUDGET_MS = 8;
const MAP_BUDGET_MS = 12;
const BLOCK_BUDGET_MS = 50;
const FIRST_FRAME_BUDGET_MS = 300;
/** Late may cost so much more than early: frames differ by what they show. */
const LATE_BUDGET = 1.5;
/** How long a cluster of thousands may take to come up. */
const OPEN_LIMIT_MS = 240_000;

interface Bench {
  readonly page: Page;
  readonly pageSession: CDPSession;
  readonly session: CDPSession;
  readonly site: string;
}

function measured(name: string, value: number, reference: number, unit = 'ms'): Measured {
  return { name: `frames.${name}`, value, unit, reference };
}

function ofFrames(name: string, early: Work, late: Work, budgetMs: number): Measured[] {
  const share = (work: Work, of: number) => THROTTLE * quantile(work.frames, of);
  const median = (work: Work) => share(work, 0.5);
  return [
    ...(
      [
        ['early', early],
        ['late', late],
      ] as const
    ).flatMap(([when, work]) => [
      measured(`${name}.${when}.median`, median(work), budgetMs),
      measured(`${name}.${when}.p95`, share(work, 0.95), budgetMs),
      measured(`${name}.${when}.longest`, THROTTLE * work.longestMs, BLOCK_BUDGET_MS),
    ]),
    measured(`${name}.late_by_early`, median(late) / Math.max(0.1, median(early)), LATE_BUDGET, ''),
  ];
}

async function figure({ page, pageSession, session, site }: Bench): Promise<Measured[]> {
  await page.goto(`${site}${FIGURE_PAGE}`);
  await page.locator('drydock-player.is-ready').first().waitFor({ timeout: 60_000 });
  const player = page.locator('drydock-player').first();
  const play = player.locator('button[data-act="play"]');
  await play.scrollIntoViewIfNeeded();
  const watch = () => page.waitForTimeout(WATCHED_MS);
  await slowDown(pageSession, THROTTLE);
  const firstFrame = await pressAndSee(page);
  await slowDown(pageSession, 1);
  const early = await workDuring(session, watch);
  await play.click();
  const timeline = player.locator('[data-part="timeline"]');
  await timeline.evaluate((input: HTMLInputElement) => {
    input.value = String(Number(input.max) * 0.7);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await play.click();
  const late = await workDuring(session, watch);
  return [
    measured('figure.first_frame', firstFrame, FIRST_FRAME_BUDGET_MS),
    ...ofFrames('figure', early, late, FIGURE_BUDGET_MS),
  ];
}

/** Presses play. @returns how long it took until the figure's clock had moved on the screen, in ms */
function pressAndSee(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const player = document.querySelector('drydock-player')!;
    const clock = player.querySelector('[data-part="clock"]')!;
    const pressed = performance.now();
    const moved = new Promise<void>((resolve) => {
      const see = new MutationObserver(() => {
        see.disconnect();
        requestAnimationFrame(() => resolve());
      });
      see.observe(clock, { childList: true, characterData: true, subtree: true });
    });
    player.querySelector<HTMLButtonElement>('button[data-act="play"]')!.click();
    await moved;
    return performance.now() - pressed;
  });
}

async function map({ page, session, site }: Bench): Promise<Measured[]> {
  const nodes = optionOf('map-nodes') ?? '5000';
  await page.goto(`${site}en/lab/#preset=nodes-${nodes}`);
  await page.locator('canvas.map-canvas').waitFor({ timeout: OPEN_LIMIT_MS });
  await page
    .locator('.terminal-input')
    .fill(`kubectl create deployment web --image=nginx --replicas=${Number(nodes) * 4}`);
  await page.locator('.terminal-input').press('Enter');
  await page.locator('.bench-play').click();
  const watch = () => page.waitForTimeout(WATCHED_MS);
  const before = await cellsOn(page);
  const early = await workDuring(session, watch);
  await page.waitForTimeout(4 * WATCHED_MS);
  const late = await workDuring(session, watch);
  const came = (await cellsOn(page)) - before;
  return [
    measured(`map.${nodes}.pods_came`, came, Number(nodes) * 4, ''),
    ...ofFrames(`map.${nodes}`, early, late, MAP_BUDGET_MS),
  ];
}

const cellsOn = (page: Page): Promise<number> =>
  page
    .locator('.map-legend-count')
    .allTextContents()
    .then((counts) => counts.reduce((sum, count) => sum + Number(count), 0));

/** How much slower than it is the page shall be. */
const slowDown = (session: CDPSession, rate: number): Promise<unknown> =>
  session.send('Emulation.setCPUThrottlingRate', { rate });

/** In a page of its own, so that one measurement has nothing of another. */
async function inBrowser(measure: (bench: Bench) => Promise<Measured[]>): Promise<Measured[]> {
  const executablePath = findChromium(process.cwd());
  if (!existsSync('dist/index.html') || executablePath === undefined) return [];
  const base = normalBase(process.env.BASE_PATH);
  const server = staticServer({ folder: 'dist', base });
  const port = await listenNear(server, 0, () => {});
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const pageSession = await page.context().newCDPSession(page);
    const session = await browser.newBrowserCDPSession();
    const site = `http://${HOST}:${port}${base}`;
    return await measure({ page, pageSession, session, site });
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

export const frames: readonly Benchmark[] = [() => inBrowser(figure), () => inBrowser(map)];
