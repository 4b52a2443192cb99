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
 * late; of the map also those frames alone in which it is painted (`painted`), for in the others
 * nothing of it changes.
 *
 * And how long after the press the figure answers, and something in it moves: with its film there
 * (`warm`), and pressed at the very moment at which it can be for the first time (`cold`: film and engine
 * are still to come, from a server on this machine; the answer then is that it will play). A frame takes
 * its work times four, or as long as a screen shows it; what the worker does is waited for as well.
 *
 * What it costs is the processor's time of the main thread, times four. The browser's own way of
 * slowing a page down lets its main thread run a quarter of the time by the clock on the wall: on a
 * machine that does nothing else this comes to the same, but where others use the processor it takes
 * their time for the page's work. Processor time errs to the unkind side only: others empty its
 * caches. How unkind the machine is tells an empty page that asks for every frame (`idle`), measured
 * in the same run; `by_idle` is how much more a frame of ours takes than one of that. What a slower
 * machine waits for besides, the worker and the disk, is none of this.
 *
 * Beside each value stands its budget; of a ratio, how much more late may cost than early. Needs
 * dist/ and Chromium. `--map-nodes=300` takes fewer nodes.
 */
const THROTTLE = 4;
const WATCHED_MS = 4_000;
const FIGURE_PAGES = {
  figure: 'en/scenarios/code-to-cluster/',
  container_figure: 'en/containers/run-flow/',
};
const FIGURE_BUDGET_MS = 8;
const MAP_BUDGET_MS = 12;
const BLOCK_BUDGET_MS = 50;
const FIRST_FRAME_BUDGET_MS = 300;
/** A press waits so long at most until a frame begins. */
const FRAME_MS = 1000 / 60;
/** Late may cost so much more than early: frames differ by what they show. */
const LATE_BUDGET = 1.5;
/** How long a cluster of thousands may take to come up. */
const OPEN_LIMIT_MS = 240_000;

interface Bench {
  readonly page: Page;
  readonly session: CDPSession;
  readonly site: string;
}

function measured(name: string, value: number, reference: number, unit = 'ms'): Measured {
  return { name: `frames.${name}`, value, unit, reference };
}

interface Watched {
  readonly idle: Work;
  readonly early: Work;
  readonly late: Work;
}

function ofFrames(name: string, { idle, early, late }: Watched, budgetMs: number): Measured[] {
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
    { name: `frames.${name}.idle.median`, value: median(idle), unit: 'ms' },
    {
      name: `frames.${name}.by_idle`,
      value: Math.max(median(early), median(late)) / Math.max(0.1, median(idle)),
      unit: '',
    },
  ];
}

/** A page that asks for every frame and does nothing in it: what of a frame is not ours. */
async function idleOn({ page, session }: Bench): Promise<Work> {
  await page.goto('data:text/html,<title>idle</title>');
  await page.evaluate(() => {
    const again = (): number => requestAnimationFrame(again);
    again();
  });
  return workDuring(session, () => page.waitForTimeout(WATCHED_MS / 2));
}

async function figure(bench: Bench, name: string, address: string): Promise<Measured[]> {
  const { page, session, site } = bench;
  const idle = await idleOn(bench);
  const player = page.locator('drydock-player').first();
  const play = player.locator('button[data-act="play"]');
  await page.addInitScript(`(${String(pressOnArrival)})(${String(pressAndMark)})`);
  const cold = await pressed(session, async () => {
    await page.goto(`${site}${address}`);
    await play.scrollIntoViewIfNeeded();
    await page.waitForFunction(() => Reflect.has(window, 'pressed'), undefined, {
      timeout: 60_000,
    });
    await page.evaluate(() => Reflect.get(window, 'pressed') as Promise<void>);
  });
  await page.locator('drydock-player.is-ready').first().waitFor({ timeout: 60_000 });
  await page.reload();
  await page.locator('drydock-player.is-ready').first().waitFor({ timeout: 60_000 });
  await play.scrollIntoViewIfNeeded();
  const warm = await pressed(session, () => play.evaluate(pressAndMark));
  const watch = () => page.waitForTimeout(WATCHED_MS);
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
    measured(`${name}.answer.warm`, warm.answerMs, FIRST_FRAME_BUDGET_MS),
    measured(`${name}.answer.cold`, cold.answerMs, FIRST_FRAME_BUDGET_MS),
    measured(`${name}.first_motion.warm`, warm.motionMs, FIRST_FRAME_BUDGET_MS),
    measured(`${name}.first_motion.cold`, cold.motionMs, FIRST_FRAME_BUDGET_MS),
    ...ofFrames(name, { idle, early, late }, FIGURE_BUDGET_MS),
  ];
}

