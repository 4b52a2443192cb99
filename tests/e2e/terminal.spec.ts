/** The terminal, where the lab has it. */
import { expect, test, type Page } from '@playwright/test';
import { violationsOf } from './axe.ts';
import { watch } from './player-page.ts';

const input = (page: Page) => page.getByRole('textbox', { name: /명령|Command/ });
const lines = (page: Page) => page.locator('.terminal-line');
const region = (page: Page) => page.locator('.terminal-spoken p').first();

async function open(page: Page, preset = 'host', language = 'en'): Promise<void> {
  await page.goto(`${language}/lab/#preset=${preset}`);
  await input(page).click({ timeout: 30_000 });
}

async function isFree(page: Page): Promise<void> {
  await expect(page.locator('.terminal.is-busy')).toHaveCount(0, { timeout: 20_000 });
}

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
  await expect(lines(page).filter({ hasText: line }).last()).toBeVisible();
}

const printed = (page: Page) => lines(page).allTextContents();

test('what is typed runs, comes back by the arrow, and is completed', async ({ page }) => {
  const faults = watch(page);
  await open(page);
  await type(page, 'mkdir harbour && cd harbour && pwd');
  await isFree(page);
  await expect
    .poll(() => printed(page))
    .toEqual(['mkdir harbour && cd harbour && pwd', '/root/harbour']);
  await expect(page.locator('.terminal-prompt > span')).toHaveText('~/harbour $');
  await page.keyboard.insertText('half');
  await page.keyboard.press('ArrowUp');
  await expect(input(page)).toHaveValue('mkdir harbour && cd harbour && pwd');
  await page.keyboard.press('ArrowDown');
  await expect(input(page)).toHaveValue('half');
  await page.keyboard.press('Control+u');
  await page.keyboard.press('Control+r');
  await page.keyboard.insertText('har');
  await expect(page.locator('.terminal-found')).toHaveText('mkdir harbour && cd harbour && pwd');
  await page.keyboard.press('Escape');
  await page.keyboard.insertText('docker volu');
  await page.keyboard.press('Tab');
  await expect(input(page)).toHaveValue('docker volume ');
  await page.keyboard.press('Tab');
  await page.waitForTimeout(300);
  await page.keyboard.press('Tab');
  await expect(page.locator('.terminal-candidates li').first()).toContainText('create');
  expect(faults).toEqual([]);
});

test('nothing that is typed becomes part of the page', async ({ page }) => {
  await open(page);
  await type(page, `echo '<img src=x onerror="document.title=1"><b>bold</b>'`);
  await isFree(page);
  await expect(lines(page).last()).toHaveText('<img src=x onerror="document.title=1"><b>bold</b>');
  await expect(page.locator('.terminal b, .terminal img')).toHaveCount(0);
});

test('a watch streams as time passes, and ends by Ctrl+C', async ({ page }) => {
  await open(page, 'cluster');
  await type(page, 'kubectl create deployment web --image=nginx');
  await isFree(page);
  await type(page, 'kubectl get pods -w');
  await expect(page.locator('.terminal.is-busy')).toBeVisible();
  await expect(lines(page).filter({ hasText: 'Running' })).not.toHaveCount(0, { timeout: 20_000 });
  await page.keyboard.press('Control+c');
  await isFree(page);
  await expect(lines(page).last()).toHaveText('^C');
  await type(page, 'echo after');
  await isFree(page);
  await expect(lines(page).last()).toHaveText('after');
});

test('a command that reads gets what is typed, and Ctrl+D', async ({ page }) => {
  await open(page);
  await type(page, 'wc -l');
  await expect(page.locator('.terminal-now')).toHaveText('The command waits for input.');
  await type(page, 'one');
  await page.keyboard.press('Control+d');
  await isFree(page);
  await expect.poll(() => printed(page)).toEqual(['wc -l', 'one', '1']);
});

test('pasted lines are typed one after the other', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await page.evaluate(() =>
    navigator.clipboard.writeText('echo one\nsleep 1; echo two\ncat <<X\nthree\nX\necho fo'),
  );
  await page.keyboard.press('Control+v');
  await expect(input(page)).toHaveValue('echo fo');
  await expect(lines(page).filter({ hasText: /^three$/ })).toHaveCount(2, { timeout: 15_000 });
  await expect
    .poll(() => printed(page))
    .toEqual([
      ...['echo one', 'one', 'sleep 1; echo two', 'two', 'cat <<X', 'three', 'X', 'three'],
    ]);
});

test('what is copied has no prompt in it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await type(page, 'echo one');
  await isFree(page);
  await page.evaluate(() => {
    getSelection()?.selectAllChildren(document.querySelector('.terminal-lines')!);
  });
  await page.keyboard.press('Control+c');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.trim()).toBe('echo one\none');
});

test('Korean is composed in peace', async ({ page }) => {
  await open(page, 'host', 'ko');
  const client = await page.context().newCDPSession(page);
  await page.keyboard.insertText('echo ');
  for (const text of ['ㅎ', '하', '한']) {
    await client.send('Input.imeSetComposition', {
      ...{ text, selectionStart: text.length, selectionEnd: text.length },
    });
  }
  // The Enter that ends a composition belongs to the input method.
  await client.send('Input.dispatchKeyEvent', {
    ...{ type: 'rawKeyDown', key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 },
  });
  await expect.poll(() => printed(page)).toEqual([]);
  await client.send('Input.insertText', { text: '한' });
  await page.keyboard.press('Enter');
  await isFree(page);
  await expect(lines(page).last()).toHaveText('한');
  await expect.poll(() => printed(page)).toEqual(['echo 한', '한']);
});

test('a keyboard gets out, and a screen reader hears each output once', async ({ page }) => {
  await open(page);
  await type(page, 'echo heard');
  await expect(region(page)).toHaveText('heard');
  await type(page, 'echo again');
  await expect(region(page)).toHaveText('again');
  await page.keyboard.press('Tab');
  await expect(input(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(input(page)).not.toBeFocused();
});

test('ten thousand lines stay quick', async ({ page }) => {
  await open(page);
  await page.keyboard.insertText('seq 12000');
  await page.keyboard.press('Enter');
  await expect(lines(page).last()).toHaveText('12000', { timeout: 30_000 });
  await expect(page.locator('.terminal-lines > .terminal-note')).toContainText('earlier lines');
  const medianMs = await page.evaluate(async () => {
    const field = document.querySelector<HTMLTextAreaElement>('.terminal-input')!;
    const took: number[] = [];
    for (let i = 0; i < 21; i++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const began = performance.now();
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
      field.setRangeText('a', i, i, 'end');
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      // Asks for the layout that the browser would have to do next.
      const height = field.offsetHeight;
      took.push(height > 0 ? performance.now() - began : Infinity);
    }
    return took.sort((one, other) => one - other)[10]!;
  });
  expect(medianMs).toBeLessThan(8);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, 'cluster', 'ko');
    await type(page, "printf '\\033[31mred\\033[0m \\033[7mback\\033[0m\\n'; ls /nowhere");
    await isFree(page);
    expect(await violationsOf(page, { within: '.terminal' })).toEqual([]);
  });
}
