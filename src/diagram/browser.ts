/** The warm browser in which drawings are made. Needs Chromium; only `diagrams:update` uses it. */
import { readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { mermaidConfiguration, symbolRoomPx } from './configuration.ts';
import { semanticClasses } from './graph.ts';
import { pageScript, type RenderAnswer, type RenderRequest } from './mermaid-page.ts';

const require = createRequire(import.meta.url);
const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Playwright's own Chromium, else a system one, else `undefined`. */
export function findChromium(): string | undefined {
  const own = chromium.executablePath();
  return [own, ...systemBrowsers].find((path) => path !== '' && existsSync(path));
}

export interface Renderer {
  /** `source` is in normal form (see figure-source.ts). */
  render(figure: string, source: string): Promise<RenderAnswer>;
  close(): Promise<void>;
}

/** Opens a page with Mermaid and the whole font. @throws when there is no Chromium */
export async function openRenderer(): Promise<Renderer> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('No Chromium was found. Install one (npx playwright install chromium).');
  }
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.setContent(`<!doctype html><style>${fontFaces()}</style><body></body>`);
    await page.addScriptTag({ path: require.resolve('mermaid/dist/mermaid.min.js') });
    const missing = await page.evaluate(async (samples) => {
      const faces = await Promise.all(samples.map((font) => document.fonts.load(font, '가힣Aa→')));
      await document.fonts.ready;
      return samples.filter((_, index) => faces[index]?.[0]?.status !== 'loaded');
    }, fontSamples);
    if (missing.length > 0) throw new Error(`The font did not load: ${missing.join(', ')}.`);
    await page.addScriptTag({ content: pageScript() });
    return {
      render: (figure, source) => page.evaluate(renderThere, { figure, source, ...settings }),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

const settings = {
  configuration: mermaidConfiguration,
  symbolRoomPx,
  symbolClasses: semanticClasses,
};

/** Runs in the page, which has the functions of `pageScript`. */
function renderThere(request: RenderRequest): Promise<RenderAnswer> {
  type Page = { renderInPage(request: RenderRequest): Promise<RenderAnswer> };
  return (globalThis as unknown as Page).renderInPage(request);
}

const weights = { Regular: 400, SemiBold: 600 } as const;
const fontSamples = Object.values(weights).map((weight) => `${weight} 15px Pretendard`);

function fontFaces(): string {
  const root = dirname(require.resolve('pretendard/package.json'));
  return Object.entries(weights)
    .map(([name, weight]) => {
      const file = join(root, 'dist/web/static/woff2', `Pretendard-${name}.woff2`);
      const data = readFileSync(file).toString('base64');
      const source = `url(data:font/woff2;base64,${data}) format("woff2")`;
      return `@font-face{font-family:Pretendard;font-weight:${weight};src:${source}}`;
    })
    .join('');
}
