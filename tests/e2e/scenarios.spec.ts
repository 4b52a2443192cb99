/**
 * Every executable figure of every page: it plays to its end without a fault, tells it in the page's
 * language, and comes to the state that the same scenario comes to outside a browser.
 */
import { globSync, readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { openRun } from '../../src/islands/engine-room/open-run.ts';
import type { RunData } from '../../src/islands/engine-room/run-messages.ts';
import { LIVED_MS, momentOf, watch } from './player-page.ts';

interface ShownScenario {
  readonly address: string;
  readonly locale: string;
  readonly figure: string;
  readonly scenario: string;
}

const FENCE = /^```mermaid(?=[^\n]* figure=(\S+))[^\n]* run=(\S+)/gm;

const all: readonly ShownScenario[] = globSync('content/docs/{ko,en}/**/*.mdx')
  .sort()
  .flatMap((file) => {
    const address = file.replace(/^content\/docs\/(.*)\.mdx$/, '$1/');
    const locale = address.slice(0, 2);
    return [...readFileSync(file, 'utf8').matchAll(FENCE)].map(
      ([, figure = '', scenario = '']) => ({ address, locale, figure, scenario }),
    );
  });

test('there are figures that run, the same in both languages', () => {
  const of = (locale: string) =>
    all.filter((one) => one.locale === locale).map(({ figure, scenario }) => [figure, scenario]);
  expect(of('ko').length).toBeGreaterThan(10);
  expect(of('en')).toEqual(of('ko'));
});

/** Plays to the end; its time is let pass as fast as some of its frames can be drawn. */
async function playToEnd(page: Page, figure: string): Promise<void> {
  const player = page.locator(`drydock-player[data-figure="${figure}"]`);
  await player.locator('input[value="60"]').check({ force: true });
  await page.clock.install();
  await player.locator('[data-act="play"]').click();
  const timeline = player.locator('[data-part="timeline"]');
  for (let passed = 0; passed < 60; passed++) {
    await page.clock.runFor(150);
    await page.clock.fastForward(850);
    if ((await timeline.inputValue()) === '10000') break;
  }
  await expect(timeline).toHaveValue('10000');
  await page.clock.resume();
}

for (const { address, locale, figure, scenario } of all) {
  test(`${scenario} plays to its end in ${address}`, async ({ page }) => {
    const faults = watch(page);
    // The link to share then stands in its field.
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      Object.assign(document, { execCommand: () => false });
    });
    await page.goto(`${address}#${figure}`);
    const player = page.locator(`drydock-player[data-figure="${figure}"]`);
    await player.dispatchEvent('pointerdown');
    await expect(player).toHaveClass(/is-ready/, { timeout: 30_000 });
    await playToEnd(page, figure);

    const text = await player.locator('script[type="application/json"]').textContent();
    const run = openRun(JSON.parse(text ?? '') as RunData);
    const last = run.playback.records.length - 1;
    const caption = run.captionOf(run.playback.records[last]!);
    await expect(player.locator('[data-part="caption"]')).toHaveText(caption);
    expect(/[가-힣]/.test(caption)).toBe(locale === 'ko');

    await player.locator('[data-act="share"]').click();
    const field = player.locator('[data-part="link"]');
    await expect(field).toHaveValue(/#v1\./, { timeout: LIVED_MS });
    const link = momentOf(await field.inputValue());
    expect(link).toMatchObject({
      scenario,
      figure,
      moment: run.playback.momentOf(last),
      hash: run.playback.hashOf(last),
    });
    expect(faults).toEqual([]);
  });
}
