/** The lab's built page is complete without a script; the page for who writes scenarios is not built. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { challengeIds } from '../../src/build/challenges/challenges.ts';
import { scenarioIds } from '../../src/components/run/scenario-folder.ts';
import { PRESET_NAMES } from '../../src/engine/presets.ts';

const htmlOf = (page: string) => readFileSync(`dist/${page}`, 'utf8');

describe.each(['ko', 'en'])('the lab in %s', (locale) => {
  const html = htmlOf(`${locale}/lab/index.html`);
  const entries = [...html.matchAll(/<li\b[^>]*\sdata-open="([^"]+)"/g)].map(([, open]) => open);

  test('lists all presets, scenarios and challenges', () => {
    const all = [
      ...PRESET_NAMES.map((name) => `preset=${name}`),
      ...scenarioIds().map((id) => `scenario=${id}`),
      ...challengeIds().map((id) => `challenge=${id}`),
    ];
    expect(all.length).toBeGreaterThan(25);
    expect(entries).toHaveLength(all.length);
    expect(new Set(entries)).toEqual(new Set(all));
  });

  test('tells of every entry what it is, and of a scenario its steps', () => {
    for (const entry of html.split(/<li\b(?=[^>]*\sdata-open=)/).slice(1)) {
      expect(entry).toMatch(/<h[34][^>]*>\s*\S/);
      expect(entry).toMatch(/<p[^>]*>\s*\S/);
      if (entry.includes('data-open="scenario=')) expect(entry).toContain('data-step');
    }
  });

  test('is reached from every page of its language', () => {
    const pages = globSync(`${locale}/**/*.html`, { cwd: 'dist' }).filter(
      (page) => !htmlOf(page).includes('http-equiv="refresh"'),
    );
    expect(pages.length).toBeGreaterThan(10);
    const without = pages.filter((page) => !htmlOf(page).includes(`/${locale}/lab/"`));
    expect(without).toEqual([]);
  });
});

test('what is for development only is not built', () => {
  expect(existsSync('dist/ko/lab/index.html')).toBe(true);
  expect(existsSync('dist/dev')).toBe(false);
});
