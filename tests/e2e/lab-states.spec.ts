/** What axe says of each state of the lab, and that none of them goes over the edge of a phone. */
import { expect, test, type Page } from '@playwright/test';
import { violationsOf } from './axe.ts';
import { atOnce, bench, openLab, press, tab, type } from './lab-page.ts';

type Look = (state: string, within?: string) => Promise<void>;

/** On a phone some stand behind a tab that have a place of their own on a wider screen. */
async function show(page: Page, name: string): Promise<void> {
  if ((await tab(page, name).count()) > 0) await tab(page, name).click();
}

async function challenge(page: Page, look: Look): Promise<void> {
  await page.goto('ko/lab/');
  await look('the empty bench', 'main');
  await openLab(page, '#challenge=full-disk', 'ko');
  await atOnce(page);
  await press(page, '힌트 보기');
  await press(page, '확인');
  await expect(page.locator('.bench-verdict')).toBeVisible({ timeout: 30_000 });
  await look('a challenge that is not solved yet');
  await type(page, 'docker image prune -af');
  await press(page, '확인');
  await expect(page.locator('.bench-after')).toBeVisible({ timeout: 30_000 });
  await look('a challenge that is solved', '.bench-strip');
}

async function panes(page: Page, look: Look): Promise<void> {
  await page.goto('ko/');
  await openLab(page, '#scenario=orchestration/apply', 'ko');
  await look('a scenario', '.bench-strip');
  await atOnce(page);
  await type(page, 'kubectl create deployment load --image=nginx --replicas 2');
  await type(page, 'kubectl expose deployment load --port 80');
  await type(page, 'drydock load load 50; sleep 20');
  await tab(page, '오브젝트').click();
  const node = page.getByRole('tree').getByRole('treeitem').nth(1);
  await node.click();
  await expect(page.locator('.panel-inspector')).not.toBeEmpty();
  await look('objects', '#bench-objects');
  await tab(page, '이벤트').click();
  await expect(page.locator('.panel-events-list li').first()).toBeVisible();
  await look('events', '#bench-events');
  await tab(page, '요청과 오류').click();
  await expect(page.locator('.panel-requests')).toBeVisible();
  await look('a chart', '#bench-chart');
  await tab(page, '장애와 부하').click();
  await look('faults and load', '#bench-faults');
  await tab(page, '파일').click();
  await look('files', '#bench-files');
  await page.locator('.bench-file-list button').first().click();
  await expect(page.locator('.cm-content')).toBeVisible();
  await look('a file in the editor', '#bench-files');
  await press(page, '되돌리기');
  await show(page, '터미널');
  await type(page, 'kubectl get pods');
  await bench(page).getByRole('button', { name: /비교$/ }).click();
  await expect(page.locator('.panel-branches')).toContainText('차이');
  await look('two branches compared', '.bench-time');
}

async function platforms(page: Page, look: Look): Promise<void> {
  await page.goto('ko/');
  await openLab(page, '#preset=compare', 'ko');
  await show(page, '플랫폼 비교');
  await expect(page.locator('.platform')).toHaveCount(3);
  await look('three platforms', '.platforms');
}

const parts = { challenge, panes, platforms };

for (const [name, through] of Object.entries(parts)) {
  test(`axe finds nothing: ${name}, in the light`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await through(page, async (state, within = 'drydock-lab') => {
      expect(await violationsOf(page, { within }), state).toEqual([]);
    });
  });

  test(`on a phone in the dark every colour is read: ${name}`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await through(page, async (state, within = 'drydock-lab') => {
      const rules = ['color-contrast', 'target-size', 'scrollable-region-focusable'];
      expect(await violationsOf(page, { within, rules }), state).toEqual([]);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, state).toBeLessThanOrEqual(0);
    });
  });
}
