import { expect, test, type Locator, type Page } from '@playwright/test';
import { editorStrings } from '../../src/i18n/editor.ts';
import { pageWorldStrings } from '../../src/i18n/page-world.ts';
import { violationsOf } from './axe.ts';
import { watch } from './player-page.ts';

/** Transcripts that the reader runs where they stand, and files that are edited there. */
const words = pageWorldStrings.en;

/** A page of each topic, in either language; the comparison's proofs are worlds of their own. */
const SAMPLE = [
  ['ko', 'containers/run-flow/'],
  ['en', 'images/build-cache-and-multi-stage/'],
  ['ko', 'orchestration/pods/'],
  ['en', 'compare/compose/'],
] as const;
const POD = 'en/orchestration/pods/';

const blocks = (page: Page): Locator => page.locator('figure.code:has(.run-here)');
const prompt = (frame: Locator): Locator => frame.locator('.own-prompt > *').first();
const note = (frame: Locator): Locator => frame.locator('.block-note');
const named = (scope: Page | Locator, name: string) =>
  scope.getByRole('button', { name, exact: true });

async function open(page: Page, address: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(address);
  await expect(page.locator('.run-here').first()).toBeAttached();
}

/** What a screen says, folded or not, as text. */
const textOf = (screen: Locator): Promise<string> =>
  screen.evaluate((element) =>
    [...element.querySelectorAll('pre > code')]
      .flatMap((code) => code.textContent.replace(/\n$/, '').split('\n'))
      .join('\n'),
  );

const still = (frame: Locator) => frame.locator(':scope > .screen[hidden]');
const shown = (frame: Locator) => frame.locator(':scope > .screen:not([hidden])');

async function run(frame: Locator): Promise<void> {
  await frame.locator('.run-here').click();
  await expect(prompt(frame)).toBeAttached({ timeout: 40_000 });
}

test.describe('a block run here prints what stands in the page', () => {
  for (const [language, address] of SAMPLE) {
    test(`${language} ${address}`, async ({ page }) => {
      test.setTimeout(180_000);
      const faults = watch(page);
      await open(page, `${language}/${address}`);
      const all = await blocks(page).all();
      expect(all.length).toBeGreaterThan(0);
      for (const frame of all.slice(0, 6)) {
        const text = await textOf(frame.locator(':scope > .screen'));
        await run(frame);
        expect(await textOf(shown(frame))).toBe(text);
        await expect(note(frame)).toContainText(pageWorldStrings[language].same);
        await expect(frame.locator('.differs')).toHaveCount(0);
      }
      expect(faults).toEqual([]);
    });
  }
});

test('so does what proves a cell of a comparison, in a world of its own', async ({ page }) => {
  await open(page, 'en/compare/choosing/');
  const details = page.locator('details:has(.proof-body .run-here)').first();
  await details.evaluate((element) => ((element as HTMLDetailsElement).open = true));
  const frame = details.locator('figure.code:has(.run-here)').first();
  await run(frame);
  await expect(note(frame)).toContainText(words.same);
});

