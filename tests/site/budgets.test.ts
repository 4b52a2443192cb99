/** What a reader downloads before doing anything, page by page: the promise of a light site. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BuiltSite, type PageWeight } from '../../scripts/site/page-weight.ts';
import { normalBase } from '../../scripts/site/static-server.ts';

const KILOBYTE = 1000;
const PAGE_LIMIT = 60 * KILOBYTE;
const SCRIPT_LIMIT = 10 * KILOBYTE;
/**
 * What comes later, when the page is painted and idle: search, and for a figure that runs the whole
 * engine, its own Docker, Compose, Swarm, shell, tools and Kubernetes with it. It comes once, as one script, since
 * the engine is synchronous (a world cannot wait for a part of itself) and since the offline edition
 * knows no `import()`. Most of it is code, not tables: the flags and help texts of docker come to
 * 20 kB of it, those of kubectl to 41, all files of Docker Hub's images to 25; what `kubectl explain`
 * says is not in it.
 */
const LATER_LIMIT = 1060 * KILOBYTE;

const pages = existsSync('dist') ? globSync('**/*.html', { cwd: 'dist' }).sort() : [];

/**
 * The limit is for a page with one figure. Each further drawing may add its own bytes, and so may a
 * comparison, whose cells bring their transcripts: opened where they stand, they need no script.
 */
const FURTHER_FIGURE = 12 * KILOBYTE;

function limitFor(page: string): number {
  const html = readFileSync(`dist/${page}`, 'utf8');
  const figures = html.match(/<figure\b(?:(?!<\/figure>)[\s\S])*?<svg\b/g) ?? [];
  const comparisons = html.match(/<div class="comparison[^>]* data-table=/g) ?? [];
  const further = figures.length + comparisons.length - 1;
  return PAGE_LIMIT + FURTHER_FIGURE * Math.max(0, further);
}

test('the site was built, in both languages', () => {
  for (const language of ['ko', 'en']) {
    const own = pages.filter((page) => page.startsWith(`${language}/`));
    expect(own.length, `pages in dist/${language}`).toBeGreaterThan(10);
  }
});

describe('before the reader does anything', () => {
  const site = new BuiltSite('dist', normalBase(process.env.BASE_PATH));
  const weights = new Map<string, PageWeight>();
  const weigh = (page: string) => {
    const weight = weights.get(page) ?? site.weigh(page);
    weights.set(page, weight);
    return weight;
  };

  test.each(pages)('%s is light', (page) => {
    const weight = weigh(page);
    const told = `${page}: ${JSON.stringify(weight)}`;
    expect(weight.totalBytes, told).toBeGreaterThan(0);
    expect(weight.totalBytes, told).toBeLessThanOrEqual(limitFor(page));
    expect(weight.scriptBytes, told).toBeLessThanOrEqual(SCRIPT_LIMIT);
    expect(weight.laterBytes, told).toBeLessThanOrEqual(LATER_LIMIT);
  });
});