interface Pressed {
  /** Until the page shows that the figure plays, or that it will once its film has come. */
  readonly answerMs: number;
  /** Until the first frame is painted in which something moves through the drawing. */
  readonly motionMs: number;
}

/** In a page: presses, and marks when it is answered and when something moves. */
async function pressAndMark(button: HTMLElement | SVGElement): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const figure = button.closest('figure')!;
  performance.mark('bench-pressed');
  (button as HTMLButtonElement).click();
  // The second frame begins when the first is on the screen.
  await frame();
  const answered = button.classList.contains('is-playing');
  await frame();
  if (answered) performance.mark('bench-answered');
  while (!figure.querySelector('.figure-motion')) await frame();
  await frame();
  performance.mark('bench-moved');
}

/** In a page: has play pressed in the task that sets it free; once, not when the page is loaded again. */
function pressOnArrival(press: typeof pressAndMark): void {
  if (!location.protocol.startsWith('http') || sessionStorage.getItem('pressed')) return;
  sessionStorage.setItem('pressed', 'yes');
  new MutationObserver((_, observer) => {
    const selector = 'drydock-player button[data-act="play"]:enabled';
    const play = document.querySelector<HTMLElement>(selector);
    if (!play) return;
    observer.disconnect();
    Object.assign(window, { pressed: press(play) });
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['disabled'] });
}

/** @returns how long it takes on the slower machine */
async function pressed(session: CDPSession, press: () => Promise<void>): Promise<Pressed> {
  const work = await workDuring(session, press);
  const until = (mark: string): number => {
    const between = work.between('bench-pressed', mark);
    if (!between) return Infinity;
    const { frames, workersMs } = between;
    const shown = frames.map((ms) => Math.max(FRAME_MS, THROTTLE * ms));
    return shown.reduce((sum, ms) => sum + ms, 0) + THROTTLE * workersMs;
  };
  return { answerMs: until('bench-answered'), motionMs: until('bench-moved') };
}

async function map(bench: Bench): Promise<Measured[]> {
  const { page, session, site } = bench;
  const idle = await idleOn(bench);
  const nodes = optionOf('map-nodes') ?? '5000';
  await page.addInitScript(() => {
    const context = CanvasRenderingContext2D.prototype;
    const drawImage = Reflect.get(context, 'drawImage') as (...told: unknown[]) => void;
    Reflect.set(context, 'drawImage', function (this: typeof context, ...told: unknown[]) {
      if (this.canvas.className === 'map-canvas') performance.mark('bench-painted');
      drawImage.apply(this, told);
    });
  });
  await page.goto(`${site}en/lab/#preset=nodes-${nodes}`);
  await page.locator('canvas.map-canvas').waitFor({ timeout: OPEN_LIMIT_MS });
  await page
    .locator('.terminal-input')
    .fill(`kubectl create deployment web --image=nginx --replicas=${Number(nodes) * 4}`);
  await page.locator('.terminal-input').press('Enter');
  // Time passes from the first line on that is typed.
  await page.locator('.bench-play.is-playing').waitFor();
  const watch = () => page.waitForTimeout(WATCHED_MS);
  const before = await cellsOn(page);
  const early = await workDuring(session, watch);
  await page.waitForTimeout(4 * WATCHED_MS);
  const late = await workDuring(session, watch);
  const came = (await cellsOn(page)) - before;
  return [
    measured(`map.${nodes}.pods_came`, came, Number(nodes) * 4, ''),
    ...ofFrames(`map.${nodes}`, { idle, early, late }, MAP_BUDGET_MS),
    measured(
      `map.${nodes}.painted.median`,
      THROTTLE * quantile([...early.marked('bench-painted'), ...late.marked('bench-painted')], 0.5),
      MAP_BUDGET_MS,
    ),
  ];
}

const cellsOn = (page: Page): Promise<number> =>
  page
    .locator('.map-legend-count')
    .allTextContents()
    .then((counts) => counts.reduce((sum, count) => sum + Number(count), 0));

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
    const session = await browser.newBrowserCDPSession();
    const site = `http://${HOST}:${port}${base}`;
    return await measure({ page, session, site });
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

export const frames: readonly Benchmark[] = [
  ...Object.entries(FIGURE_PAGES).map(
    ([name, address]) =>
      () =>
        inBrowser((bench) => figure(bench, name, address)),
  ),
  () => inBrowser(map),
];
