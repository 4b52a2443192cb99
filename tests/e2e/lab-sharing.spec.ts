/** What a world of the lab is sent by and kept in: links, files, the browser's store. */
import { expect, test, type Page } from '@playwright/test';
import { strToU8, zlibSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { toBase64Url } from '../../src/engine/link/base64url.ts';
import {
  atOnce,
  bench,
  clock,
  isOpen,
  openLab,
  press,
  screen,
  share,
  terminal,
  type,
} from './lab-page.ts';
import { watch } from './player-page.ts';

const notice = (page: Page) => page.locator('.bench-notice').first();
const said = (page: Page) => page.locator('.bench-said').first();
const keeping = (page: Page) => page.locator('.bench-keeping');
const challenge = (page: Page) => bench(page).getByRole('region', { name: 'Challenge' });

test('an address opens a scenario at a time of it', async ({ page }) => {
  const faults = watch(page);
  await openLab(page, '#scenario=containers/first-container&at=9000');
  await expect(clock(page)).toContainText('00:00:09.0');
  // docker pull, image ls, run, ps, curl: and docker stop, which is under way.
  await expect(page.locator('.bench-story .is-done')).toHaveCount(6);
  await expect(screen(page)).toContainText('Welcome to nginx!');
  await atOnce(page);
  await type(page, "docker ps -a --format '{{.Names}} {{.State}}'");
  await expect(screen(page)).toContainText('webserver exited');
  expect(faults).toEqual([]);
});

test('a challenge goes along in a link and in a file', async ({ page, context }) => {
  await openLab(page, '#challenge=full-disk');
  await atOnce(page);
  await type(page, 'docker ps -q');
  const address = await share(page, context);
  expect(address).toMatch(/#v2\.[\w-]+&challenge=full-disk$/);
  const downloading = page.waitForEvent('download');
  await press(page, 'Download');
  const path = await (await downloading).path();

  const there = await context.newPage();
  await there.goto('en/');
  await there.goto(`en/${new URL(address).hash}`);
  await isOpen(there);
  await expect(there.locator('#bench-title')).toHaveText('The full disk');
  await expect(challenge(there)).toContainText('The disk of this host is almost full.');
  await press(there, 'Check');
  await expect(there.locator('.bench-checking')).toHaveText(/Not yet/, { timeout: 30_000 });

  await page.goto('en/lab/');
  const buffer = readFileSync(path);
  const file = { name: 'a.drydock.json', mimeType: 'application/json', buffer };
  await page.locator('[data-file]').setInputFiles(file);
  await isOpen(page);
  await expect(challenge(page).getByRole('button', { name: 'Show a hint' })).toBeVisible();
  await expect(screen(page)).toContainText('docker ps -q');
});

test('hostile addresses are answered in words', async ({ page }) => {
  const faults = watch(page);
  await openLab(page, '#preset=host');
  const junk = 'A'.repeat(1 << 20);
  const bomb = toBase64Url(zlibSync(strToU8(`[${' '.repeat(4 << 20)}]`)));
  for (const [hash, words] of [
    ['v2.%%%<script>alert(1)</script>', /not complete/],
    [`v2.${junk}`, /not complete/],
    [`v2.${bomb}`, /not complete/],
    ['v2.eJyLBgApAWQ&challenge=full-disk', /not complete/],
    ['v99999999999999999999.x', /newer Drydock/],
    [`challenge=${junk.slice(0, 9_000)}`, /no world, scenario or challenge/],
    ['scenario=__proto__/__proto__', /no world, scenario or challenge/],
  ] as const) {
    await page.evaluate((next) => (location.hash = next), hash);
    await expect(notice(page), hash.slice(0, 40)).toHaveText(words);
    await expect(page.locator('#bench-title')).toHaveText('One Docker host');
    // Said again, no name is as long as an address may be.
    expect((await notice(page).textContent())?.length).toBeLessThan(400);
    await page.evaluate(() => (location.hash = 'worlds'));
  }
  expect(faults).toEqual([]);
});

test('files that are no world are answered in words', async ({ page }) => {
  await openLab(page, '#preset=host');
  for (const [text, words] of [
    ['{"format":"drydock-world","version":2}', /not complete/],
    ['{"format":"drydock-world","version":2,"engine":"9.0.0"}', /newer Drydock/],
    ['{"format":"drydock-world","version":1,"engine":"0.7.0","ent', /not complete/],
    ['[[[[[[[[[[', /not a Drydock world/],
  ] as const) {
    const buffer = Buffer.from(text);
    const file = { name: 'x.json', mimeType: 'application/json', buffer };
    await page.locator('[data-file]').setInputFiles(file);
    await expect(notice(page), text).toHaveText(words);
    await expect(notice(page)).toContainText('as it was');
  }
});

test('a link that would be too long says so, and the file does instead', async ({ page }) => {
  await openLab(page, '#preset=host');
  await atOnce(page);
  // What deflate cannot pack: letters in no order.
  let state = 1;
  const letters = Array.from({ length: 14_000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (state % 26));
  });
  await type(page, `echo ${letters.join('')} > long.txt`);
  await press(page, 'Copy link');
  await expect(said(page)).toHaveText(/more than 8,000.*download it as a file/);
  const downloading = page.waitForEvent('download');
  await press(page, 'Download');
  const text = readFileSync(await (await downloading).path(), 'utf8');
  expect(text).toContain(letters.join(''));
});

test('two tabs that go on with the same world lose nothing of it', async ({ page, context }) => {
  await openLab(page, '#preset=host');
  await atOnce(page);
  await type(page, 'touch common');
  await page.waitForFunction(() => localStorage.getItem('drydock:worlds')?.includes('"acts":1'));
  const resume = (one: Page) =>
    one
      .locator('[data-kept]')
      .getByRole('button', { name: /^Go on where you were/ })
      .click();
  const other = await context.newPage();
  for (const one of [page, other]) {
    await one.goto('en/lab/');
    await resume(one);
    await isOpen(one);
    await atOnce(one);
  }
  await type(other, 'touch theirs');
  await other.waitForFunction(() => localStorage.getItem('drydock:worlds')?.includes('"acts":2'));
  await type(page, 'touch mine');
  await expect(keeping(page)).toHaveText(/Another tab goes on with the same world/);
  // The list of either tab has both.
  for (const one of [page, other]) await expect(one.locator('[data-kept] li')).toHaveCount(2);
  const texts = await page.evaluate(() => {
    const worlds = JSON.parse(localStorage.getItem('drydock:worlds') ?? '[]') as { id: string }[];
    return worlds.map(({ id }) => localStorage.getItem(`drydock:world:${id}`) ?? '');
  });
  expect(texts.map((text) => [text.includes('mine'), text.includes('theirs')])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('where storing is forbidden the bench says so once, and works', async ({ page, context }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    }
  });
  const faults = watch(page);
  await openLab(page, '#challenge=full-disk');
  await atOnce(page);
  await type(page, 'docker ps -q');
  await expect(keeping(page)).toHaveText(/does not allow anything to be kept/);
  await share(page, context);
  await expect(said(page)).toHaveText('The link to this world is copied.');
  await press(page, 'Check');
  await expect(page.locator('.bench-checking')).toHaveText(/Not yet/, { timeout: 30_000 });
  await expect(terminal(page)).toBeVisible();
  expect(faults).toEqual([]);
});