test.describe('a block', () => {
  test('is run as far as one of its commands, and then command by command', async ({ page }) => {
    await open(page, POD);
    const frame = blocks(page).first();
    const command = await frame.locator('.typed').nth(1).textContent();
    await named(frame, `${words.runTo}: ${command?.slice(2) ?? ''}`).click();
    await expect(prompt(frame)).toBeAttached({ timeout: 40_000 });
    await expect(shown(frame).locator('.turn')).toHaveCount(2);
    await named(frame, words.next).click();
    await expect(shown(frame).locator('.turn')).toHaveCount(3);
    await expect(note(frame)).toContainText(words.same);
  });

  test('that takes long says how far its world has come', async ({ page }) => {
    await open(page, 'en/compare/choosing/');
    const frame = page.locator('figure.code:has(.run-here):not(.proof-body *)').first();
    await expect(frame.locator('.typed')).toContainText('drydock compare machine');
    await frame.locator('.run-here').click();
    const reached = frame.locator('.block-reached');
    await expect(reached).toHaveText(/^virtual time [\d:.]+$/, { timeout: 40_000 });
    const first = await reached.textContent();
    await expect(reached).not.toHaveText(first ?? '');
    await expect(reached).toHaveText(/^virtual time /);
  });

  test('shares its world with those before and after it', async ({ page }) => {
    await open(page, POD);
    const [first, second] = [blocks(page).nth(0), blocks(page).nth(1)];
    await run(second);
    await run(first);
    await expect(note(first)).toContainText(words.anew);
    await expect(still(second)).toHaveCount(0);
    await run(second);
    await expect(note(second)).not.toContainText(words.anew);
    await expect(note(second)).toContainText(words.same);
    await expect(note(first)).toHaveText(words.moved);
  });

  test('makes room for itself, and the page’s text comes back', async ({ page }) => {
    await open(page, POD);
    const frame = blocks(page).first();
    const text = frame.locator(':scope > .screen').first();
    await text.scrollIntoViewIfNeeded();
    const before = await text.boundingBox();
    await run(frame);
    const after = await shown(frame).boundingBox();
    expect(Math.abs((after?.height ?? 0) - (before?.height ?? 0))).toBeLessThan(2);
    await named(frame, words.still).click();
    await expect(text).toBeVisible();
    await expect(frame.locator('.run-here')).toBeFocused();
  });

  test('goes on in the lab', async ({ page }) => {
    await open(page, POD);
    const frame = blocks(page).first();
    await run(frame);
    await named(frame, words.lab).click();
    await expect(page).toHaveURL(/\/en\/lab\/(#v2\.|$)/);
  });
});

test.describe('a file', () => {
  const file = (page: Page) => page.locator('figure.code[data-file]:has(.edit-here)').first();
  const line = (page: Page, text: string) =>
    page.locator('.cm-line').filter({ hasText: text }).first();

  async function edit(page: Page, address = POD): Promise<Locator> {
    await open(page, address);
    const frame = file(page);
    await named(frame, words.edit).click();
    await expect(page.locator('.cm-content')).toBeFocused();
    return frame;
  }

  test('that is edited and applied changes what follows', async ({ page }) => {
    const faults = watch(page);
    const frame = await edit(page);
    await line(page, 'name: site').click();
    await page.keyboard.press('End');
    await page.keyboard.type('-2');
    await expect(frame.locator('.changed-mark')).toBeVisible();
    await named(frame, words.apply).click();
    const block = blocks(page).first();
    await expect(prompt(block)).toBeAttached({ timeout: 40_000 });
    await expect(block.locator('.differs').first()).toContainText('pod/site-2 created');
    await expect(note(block)).toContainText(/lines differ from the page/);
    await page.reload();
    await expect(file(page).locator('.changed-mark')).toBeVisible();
    await named(file(page), words.edit).click();
    await named(file(page), words.reset).click();
    await expect(file(page).locator('.changed-mark')).toHaveCount(0);
    expect(faults).toEqual([]);
  });

  test('tells where its YAML is wrong, in the tool’s words', async ({ page }) => {
    const frame = await edit(page);
    await line(page, 'image: alpine').click();
    await page.keyboard.press('End');
    await page.keyboard.type('\nimagee: alpine');
    const told = frame.locator('.faults li');
    await expect(told).toContainText('unknown field "spec.initContainers[0].imagee"');
    await expect(frame.locator('.fault')).toHaveText('imagee');
    await page.keyboard.press('Control+z');
    await expect(told).toHaveCount(0);
  });

  test('takes Korean as it is composed', async ({ page, context }) => {
    await edit(page);
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n# ');
    const client = await context.newCDPSession(page);
    const compose = (text: string) =>
      client.send('Input.imeSetComposition', { text, selectionStart: -1, selectionEnd: -1 });
    for (const text of ['ㅎ', '하', '한', '한ㄱ', '한그', '한글']) {
      await compose(text);
      await page.waitForTimeout(150);
    }
    await client.send('Input.insertText', { text: '한글' });
    await page.keyboard.type(' ok');
    await expect(page.locator('.cm-line').last()).toHaveText('# 한글 ok');
  });

  test('is left by Escape and Tab, and all of it works by keyboard', async ({ page }) => {
    await open(page, POD);
    await named(file(page), words.edit).focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('.cm-content')).toBeFocused();
    await expect(page.getByText(editorStrings.en.leave)).toBeVisible();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Tab');
    await expect(page.locator('.cm-line').first()).toHaveText(/^ {2}apiVersion/);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect(named(file(page), words.apply)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(note(blocks(page).first())).toContainText(words.same, { timeout: 40_000 });
  });
});

test('blocks and files have no accessibility faults', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await open(page, POD);
    await run(blocks(page).first());
    await named(page.locator('figure.code[data-file]').first(), words.edit).click();
    await expect(page.locator('.cm-content')).toBeFocused();
    expect(await violationsOf(page, { within: '.body' })).toEqual([]);
  }
});

