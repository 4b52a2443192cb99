/** What a reader downloads before doing anything, page by page: the promise of a light site. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { engineParts } from '../../scripts/site/engine-pieces.ts';
import { BuiltSite, type PageWeight } from '../../scripts/site/page-weight.ts';
import { normalBase } from '../../scripts/site/static-server.ts';

const KILOBYTE = 1000;
const PAGE_LIMIT = 60 * KILOBYTE;
const SCRIPT_LIMIT = 10 * KILOBYTE;
/**
 * What comes later, when the page is painted and idle, or when somebody asks for it: search, player,
 * terminal, editor, and all that may be looked at in the lab.
 */
const LATER_LIMIT = 240 * KILOBYTE;
/**
 * What a worker fetches of the engine before the first frame of a page's figures: what every world needs,
 * and the pieces that the build saw the figures' scenarios use (ADR 0043).
 */
const ENGINE_LIMIT = 600 * KILOBYTE;
/** Where one figure has all platforms beside one another. */
const ALL_PLATFORMS_LIMIT = 840 * KILOBYTE;

function engineLimitFor(page: string): number {
  const html = readFileSync(`dist/${page}`, 'utf8');
  const hasAll = /pieces(?:"|&quot;|&#34;):\[[^\]]*kubernetes[^\]]*swarm/.test(html);
  return hasAll ? ALL_PLATFORMS_LIMIT : ENGINE_LIMIT;
}

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
    expect(weight.engineBytes, told).toBeLessThanOrEqual(engineLimitFor(page));
  });

  test('a figure of Docker fetches no other platform', () => {
    const docker = weigh('en/containers/run-flow/index.html');
    const cluster = weigh('en/orchestration/cluster-architecture/index.html');
    const parts = new Map(engineParts(site, 'dist').map((part) => [part.name, part.bytes]));
    expect(docker.engineBytes).toBeGreaterThan(parts.get('docker') ?? Infinity);
    expect(cluster.engineBytes - docker.engineBytes).toBeGreaterThan(100 * KILOBYTE);
  });
});

describe('the engine, platform by platform', () => {
  const site = new BuiltSite('dist', normalBase(process.env.BASE_PATH));

  test.each(existsSync('dist') ? engineParts(site, 'dist') : [])(
    '$name: $bytes of $limit bytes',
    ({ name, bytes, limit }) => {
      expect(bytes, name).toBeGreaterThan(0);
      expect(bytes, name).toBeLessThanOrEqual(limit);
    },
  );
});
