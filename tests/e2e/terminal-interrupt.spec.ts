/** Ctrl+C at each moment, and what never ends. */
import { expect, test, type Page } from '@playwright/test';
import { atOnce, bench, openLab, prompt, screen, terminal } from './lab-page.ts';
import { watch } from './player-page.ts';

const lines = (page: Page) => screen(page).locator('.terminal-line');
const mark = (page: Page) => terminal(page).locator('.terminal-prompt > span');
const isFree = (page: Page) =>
  expect(terminal(page).locator('.terminal')).not.toHaveClass(/is-busy/, { timeout: 20_000 });

async function enter(page: Page, line: string): Promise<void> {
  await prompt(page).focus();
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
}

/** Types a line, sees something of what it does, and presses Ctrl+C. */
async function interrupted(page: Page, line: string, sees: string | RegExp): Promise<void> {
  await enter(page, line);
  // In a container's shell it stands behind that shell's own prompt.
  await expect(lines(page).filter({ hasText: line }).last()).toBeVisible();
  await expect(terminal(page)).toContainText(sees, { timeout: 20_000 });
  await page.keyboard.press('Control+c');
}

/** The prompt is free, and what is typed next is a command. */
async function worksAfter(page: Page, word: string): Promise<void> {
  await isFree(page);
  await enter(page, `echo ${word}`);
  await isFree(page);
  await expect(lines(page).last()).toHaveText(word);
}

/** Empties the screen: what stands there of before would be taken for what comes. */
async function cleared(page: Page): Promise<void> {
  await page.keyboard.press('Control+l');
  await expect(lines(page)).toHaveCount(0);
}

test('what prints without end at once is ended by Ctrl+C, and the page stays quick', async ({
  page,
}) => {
  const faults = watch(page);
  await openLab(page, '#preset=host');
  await atOnce(page);
  await enter(page, 'yes');
  await expect(lines(page).last()).toHaveText('y', { timeout: 20_000 });
  const longestMs = await page.evaluate(async () => {
    let longest = 0;
    let last = performance.now();
    for (let i = 0; i < 60; i++) {
      await new Promise(requestAnimationFrame);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    return longest;
  });
  // A bound against standing still, not a measure of speed: the machine has other work.
  expect(longestMs).toBeLessThan(1_500);
  await page.keyboard.press('Control+c');
  await worksAfter(page, 'after-yes');
  await expect(page.locator('.terminal-lines > .terminal-note')).toContainText('earlier lines');
  expect(faults).toEqual([]);
});

test('Ctrl+C at a prompt, whole or half', async ({ page }) => {
  await openLab(page, '#preset=host');
  await prompt(page).focus();
  await page.keyboard.insertText('docker rm -f half');
  await page.keyboard.press('Control+c');
  await expect(prompt(page)).toHaveValue('');
  await worksAfter(page, 'after-half');
  await enter(page, 'cat <<X');
  await expect(mark(page)).toHaveText('>');
  await enter(page, 'one');
  await page.keyboard.press('Control+c');
  await expect(mark(page)).toHaveText('~ $');
  await worksAfter(page, 'after-more');
  await expect(screen(page)).not.toContainText('onetwo');
  await enter(page, "echo 'open");
  await expect(mark(page)).toHaveText('>');
  await page.keyboard.insertText('half');
  await page.keyboard.press('Control+c');
  await expect(mark(page)).toHaveText('~ $');
  await worksAfter(page, 'after-quote');
});

test('Ctrl+C while something runs', async ({ page }) => {
  await openLab(page, '#preset=host');
  await bench(page).getByRole('radio', { name: '10×' }).check();
  await interrupted(page, 'sleep 1000', 'sleep');
  await worksAfter(page, 'after-sleep');
  await interrupted(page, 'while true; do date; sleep 1; done', '2026');
  await worksAfter(page, 'after-loop');
  await interrupted(page, 'watch -n 1 docker ps', 'CONTAINER ID');
  await worksAfter(page, 'after-watch');
  await interrupted(page, 'docker run --name web nginx:alpine', 'start worker process');
  await worksAfter(page, 'after-run');
  await enter(page, 'docker start web');
  await expect(lines(page).last()).toHaveText('web');
  await cleared(page);
  await interrupted(page, 'docker logs -f web', 'ready for start up');
  await worksAfter(page, 'after-logs');
  await enter(page, 'docker exec -it web sh');
  await expect(lines(page).last()).toHaveText('/ #');
  await enter(page, 'echo within');
  await expect(lines(page).nth(-2)).toHaveText('within');
  await page.keyboard.press('Control+d');
  await worksAfter(page, 'after-shell');
  await cleared(page);
  await interrupted(page, 'docker exec -it web sh', '/ #');
  await worksAfter(page, 'after-exec');
});

test('Ctrl+C while Compose is up stops what it brought up', async ({ page }) => {
  await openLab(page, '#preset=host');
  await bench(page).getByRole('radio', { name: '10×' }).check();
  await enter(page, "printf 'services:\\n  web:\\n    image: nginx:alpine\\n' > compose.yaml");
  await isFree(page);
  await interrupted(page, 'docker compose up', 'start worker process');
  await worksAfter(page, 'after-up');
  await expect(screen(page)).toContainText('Gracefully Stopping');
  await enter(page, "docker ps -a --format '{{.Names}} {{.State}}'");
  await isFree(page);
  await expect(lines(page).last()).toHaveText('root-web-1 exited');
});
