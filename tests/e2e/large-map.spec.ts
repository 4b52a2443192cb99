/** The map of many nodes: a canvas that keys, pointers and screen readers reach, painted in parts. */
import { expect, test, type Page } from '@playwright/test';
import { openLab, prompt } from './lab-page.ts';
import { watch } from './player-page.ts';

const NODES = 300;
const canvas = (page: Page) => page.locator('.map-canvas');
const told = (page: Page) => page.locator('.map-large [role="status"]');
const picture = (page: Page) =>
  canvas(page).evaluate((place: HTMLCanvasElement) => place.toDataURL());

async function looksOtherwise(page: Page, change: () => Promise<unknown>): Promise<void> {
  const before = await picture(page);
  await change();
  await expect.poll(() => picture(page)).not.toBe(before);
}

test('many nodes are gone through by keys and pointer, near and far, in every light', async ({
  page,
}) => {
  const faults = watch(page);
  await openLab(page, `#preset=nodes-${NODES}`);
  await canvas(page).focus();
  await page.keyboard.press('Home');
  await expect(told(page)).toContainText('waiting for a place');
  await page.keyboard.press('ArrowRight');
  await expect(told(page)).toContainText('control-1. ');
  await page.keyboard.press('End');
  await expect(told(page)).toContainText(`node-${NODES}. 1 running`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: `node-${NODES}` })).toBeVisible();
  await expect(page.locator('.panel-berth-items')).toContainText('kube-proxy');
  await expect(page.locator('.panel-title')).toHaveText(`Node node-${NODES}`);

  await looksOtherwise(page, async () => {
    for (let times = 0; times < 8; times++) await page.keyboard.press('+');
  });
  await looksOtherwise(page, () => page.getByRole('button', { name: 'Show all' }).click());
  await canvas(page).click({ position: { x: 60, y: 60 } });
  await expect(told(page)).toContainText(/^node-\d+\. /);
  await looksOtherwise(page, () => page.emulateMedia({ colorScheme: 'dark' }));
  await looksOtherwise(page, () => page.emulateMedia({ forcedColors: 'active' }));
  await page.locator('.panel-map summary').click();
  await expect(page.locator('.panel-map tbody tr')).toHaveCount(200);
  expect(faults).toEqual([]);
});

interface Noted {
  /** By frame, what was drawn in it of what panels were told. */
  readonly drawn: readonly (readonly string[])[];
  /** The largest share of the map that was painted in one frame. */
  readonly share: number;
}

/** Notes in which frame which panel is drawn, and how much of the map is painted. */
async function noteFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // Nobody asks for a frame before: this is called first in each.
    let frame = 0;
    const next = (): void => {
      frame += 1;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    const drawn = new Map<number, Set<string>>();
    const note = (what: string): void => {
      drawn.set(frame, (drawn.get(frame) ?? new Set()).add(what));
    };
    const shares = new Map<number, number>();
    const context = CanvasRenderingContext2D.prototype;
    const drawImage = Reflect.get(context, 'drawImage') as (...given: unknown[]) => void;
    Reflect.set(context, 'drawImage', function (this: typeof context, ...given: unknown[]) {
      const { className, width, height } = this.canvas;
      if (className === 'map-canvas') {
        note('canvas');
        const [wide = 0, high = 0] = given.slice(7) as number[];
        shares.set(frame, (shares.get(frame) ?? 0) + (wide * high) / (width * height));
      }
      drawImage.apply(this, given);
    });
    Object.assign(window, {
      beginNoting: () => {
        for (const what of ['.map-legend', '.panel-tree']) {
          const place = document.querySelector(what)!;
          new MutationObserver(() => note(what)).observe(place, {
            ...{ subtree: true, childList: true, characterData: true, attributes: true },
          });
        }
        drawn.clear();
        shares.clear();
      },
      noted: () => ({
        drawn: [...drawn.values()].map((what) => [...what]),
        share: Math.max(0, ...shares.values()),
      }),
    });
  });
}

test('in each frame one panel is drawn, and of the map what changed', async ({ page }) => {
  await noteFrames(page);
  await openLab(page, `#preset=nodes-${NODES}`);
  await expect(page.locator('.panel-tree')).toContainText('kube-system');
  await page.evaluate('beginNoting()');
  await prompt(page).fill('kubectl create deployment web --image=nginx --replicas=40');
  await prompt(page).press('Enter');
  const noted = () => page.evaluate<Noted>('noted()');
  const times = ({ drawn }: Noted, what: string) =>
    drawn.filter((one) => one.includes(what)).length;
  await expect(async () => {
    const all = await noted();
    for (const what of ['canvas', '.map-legend', '.panel-tree']) {
      expect(times(all, what), what).toBeGreaterThan(0);
    }
  }).toPass({ timeout: 30_000 });
  const { drawn, share } = await noted();
  expect(drawn.filter((one) => one.length > 1)).toEqual([]);
  // The berths of forty nodes, and the place where those are that have none; each is painted twice,
  // the lines between its cells above it.
  expect(share).toBeLessThan((2 * 45) / NODES);
});
