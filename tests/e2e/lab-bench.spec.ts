/** The bench under the reader's hands: files, load, branches, panes, and all of it by keyboard. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import {
  atOnce,
  bench,
  clock,
  openLab,
  press,
  prompt,
  screen,
  tab,
  terminal,
  type,
} from './lab-page.ts';
import { watch } from './player-page.ts';

const last = (page: Page) => screen(page).locator('.terminal-line').last();

async function withDeployment(page: Page): Promise<void> {
  await openLab(page, '#preset=cluster');
  await atOnce(page);
  const made = 'kubectl create deployment web --image=nginx --dry-run=client -o yaml > web.yaml';
  await type(page, `${made} && kubectl apply -f web.yaml && kubectl rollout status deploy/web`);
  await expect(last(page)).toContainText('successfully rolled out');
}

test('a file is edited, and what is applied changes the world', async ({ page }) => {
  const faults = watch(page);
  await withDeployment(page);
  await tab(page, 'Files').click();
  await page.getByRole('button', { name: 'web.yaml' }).click();
  const line = page.locator('.cm-line').filter({ hasText: 'replicas: 1' });
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  // In the editor a slash is a slash, and u and t are letters.
  await page.keyboard.type('3 # a/b ut');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await expect(page.locator('.cm-line').filter({ hasText: 'replicas: 3 # a/b ut' })).toBeVisible();
  await expect(page.getByText('There are changes that are not saved.')).toBeVisible();
  await tab(page, 'Events').click();
  await tab(page, 'Files').click();
  await expect(page.locator('.cm-line').filter({ hasText: 'replicas: 3 # a/b ut' })).toBeVisible();
  await press(page, 'Save');
  await expect(page.locator('.bench-files .bench-said')).toHaveText('Saved /root/web.yaml.');
  await type(page, 'kubectl apply -f web.yaml && kubectl rollout status deploy/web');
  await type(page, 'kubectl get deploy web -o jsonpath=\'{.status.readyReplicas}{"\\n"}\'');
  await expect(last(page)).toHaveText('3');
  expect(faults).toEqual([]);
});

test('the load slider changes requests a second, and the chart shows them', async ({ page }) => {
  await withDeployment(page);
  await type(page, 'kubectl expose deployment web --port=80');
  await tab(page, 'Faults and load').click();
  const form = page.getByRole('form', { name: 'Load' });
  await expect(form.getByLabel('Service')).toHaveValue('web');
  const slider = form.getByRole('slider');
  const rate = async (): Promise<string> => {
    await type(page, 'drydock load');
    await expect(last(page)).toContainText('/s');
    return (await last(page).textContent())?.split(/\s+/)[1] ?? '';
  };
  await slider.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(last(page)).toHaveText('drydock load web 30');
  // Three keys are one line.
  await expect(screen(page)).not.toContainText('drydock load web 10');
  expect(await rate()).toBe('30/s');
  await type(page, 'sleep 5');
  await tab(page, 'Requests and errors').click();
  const counts = page.locator('.panel-requests figcaption');
  await expect(counts).toContainText('web');
  const served = async (): Promise<number> =>
    Number(/([\d,]+) answered/.exec((await counts.textContent()) ?? '')?.[1]?.replace(',', ''));
  await expect.poll(served).toBeGreaterThan(100);
  const before = await served();
  await tab(page, 'Faults and load').click();
  await slider.fill('200');
  await expect(last(page)).toHaveText('drydock load web 200');
  expect(await rate()).toBe('200/s');
  await type(page, 'sleep 5');
  await tab(page, 'Requests and errors').click();
  await expect.poll(served).toBeGreaterThan(before + 900);
});

test('a branch is made, left for the first, and compared with it', async ({ page }) => {
  await openLab(page, '#preset=host');
  await atOnce(page);
  await type(page, 'docker create --name first nginx:alpine');
  await press(page, 'Undo');
  await type(page, 'docker create --name second redis:alpine');
  await press(page, /Go to branch 1$/);
  await expect(screen(page)).toContainText('--name first');
  await expect(screen(page)).not.toContainText('--name second');
  await type(page, "docker ps -a --format '{{.Names}}'");
  await expect(last(page)).toHaveText('first');
  await press(page, /Go to branch 2$/);
  await type(page, "docker ps -a --format '{{.Names}}'");
  await expect(last(page)).toHaveText('second');
  await press(page, 'Compare with branch 1');
  await expect(bench(page).getByText('Branch 2 and branch 1 at')).toBeVisible();
});

test('a pane is as it was left when its tab is chosen again', async ({ page }) => {
  await openLab(page, '#preset=cluster');
  await tab(page, 'Objects').click();
  const tree = page.getByRole('tree');
  await expect(tree.getByRole('treeitem').first()).toHaveAttribute('aria-expanded', 'true');
  await tree.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowRight');
  await expect(tree).toContainText('Volumes');
  const texts = () => tree.getByRole('treeitem').allTextContents();
  const shown = await texts();
  const top = await tree.evaluate((box) => {
    box.scrollTop = 40;
    return box.scrollTop;
  });
  await page.waitForTimeout(200);
  await tab(page, 'Events').click();
  await page.getByLabel('Warnings only').check();
  await tab(page, 'Files').click();
  await bench(page).getByPlaceholder('app.yaml').fill('half.ya');
  await tab(page, 'Objects').click();
  await expect.poll(texts).toEqual(shown);
  expect(await tree.evaluate((box) => box.scrollTop)).toBe(top);
  expect(top).toBeGreaterThan(0);
  await tab(page, 'Events').click();
  await expect(page.getByLabel('Warnings only')).toBeChecked();
  await tab(page, 'Files').click();
  await expect(bench(page).getByPlaceholder('app.yaml')).toHaveValue('half.ya');
});

test('a hidden pane asks nothing, and a shown one is up to date', async ({ page }) => {
  await openLab(page, '#preset=host');
  await atOnce(page);
  await tab(page, 'Objects').click();
  // What was asked before it was hidden still comes.
  await expect(page.getByRole('tree')).toContainText('Networks');
  await tab(page, 'Files').click();
  const before = await page.getByRole('tree', { includeHidden: true }).textContent();
  await type(page, 'docker run -d --name web nginx:alpine');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  expect(await page.getByRole('tree', { includeHidden: true }).textContent()).toBe(before);
  await tab(page, 'Objects').click();
  await expect(page.getByRole('tree')).not.toHaveText(before ?? '');
});

/** Tab, as often as it takes to come there. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const isThere = await place.evaluate((element) => element === document.activeElement);
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  await expect(place).toBeFocused({ timeout: 1 });
}

test('by Tab, arrows and Enter alone the whole lab is gone through', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('en/lab/');
  await tabTo(page, page.getByRole('button', { name: 'Open One Docker host' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('#bench-title')).toBeFocused({ timeout: 30_000 });
  await tabTo(page, bench(page).getByRole('radio', { name: '1×' }));
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(bench(page).getByRole('radio', { name: 'at once' })).toBeChecked();

  await tabTo(page, prompt(page));
  await page.keyboard.type('docker run -d --name web nginx:alpine');
  await page.keyboard.press('Enter');
  await expect(terminal(page).locator('.terminal')).not.toHaveClass(/is-busy/);
  await expect(last(page)).toHaveText(/^[0-9a-f]{64}$/);
  const back = async (place: Locator): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      if (await place.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Shift+Tab');
    }
    await expect(place).toBeFocused({ timeout: 1 });
  };
  await back(bench(page).getByRole('tab', { selected: true }));
  await page.keyboard.press('Home');
  await expect(tab(page, 'Objects')).toBeFocused();
  await tabTo(page, page.getByRole('tree'));
  await expect(page.getByRole('treeitem', { name: 'Containers' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('treeitem', { name: 'web' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('.panel-line.is-active')).toHaveAttribute('aria-selected', 'true');

  await back(tab(page, 'Objects'));
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  const form = page.getByRole('form', { name: 'Faults' });
  await tabTo(page, form.getByLabel('What'));
  await tabTo(page, form.getByRole('button', { name: 'Type it' }));
  await page.keyboard.press('Enter');
  await expect(screen(page)).toContainText('drydock fault machine host down');

  await back(bench(page).getByRole('button', { name: 'Undo' }));
  await page.keyboard.press('Enter');
  await expect(screen(page)).not.toContainText('drydock fault');
  await tabTo(page, prompt(page));
  await page.keyboard.type('docker rm -f web');
  await page.keyboard.press('Enter');
  await expect(bench(page).getByRole('button', { name: /Go to branch 1$/ })).toBeVisible();
  await back(bench(page).getByRole('button', { name: 'Copy link' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.bench-said').first()).toHaveText('The link to this world is copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('/en/lab/#v2.');
  await expect(clock(page)).toBeVisible();
});
