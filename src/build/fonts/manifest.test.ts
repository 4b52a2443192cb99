import { expect, test } from 'vitest';
import manifest from './slices.json' with { type: 'json' };
import { missingOn, PAGE_BUDGET_BYTES, slicesOf } from './manifest.ts';
import type { FontManifest } from './manifest.ts';
import { readSiteText } from './site-text.ts';

const cut = manifest as FontManifest;
const page = (text: string) => ({
  id: 'ko/x',
  locale: 'ko' as const,
  file: 'x.mdx',
  text: new Set(text),
  bold: new Set<string>(),
  code: new Set<string>(),
});

test('a page fetches the slices of its characters and no other', () => {
  const names = slicesOf(page('abc'), cut).map((slice) => `${slice.role}-${slice.name}`);
  expect(names).toEqual(['text-latin']);
});

test('a character that was not cut is told with its face', () => {
  expect(missingOn(page('a뷁'), cut)).toEqual(['뷁 (text)']);
});

test('no page of the site fetches more than its budget', async () => {
  const site = await readSiteText(new URL('../../..', import.meta.url).pathname);
  expect(site.pages.length).toBeGreaterThan(1);
  for (const one of site.pages) {
    const bytes = slicesOf(one, cut).reduce((sum, slice) => sum + slice.bytes, 0);
    expect(bytes, one.id).toBeLessThanOrEqual(PAGE_BUDGET_BYTES);
    expect(bytes, one.id).toBeGreaterThan(10_000);
  }
});
