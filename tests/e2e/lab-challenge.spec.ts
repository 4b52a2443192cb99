/** Challenges as a reader meets them: asked at odd moments, solved, and gone on from. */
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { atOnce, bench, openLab, press, prompt, screen, terminal, type } from './lab-page.ts';
import { watch } from './player-page.ts';

const checked = (page: Page) => page.locator('.bench-checking');
const way = (challenge: string, name: string): string[] =>
  readFileSync(`tests/scenarios/challenges/${challenge}/${name}.sh`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

test('hints come one after the other, and a wrong way is told what it misses', async ({ page }) => {
  const faults = watch(page);
  await openLab(page, '#challenge=find-by-name');
  await atOnce(page);
  await press(page, 'Show a hint');
  await press(page, 'Show the next hint');
  await expect(page.locator('.bench-hints li')).toHaveCount(2);
  await expect(page.locator('.bench-hints li code').first()).toBeVisible();
  await expect(page.locator('.bench-hints')).not.toContainText('`');
  for (const line of way('find-by-name', 'wrong-fixed-address')) await type(page, line);
  await press(page, 'Check');
  await expect(checked(page)).toHaveText(/Not yet/, { timeout: 30_000 });
  const missed = page.locator('.bench-verdict .is-unmet');
  await expect(missed).not.toHaveCount(0);
  await missed.first().getByText('Why').click();
  await expect(missed.first().locator('pre')).not.toBeEmpty();
  await expect(bench(page).getByRole('button', { name: /^Next challenge/ })).toHaveCount(0);
  // What is done next may have changed it: the verdict goes.
  await type(page, 'docker ps');
  await expect(page.locator('.bench-verdict')).toHaveCount(0);
  for (const line of way('find-by-name', 'solution-connect')) await type(page, line);
  await press(page, 'Check');
  await expect(checked(page)).toHaveText(/Every condition holds/, { timeout: 30_000 });
  await expect(bench(page).locator('.lab-solved')).toHaveText('solved');
  await press(page, /^Next challenge: /);
  await expect(page.locator('#bench-title')).toBeFocused({ timeout: 30_000 });
  await expect(page.locator('#bench-title')).not.toHaveText(/by name/i);
  expect(new URL(page.url()).hash).toMatch(/^#challenge=/);
  expect(faults).toEqual([]);
});

test('it is checked while something runs, twice, and again', async ({ page }) => {
  await openLab(page, '#challenge=full-disk');
  await prompt(page).fill('sleep 3000');
  await prompt(page).press('Enter');
  await expect(terminal(page).locator('.terminal')).toHaveClass(/is-busy/);
  // Pressed twice, it is asked once.
  await bench(page).getByRole('button', { name: 'Check', exact: true }).dblclick();
  await expect(checked(page)).toHaveText(/Not yet/, { timeout: 30_000 });
  // The reader's own command was left running.
  await expect(terminal(page).locator('.terminal')).toHaveClass(/is-busy/);
  await press(page, 'Check');
  await expect(checked(page)).toHaveText(/Not yet/, { timeout: 30_000 });
  await expect(page.locator('.bench-verdict > li')).toHaveCount(3);
  await prompt(page).press('Control+c');
  await expect(terminal(page).locator('.terminal')).not.toHaveClass(/is-busy/);
  await expect(screen(page)).not.toContainText('docker run --rm');
});
