/**
 * The offline edition is opened from `file://`, where modules, `import()` and fetch are blocked. So
 * player and engine must fit into one classic script that plays the figure of a page by itself.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromium, type Browser, type Page } from '@playwright/test';
import { build } from 'vite';
import { findChromium } from '../../scripts/setup/chromium.mjs';

const folder = mkdtempSync(join(tmpdir(), 'player-bundle-'));
const ROOM = 'src/islands/engine-room';
let browser: Browser;

async function bundle(): Promise<string[]> {
  await build({
    configFile: false,
    logLevel: 'error',
    // From a file no worker can be loaded: the engine runs in the page's own thread.
    resolve: {
      alias: [{ find: /^.*\/worker-wire\.ts$/, replacement: resolve(`${ROOM}/here-wire.ts`) }],
    },
    build: {
      outDir: join(folder, 'built'),
      target: 'es2022',
      // One sheet beside the script; styles put in by the script would be inline ones.
      cssCodeSplit: false,
      rollupOptions: {
        input: resolve('src/islands/player/player.ts'),
        output: { format: 'iife', entryFileNames: 'player.js', assetFileNames: 'player[extname]' },
      },
    },
  });
  return readdirSync(join(folder, 'built'), { recursive: true }).map(String);
}

/** The figure as the site shows it, alone in a page with styles and one classic script beside it. */
function writePage(): string {
  const html = readFileSync('dist/en/scenarios/code-to-cluster/index.html', 'utf8');
  const figure = /<figure[^>]*data-run=[\s\S]*?<\/drydock-player>/.exec(html)?.[0];
  if (!figure) throw new Error('The built page has no executable figure.');
  const sheets = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => {
    const name = (href ?? '').split('/').at(-1) ?? '';
    // Without its fonts, whose addresses begin at a site's root.
    const css = readFileSync(join('dist', '_astro', name), 'utf8');
    writeFileSync(join(folder, name), css.replace(/@font-face\s*\{[^}]*\}/g, ''));
    return `<link rel="stylesheet" href="${name}">`;
  });
  sheets.push('<link rel="stylesheet" href="built/player.css">');
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'self' file:">`;
  const script = '<script src="built/player.js" defer></script>';
  const head = `<meta charset="utf-8">${policy}<title>offline</title>${sheets.join('')}${script}`;
  const page = join(folder, 'page.html');
  const body = `<main class="prose"><div class="body">${figure}</figure></div></main>`;
  writeFileSync(
    page,
    `<!doctype html><html lang="en" class="js"><head>${head}</head>${body}</html>`,
  );
  return pathToFileURL(page).href;
}

async function readClock(page: Page): Promise<string> {
  return (await page.locator('[data-part="clock"]').textContent()) ?? '';
}

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(process.cwd()) });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

test('one classic script plays the figure of a page opened from a file', async () => {
  expect((await bundle()).filter((file) => file.endsWith('.js'))).toEqual(['player.js']);
  const code = readFileSync(join(folder, 'built', 'player.js'), 'utf8');
  expect(code.search(/\bimport\s*\(|\bimport\.meta/), 'where a module is asked for').toBe(-1);
  // As a browser reads a classic script: an import or export is a syntax error in it.
  expect(() => new Script(code)).not.toThrow();

  const page = await browser.newPage();
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    Object.assign(document, { execCommand: () => false });
  });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  const address = writePage();
  await page.goto(address);
  await page.locator('drydock-player.is-ready').waitFor();
  const start = await readClock(page);
  await page.getByRole('radio', { name: '60 times' }).check({ force: true });
  await page.getByRole('button', { name: 'Play' }).click();
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('[data-part="timeline"]')?.value === '10000',
    undefined,
    { timeout: 60_000 },
  );
  expect(await readClock(page)).not.toBe(start);
  const running = page.locator('g[data-state="running"].figure-class-pod');
  expect(await running.count()).toBe(3);

  // A link made here opens here, too: the address of a file and the moment behind it.
  await page.locator('[data-act="back"]').click();
  const before = await readClock(page);
  await page.locator('[data-act="share"]').click();
  const field = page.locator('[data-part="link"]');
  await field.waitFor();
  const link = await field.inputValue();
  expect(link.startsWith(`${address}#v1.`)).toBe(true);
  await page.goto('about:blank');
  await page.goto(link);
  await page.locator('drydock-player.is-ready').waitFor();
  expect(await readClock(page)).toBe(before);
  expect(faults).toEqual([]);
}, 120_000);
