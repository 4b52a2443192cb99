/** The lab: a whole world is opened, acted in, broken, taken back, sent, kept, and judged. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import {
  atOnce,
  bench,
  clock,
  copiedWorld,
  isOpen,
  openLab,
  press,
  prompt,
  screen,
  tab,
  terminal,
  type,
} from './lab-page.ts';
import { watch } from './player-page.ts';

test('a preset is opened, a machine broken by the form, and both taken back', async ({ page }) => {
  const faults = watch(page);
  await page.goto('en/lab/');
  await page.getByRole('button', { name: 'Open Five machines' }).click();
  await isOpen(page);
  expect(new URL(page.url()).hash).toBe('#preset=swarm');
  await atOnce(page);
  await type(page, 'docker swarm init');
  await expect(screen(page)).toContainText('Swarm initialized');

  await tab(page, 'Faults and load').click();
  const form = page.getByRole('form', { name: 'Faults' });
  await form.getByLabel('Name').fill('node-2');
  await expect(form.locator('code')).toHaveText('drydock fault machine node-2 down');
  await form.getByRole('button', { name: 'Type it' }).click();
  await type(page, 'drydock faults');
  await expect(screen(page)).toContainText('machine node-2 down  since');

  await press(page, 'Undo');
  await press(page, 'Undo');
  await expect(screen(page)).not.toContainText('node-2');
  await expect(page.locator('.bench-past')).toHaveText(/looking at the past/);
  await type(page, 'drydock faults');
  await expect(screen(page)).not.toContainText('since');
  // What was done in the past is a branch of its own.
  await expect(page.locator('.bench-past')).toBeEmpty();
  expect(faults).toEqual([]);
});

test('a link opens the same world elsewhere, from any page', async ({ page, context, browser }) => {
  await openLab(page, '#preset=host&seed=21');
  await atOnce(page);
  await type(page, 'docker run -d --name web nginx:alpine');
  const { run, address } = await copiedWorld(page, context);
  expect(run.journal).toMatchObject({ world: 'host', seed: 21 });

  const other = await browser.newContext({ baseURL: new URL('../../', page.url()).href });
  const there = await other.newPage();
  // Behind the address of another page it leads here, too.
  await there.goto(`en/${new URL(address).hash}`);
  await isOpen(there);
  expect(new URL(there.url()).pathname).toMatch(/\/en\/lab\/$/);
  await expect(screen(there)).toContainText('docker run -d --name web nginx:alpine');
  const again = await copiedWorld(there, other);
  expect(again.run.hash).toBe(run.hash);
  await other.close();
});

test('links and files that cannot be read are told in words', async ({ page }) => {
  await openLab(page, '#preset=host');
  const notice = page.locator('.bench-notice').first();
  for (const [hash, words] of [
    ['#v2.notalink', /not complete/],
    ['#v9.notalink', /newer Drydock/],
    ['#preset=moon', /no world, scenario or challenge/],
  ] as const) {
    await page.evaluate((next) => (location.hash = next), hash);
    await expect(notice).toHaveText(words);
    await expect(notice).toContainText('as it was');
  }
  const buffer = Buffer.from('<img src=x onerror=alert(1)>');
  await page
    .locator('[data-file]')
    .setInputFiles({ name: 'x.json', mimeType: 'text/plain', buffer });
  await expect(notice).toHaveText(/not a Drydock world/);
  await expect(page.locator('#bench-title')).toHaveText('One Docker host');
});

test('a world is downloaded and opened again, by the field and by a drop', async ({ page }) => {
  await openLab(page, '#preset=host');
  await atOnce(page);
  await type(page, 'echo kept > note.txt');
  const downloading = page.waitForEvent('download');
  await press(page, 'Download');
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('host-7.drydock.json');
  const text = readFileSync(await download.path(), 'utf8');
  await press(page, 'Close');
  await expect(bench(page)).toBeHidden();

  const file = { name: 'a.drydock.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await page.locator('[data-file]').setInputFiles(file);
  await isOpen(page);
  await atOnce(page);
  await type(page, 'cat note.txt');
  await expect(screen(page)).toContainText('kept');
  await press(page, 'Close');

  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'b.drydock.json'));
    return transfer;
  }, text);
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  await isOpen(page);
  await expect(screen(page)).toContainText('echo kept');
});

test('what was done survives a reload, and is offered, not forced', async ({ page }) => {
  await openLab(page, '#preset=host');
  await atOnce(page);
  await type(page, 'touch survivor');
  await expect(page.locator('[data-kept] li')).toHaveCount(1);
  await expect(page.locator('[data-kept]')).toContainText('One Docker host');
  await page.waitForFunction(() => localStorage.getItem('drydock:worlds')?.includes('"acts":1'));
  await page.reload();
  await expect(page.locator('[data-notice]')).toContainText('This browser keeps what you did here');
  await expect(bench(page)).toBeHidden();
  await page
    .locator('[data-notice]')
    .getByRole('button', { name: /Go on where you were/ })
    .click();
  await isOpen(page);
  await atOnce(page);
  await type(page, 'ls');
  await expect(screen(page).locator('.terminal-line').last()).toContainText('survivor');
  await page
    .locator('[data-kept]')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(page.locator('[data-kept]')).toHaveText(/keeps no world yet/);
});

test('where nothing can be stored the lab says so and works', async ({ page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await openLab(page, '#preset=host');
  await atOnce(page);
  await type(page, 'touch a');
  await expect(page.locator('.bench-keeping')).toHaveText(/no room left/);
});

test('a scenario is opened before its first step and its steps are typed', async ({ page }) => {
  await page.goto('en/lab/');
  await page.getByRole('button', { name: 'Open The first container' }).click();
  await isOpen(page);
  await atOnce(page);
  await expect(page.locator('.bench-story .is-next')).toContainText('docker pull');
  await page.getByRole('button', { name: /^Next step/ }).click();
  await expect(page.locator('.bench-story .is-done')).toHaveCount(1);
  await expect(terminal(page).locator('.terminal')).not.toHaveClass(/is-busy/);
  await type(page, 'docker image ls -q');
  await page.getByRole('button', { name: /^Next step/ }).click();
  await expect(page.locator('.bench-story .is-done')).toHaveCount(2);
  await expect(page.getByRole('link', { name: 'See the figure of this scenario' })).toHaveAttribute(
    'href',
    /containers\/run-flow\/#run-flow$/,
  );
});

test('a challenge is solved by its solution and not by a wrong way', async ({ page }) => {
  await openLab(page, '#challenge=full-disk');
  await atOnce(page);
  await press(page, 'Show a hint');
  await expect(page.locator('.bench-hints li')).toHaveCount(1);
  const way = (name: string) =>
    readFileSync(`tests/scenarios/challenges/full-disk/${name}.sh`, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of way('wrong-dangling-only')) await type(page, line);
  await press(page, 'Check');
  await expect(page.locator('.bench-checking')).toHaveText(/Not yet/, { timeout: 30_000 });
  await expect(page.locator('.bench-verdict .is-unmet')).not.toHaveCount(0);
  for (const line of way('solution-prune-images')) await type(page, line);
  await press(page, 'Check');
  await expect(page.locator('.bench-checking')).toHaveText(/Every condition holds/, {
    timeout: 30_000,
  });
  await page.reload();
  const entry = page.locator('[id="challenge=full-disk"]');
  await expect(entry.locator('[data-solved]')).toBeVisible();
});

test('everything is reached by the keyboard alone', async ({ page }) => {
  await page.goto('en/lab/');
  const opener = page.getByRole('button', { name: 'Open One Docker host' });
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    if (await opener.evaluate((button) => button === document.activeElement)) break;
  }
  await page.keyboard.press('Enter');
  await isOpen(page);
  await expect(page.locator('#bench-title')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(bench(page).getByRole('button', { name: 'Copy link' })).toBeFocused();
  await page.keyboard.press('4');
  await expect(bench(page).getByRole('radio', { name: 'at once' })).toBeChecked();
  await page.keyboard.press('l');
  await expect(clock(page)).toContainText('00:00:01.0');
  await page.keyboard.press('t');
  await expect(prompt(page)).toBeFocused();
  // In the terminal letters are letters.
  await page.keyboard.type('docker pull -q nginx:alpine');
  await expect(prompt(page)).toHaveValue('docker pull -q nginx:alpine');
  await page.keyboard.press('Enter');
  await expect(screen(page)).toContainText('docker.io/library/nginx:alpine');
  await tab(page, 'Objects').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'Events')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('u');
  await expect(screen(page)).not.toContainText('docker.io/library');
});

test('three platforms stand side by side, and a button types the experiment', async ({ page }) => {
  await openLab(page, '#preset=compare');
  for (const name of ['Compose', 'Swarm', 'Kubernetes']) {
    await expect(page.getByRole('region', { name, exact: true })).toBeVisible();
  }
  await press(page, 'Bring the application up');
  await expect(screen(page)).toContainText('drydock compare up');
});

test('at 360 pixels all panes are behind tabs and nothing goes beyond', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openLab(page, '#preset=cluster', 'ko');
  const panes = bench(page).getByRole('tab');
  await expect(panes).toHaveCount(7);
  for (let i = 0; i < 7; i++) {
    await panes.nth(i).click();
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(beyond, `pane ${i}`).toBe(0);
  }
});