test('on a phone nothing reaches over the edge', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, POD);
  await run(blocks(page).first());
  await named(page.locator('figure.code[data-file]').first(), words.edit).click();
  await expect(page.locator('.cm-content')).toBeFocused();
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over).toBeLessThanOrEqual(0);
});

test.describe('what the reader types below a block', () => {
  const own = (frame: Locator) => frame.getByRole('textbox', { name: 'Command' });
  const lines = (frame: Locator) => frame.locator('.own-prompt .terminal-line');

  async function type(frame: Locator, line: string): Promise<void> {
    await own(frame).fill(line);
    await own(frame).press('Enter');
    await expect(frame.locator('.own-prompt .is-busy')).toHaveCount(0, { timeout: 20_000 });
  }

  test('stays where it was typed when the block goes on', async ({ page }) => {
    const faults = watch(page);
    await open(page, POD);
    const frame = blocks(page).first();
    const command = await frame.locator('.typed').first().textContent();
    await named(frame, `${words.runTo}: ${command?.slice(2) ?? ''}`).click();
    await expect(prompt(frame)).toBeAttached({ timeout: 40_000 });
    await type(frame, "echo '<b>mine</b>' > note; cat note");
    await expect(lines(frame).last()).toHaveText(/mine/);
    await named(frame, words.next).click();
    const turns = shown(frame).locator('.turn');
    await expect(turns).toHaveCount(3);
    await expect(turns.nth(1)).toHaveClass(/own-turn/);
    await expect(turns.nth(1).locator('.typed')).toHaveText(/^\$ echo '<b>mine/);
    await expect(frame.locator('.turn b')).toHaveCount(0);
    await expect(prompt(frame)).toBeAttached({ timeout: 40_000 });
    await expect(lines(frame)).toHaveCount(0);
    expect(faults).toEqual([]);
  });

  test('is taken back, and so is what the block did, if that is asked for', async ({ page }) => {
    await open(page, POD);
    const frame = blocks(page).first();
    await run(frame);
    await type(frame, 'echo one > one; ls one');
    await expect(lines(frame).last()).toHaveText('one');
    await type(frame, 'drydock undo');
    await expect(lines(frame).last()).toHaveText('undone: echo one > one; ls one');
    await type(frame, 'ls one');
    await expect(lines(frame).last()).toHaveText(/No such file/);
    for (let i = 0; i < 2; i++) await type(frame, 'drydock undo');
    await own(frame).fill('sleep 1000');
    await own(frame).press('Enter');
    await expect(frame.locator('.own-prompt .is-busy')).not.toHaveCount(0);
    await own(frame).press('Control+c');
    await expect(frame.locator('.own-prompt .is-busy')).toHaveCount(0);
    await named(frame, words.again).click();
    await expect(prompt(frame)).toBeAttached({ timeout: 40_000 });
    await expect(note(frame)).toContainText(words.same);
    await expect(frame.locator('.own-turn')).toHaveCount(0);
  });
});
