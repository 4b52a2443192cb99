import { expect, test } from '@playwright/test';
import { ENGINE_VERSION } from '../../src/engine/version.ts';
import { openRun } from '../../src/islands/engine-room/open-run.ts';
import type { RunData } from '../../src/islands/engine-room/run-messages.ts';
import { encodeLink } from '../../src/islands/link/payload.ts';
import {
  LIVED_MS,
  PAGE,
  player,
  clock,
  notice,
  button,
  timeline,
  watch,
  open,
  shown,
  goToStep,
  goToChapter,
  copiedLink,
  momentOf,
} from './player-page.ts';

test.describe('a link to a moment', () => {
  test('opens the same moment elsewhere', async ({ page, context, browser }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 3);
    for (let i = 0; i < 3; i++) await button(page, 'step').click();
    const before = await shown(page);
    const address = await copiedLink(page, context);
    expect(address).toContain('#v1.');
    const other = await browser.newContext();
    const there = await other.newPage();
    await open(there, address);
    expect(await shown(there)).toBe(before);
    await expect(notice(there)).toBeEmpty();
    await expect(there.locator('.figure-drawing').first()).toBeInViewport();
    await expect(button(there, 'play')).toHaveAccessibleName(/^Play/);
    // By then the engine has lived it there, too, to the same state.
    expect(momentOf(await copiedLink(there, other))).toEqual(momentOf(address));
    await other.close();
  });

  test('gives the hash that the same run has outside a browser', async ({ page, context }) => {
    await open(page, PAGE.en);
    const text = await player(page).locator('script[type="application/json"]').textContent();
    const run = openRun(JSON.parse(text ?? '') as RunData);
    const last = run.playback.records.length - 1;
    const seen: number[] = [];
    const reach = {
      first: () => goToStep(page, 0),
      early: () => goToStep(page, 17),
      middle: () => goToChapter(page, 6),
      last: () => timeline(page).press('End'),
    };
    for (const go of Object.values(reach)) {
      await go();
      const link = momentOf(await copiedLink(page, context));
      const step = run.playback.stepOf(link.moment) ?? -1;
      expect(link.moment).toEqual(run.playback.momentOf(step));
      expect(link.hash, `step ${step}`).toBe(run.playback.hashOf(step));
      seen.push(step);
    }
    expect(new Set(seen).size).toBe(4);
    expect(seen.at(-1)).toBe(last);
  });

  test('keeps its moment when the language changes', async ({ page }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 3);
    const before = await clock(page).textContent();
    await page.locator('a[data-language]').first().click();
    await expect(page).toHaveURL(/\/ko\/.*#v1\./);
    await expect(player(page)).toHaveClass(/is-ready/, { timeout: 30_000 });
    await expect(clock(page)).toHaveText(before ?? '');
  });

  for (const [name, hash, words] of [
    ['broken', 'v1.notalink', /not complete/],
    ['from the future', 'v7.abcdef', /newer Drydock/],
    ['of another figure', foreign(), /another figure/],
    ['beyond the run', beyond(), /never comes/],
  ] as const) {
    test(`${name} shows the start with a plain notice`, async ({ page }) => {
      const faults = watch(page);
      await open(page, `${PAGE.en}#${hash}`);
      await expect(notice(page)).toHaveText(words);
      await expect(timeline(page)).toHaveValue('0');
      await button(page, 'step').click();
      await expect(notice(page)).toBeEmpty();
      expect(faults).toEqual([]);
    });
  }

  test('of another engine says so, naming both versions', async ({ page, context }) => {
    await open(page, PAGE.en);
    await goToChapter(page, 2);
    const link = momentOf(await copiedLink(page, context));
    const older = encodeLink({ ...link, engine: '0.0.1', hash: '0000000000000' });
    await page.evaluate((hash) => (location.hash = hash), older);
    await expect(notice(page)).toContainText('0.0.1');
    await expect(notice(page)).toContainText(link.engine);
    await expect(timeline(page)).not.toHaveValue('0');
  });

  test('can be copied by hand where there is no clipboard', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      Object.assign(document, { execCommand: () => false });
    });
    await open(page, PAGE.ko);
    await button(page, 'share').click();
    const field = page.locator('[data-part="link"]');
    await expect(field).toHaveValue(/#v1\./, { timeout: LIVED_MS });
    await expect(field).toBeFocused();
    const selected = await field.evaluate((input) => {
      const { selectionStart, selectionEnd, value } = input as HTMLInputElement;
      return selectionStart === 0 && selectionEnd === value.length;
    });
    expect(selected).toBe(true);
    await expect(notice(page)).toContainText('Ctrl+C');
  });

  test('leaves the hashes of headings alone', async ({ page }) => {
    await open(page, PAGE.en);
    const heading = page.locator('.body h2[id]').last();
    const id = await heading.getAttribute('id');
    await page.goto(`${PAGE.en}#${id}`);
    await expect(heading).toBeInViewport();
    await expect(notice(page)).toBeEmpty();
  });
});

function foreign(): string {
  const moment = { timeMs: 1000, sequence: 10 };
  return encodeLink({
    engine: ENGINE_VERSION,
    scenario: 'other/one',
    figure: 'one',
    moment,
    record: 0,
    hash: 'x',
  });
}

function beyond(): string {
  const moment = { timeMs: 9e15, sequence: 9e15 };
  const scenario = 'delivery/code-to-cluster';
  return encodeLink({
    engine: ENGINE_VERSION,
    scenario,
    figure: 'code-to-cluster',
    moment,
    record: 0,
    hash: 'x',
  });
}
