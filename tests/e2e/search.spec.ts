import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOf } from './axe.ts';

const PAGE = { ko: 'ko/images/dockerfile/', en: 'en/images/dockerfile/' } as const;

/** What the console and the network must stay free of. */
function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (origin !== new URL(page.url()).origin) faults.push(`left the origin: ${request.url()}`);
  });
  return faults;
}

async function ask(page: Page, query: string): Promise<void> {
  await page.keyboard.press('/');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.insertText(query);
}

const rows = (page: Page) => page.getByRole('dialog').getByRole('option');

test.describe('finding', () => {
  for (const [locale, query, title] of [
    ['ko', '컨테이너란', '컨테이너란 무엇인가'],
    ['ko', '가상머신 컨테이너 차이', '가상 머신과 컨테이너'],
    ['ko', '콘테이너를', '컨테이너란 무엇인가'],
    ['ko', '큐버네티스 구조', '클러스터 구조'],
    ['ko', 'zjsxpdlsj', '컨테이너란 무엇인가'],
    ['ko', 'ㅋㅌㅇㄴ', '컨테이너란 무엇인가'],
    ['en', 'what is a container', 'What is a container?'],
    ['en', 'rolling updates', 'Rolling update'],
    ['en', 'contianer', 'What is a container?'],
  ] as const) {
    test(`${locale}: ${query}`, async ({ page }) => {
      await page.goto(PAGE[locale]);
      const faults = watch(page);
      await ask(page, query);
      await expect(page.locator('.found-page').first()).toContainText(title);
      expect(faults).toEqual([]);
    });
  }

  test('excerpts mark the words, headings lead to their place', async ({ page }) => {
    await page.goto(PAGE.ko);
    await ask(page, '커널');
    const section = page.locator('.found-section').first();
    await expect(section.locator('mark').first()).toContainText('커널');
    await expect(section).toHaveAttribute('href', /\/ko\/[a-z-]+\/[a-z-]+\/#[a-z0-9-]+$/);
    await section.click();
    await expect(page.getByRole('dialog')).toBeHidden();
    const hash = new URL(page.url()).hash;
    await expect(page.locator(hash)).toBeInViewport();
  });

  test('the other language on request, after the own', async ({ page }) => {
    await page.goto(PAGE.ko);
    await ask(page, 'kubelet');
    await expect(rows(page).first()).toBeVisible();
    await expect(page.locator('.found-group[lang=en]')).toHaveCount(0);
    await page.getByRole('checkbox', { name: '영어 페이지도 찾기' }).check();
    await expect(page.locator('.found-group[lang=en]').first()).toBeAttached();
    await expect(page.locator('.found-group').first()).toHaveAttribute('lang', 'ko');
  });

  test('nothing found is told, with a way on', async ({ page }) => {
    await page.goto(PAGE.en);
    await ask(page, 'xylophone');
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('Nothing matches');
    const glossary = page.getByRole('link', { name: 'Open the glossary' });
    await expect(glossary).toHaveAttribute('href', /\/en\/reference\/glossary\/$/);
  });

  test('a lost index is told, and tried again', async ({ page }) => {
    await page.goto(PAGE.en);
    await page.route('**/search/front.en.json', (route) => route.abort());
    await ask(page, 'container');
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('could not be read');
    await page.unroute('**/search/front.en.json');
    await page.keyboard.insertText('s');
    await expect(rows(page).first()).toBeVisible();
  });
});

test.describe('the keyboard', () => {
  for (const key of ['/', 'Control+k', 'Meta+k']) {
    test(`${key} opens, Escape closes, focus returns`, async ({ page }) => {
      await page.goto(PAGE.ko);
      const link = page.locator('main a').first();
      await link.focus();
      await page.keyboard.press(key);
      await expect(page.getByRole('combobox')).toBeFocused();
      await expect(page.getByRole('combobox')).toHaveValue('');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(link).toBeFocused();
    });
  }

  test('arrows choose and go round, Enter opens', async ({ page }) => {
    await page.goto(PAGE.en);
    await ask(page, 'container');
    const field = page.getByRole('combobox');
    // Marks come with the full answer, after which the list stands still.
    await expect(page.locator('.found-page mark').first()).toBeVisible();
    const chosen = page.locator('[role=option][aria-selected=true]');
    await expect(chosen).toHaveCount(1);
    const first = await chosen.getAttribute('id');
    await page.keyboard.press('ArrowDown');
    await expect(field).not.toHaveAttribute('aria-activedescendant', first ?? '');
    await page.keyboard.press('ArrowUp');
    await expect(field).toHaveAttribute('aria-activedescendant', first ?? '');
    await page.keyboard.press('ArrowUp');
    await expect(rows(page).last()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const target = (await chosen.getAttribute('href')) ?? '';
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`${target}$`));
  });

  test('keys of an input method are left to it', async ({ page }) => {
    await page.goto(PAGE.ko);
    await ask(page, '컨테이');
    await expect(rows(page).first()).toBeVisible();
    const field = page.getByRole('combobox');
    await expect(page.locator('.found-page mark').first()).toBeVisible();
    const before = await field.getAttribute('aria-activedescendant');
    const url = page.url();
    for (const key of ['Enter', 'ArrowDown']) {
      await field.dispatchEvent('keydown', { key, isComposing: true });
      await field.dispatchEvent('keydown', { key, keyCode: 229 });
    }
    await expect(field).toHaveAttribute('aria-activedescendant', before ?? '');
    expect(page.url()).toBe(url);
    await expect(page.getByRole('dialog')).toBeVisible();
  });

  test('a slash typed into a field is text', async ({ page }) => {
    await page.goto('en/reference/glossary/');
    await page.locator('#glossary-filter').focus();
    await page.keyboard.press('/');
    await expect(page.locator('#glossary-filter')).toHaveValue('/');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});

for (const locale of ['ko', 'en'] as const) {
  for (const width of [360, 1440]) {
    test(`${locale}, ${width} px: no axe violation, nothing runs over`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(PAGE[locale]);
      await page.locator('.search-open').click();
      await expect(rows(page).first()).toBeVisible();
      await page.getByRole('combobox').fill('kubernetes');
      await expect(page.locator('.found-page').first()).toBeVisible();
      expect(await violationsOf(page, { within: 'dialog' })).toEqual([]);
      const over = await page.evaluate(
        () => document.querySelector('.search-body')!.scrollWidth > innerWidth,
      );
      expect(over).toBe(false);
    });
  }
}

test('a page that is only read loads no index and little script for search', async ({ page }) => {
  const loaded: string[] = [];
  page.on('response', (response) => loaded.push(response.url()));
  await page.goto(PAGE.ko, { waitUntil: 'networkidle' });
  expect(loaded.filter((url) => /\/(pagefind|search)\/|search-dialog/.test(url))).toEqual([]);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('no button that does nothing', async ({ page }) => {
    await page.goto(PAGE.ko);
    await expect(page.locator('.search-open')).toBeHidden();
  });
});
