import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BuiltSite } from './page-weight.ts';

const folder = mkdtempSync(join(tmpdir(), 'page-weight-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** A comment that gzip cannot shrink below about `kB` kilobytes. */
const ballast = (kB: number) => `/*${randomBytes(kB * 500).toString('hex')}*/`;

const near = (bytes: number, kB: number) => Math.abs(bytes - kB * 500) < 400;

test('counts what a page loads at once, each file once, and not what it loads later', () => {
  put('a.css', `@import "./b.css";${ballast(2)}`);
  put('b.css', ballast(4));
  put('_astro/main.js', `import{x}from"./shared.js";const y=()=>import("./late.js");${ballast(2)}`);
  put('_astro/shared.js', `export const x=1;${ballast(6)}`);
  put('_astro/late.js', `import"./shared.js";import(\`./later.js\`);${ballast(40)}`);
  put('_astro/later.js', ballast(8));
  put(
    'ko/index.html',
    '<link rel="stylesheet" href="/docs/a.css"><link rel=alternate href="/docs/en/">' +
      '<script type="module" src="/docs/_astro/main.js"></script>' +
      '<script type="module" src="/docs/_astro/shared.js"></script>',
  );
  const weight = new BuiltSite(folder, '/docs/').weigh('ko/index.html');
  expect(near(weight.styleBytes, 2 * 1.14 + 4 * 1.14), String(weight.styleBytes)).toBe(true);
  expect(near(weight.scriptBytes, 2 * 1.14 + 6 * 1.14), String(weight.scriptBytes)).toBe(true);
  expect(weight.totalBytes).toBe(weight.htmlBytes + weight.styleBytes + weight.scriptBytes);
  // What both the page and the later script import is the page's.
  expect(weight.laterBytes).toBeGreaterThan(48 * 500);
  expect(weight.laterBytes).toBeLessThan(48 * 570);
});

test('counts what a worker fetches for the figures of a page, and no more', () => {
  put(
    '_astro/player.js',
    'const w=new Worker(new URL(`/docs/_astro/engine-worker.A-b.js`,``+import.meta.url),{type:`module`})',
  );
  put(
    '_astro/engine-worker.A-b.js',
    `import"./base.js";const L={whale:()=>import(\`./whale.js\`),"whale/fin":()=>import("./fin.js")};${ballast(8)}`,
  );
  put('_astro/base.js', ballast(6));
  put('_astro/whale.js', `import"./base.js";${ballast(20)}`);
  put('_astro/fin.js', ballast(30));
  const page = (name: string, body: string) =>
    put(name, `<script type="module" src="/docs/_astro/player.js"></script>${body}`);
  page('a.html', '<drydock-player data-run="{&quot;pieces&quot;:[&quot;whale&quot;]}">');
  page('b.html', '<drydock-player data-run="{&quot;pieces&quot;:[]}">');
  page('c.html', 'no figure');
  const site = new BuiltSite(folder, '/docs/');
  const engineOf = (name: string) => site.weigh(`${name}.html`).engineBytes;
  const [a, b] = [engineOf('a'), engineOf('b')];
  expect(b).toBeGreaterThan(14 * 500);
  expect(b).toBeLessThan(14 * 570);
  expect(a).toBeGreaterThan(34 * 500);
  expect(a).toBeLessThan(34 * 570);
  expect(engineOf('c')).toBe(0);
});

test('a file that is not there, or not of the site, stops the measuring', () => {
  put('lost.html', '<script src="/gone.js"></script>');
  put('away.html', '<link rel="stylesheet" href="https://example.com/a.css">');
  const site = new BuiltSite(folder, '/');
  expect(() => site.weigh('lost.html')).toThrow('/gone.js, which is not in the built site');
  expect(() => site.weigh('away.html')).toThrow('outside the site');
});
