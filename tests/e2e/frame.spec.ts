/** The page frame, driven in a browser: what a reader can rely on before any figure runs. */
import { expect, test, type Page } from '@playwright/test';

const page1 = 'containers/what-is-a-container/';
const wide = { width: 1440, height: 900 };
const phone = { width: 360, height: 760 };
/** A screen of 1280 by 1024, enlarged four times. */
const enlarged = { width: 320, height: 256 };
const addresses = ['', 'ko/', 'en/', 'ko/images/', `ko/${page1}`, `en/${page1}`];
const glossary = 'en/reference/glossary/';

/** Collects what a page complains about, and requests that leave its origin. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const own = page.url() === 'about:blank' ? origin : new URL(page.url()).origin;
    if (protocol.startsWith('http') && origin !== own) complaints.push(request.url());
  });
  return complaints;
}

test.describe('every kind of page', () => {
  for (const address of [...addresses, glossary]) {
    test(`/${address} obeys its own policy and stays at its origin`, async ({ page }) => {
      const complaints = complaintsOf(page);
      await page.goto(address, { waitUntil: 'networkidle' });
      const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
      await expect(policy).toHaveAttribute(
        'content',
        "default-src 'self'; worker-src 'self' blob:",
      );
      // A player that has begun places its canvas by script, which the policy lets through.
      const inline = '[style]:not(canvas), style, script:not([src], [type="application/json"])';
      await expect(page.locator(inline)).toHaveCount(0);
      expect(complaints).toEqual([]);
    });

    for (const viewport of [enlarged, phone, wide]) {
      test(`/${address} does not scroll sideways at ${viewport.width}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        await page.goto(address);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(over).toBeLessThanOrEqual(0);
      });
    }
  }
});

test.describe('language', () => {
  test('the switch keeps page and heading, and is remembered', async ({ page }) => {
    await page.goto(`ko/${page1}#from-an-image`);
    await page.getByRole('link', { name: 'English' }).click();
    await expect(page).toHaveURL(/\/en\/containers\/what-is-a-container\/#from-an-image$/);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.locator('#from-an-image')).toBeInViewport();
    await page.goto('');
    await expect(page).toHaveURL(/\/en\/$/);
  });

  test('the switch follows a heading chosen later', async ({ page }) => {
    await page.setViewportSize(wide);
    await page.goto(`en/${page1}`);
    await page.locator('.contents a[href="#from-an-image"]').click();
    await page.getByRole('link', { name: '한국어' }).click();
    await expect(page).toHaveURL(/\/ko\/.*#from-an-image$/);
  });

  for (const [locale, path] of [
    ['ko-KR', /\/ko\/$/],
    ['en-GB', /\/en\/$/],
    ['fr-FR', /\/ko\/$/],
  ] as const) {
    test(`the root leads a ${locale} browser on`, async ({ browser, baseURL }) => {
      const context = await browser.newContext({ locale, baseURL });
      const page = await context.newPage();
      await page.goto('');
      await expect(page).toHaveURL(path);
      await context.close();
    });
  }

  test('each page names its twins', async ({ page }) => {
    await page.goto(`en/${page1}`);
    for (const each of ['ko', 'en', 'x-default']) {
      await expect(page.locator(`link[rel=alternate][hreflang=${each}]`)).toHaveCount(1);
    }
  });
});

test.describe('light', () => {
  const surface = (page: Page) =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  test('the button goes round, and the choice is there at the next first paint', async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`en/${page1}`);
    const fog = await surface(page);
    const button = page.getByRole('button', { name: /^Theme:/ });
    await expect(button).toHaveAccessibleName('Theme: automatic');
    await button.click();
    await expect(button).toHaveAccessibleName('Theme: light');
    await button.click();
    await expect(button).toHaveAccessibleName('Theme: dark');
    const night = await surface(page);
    expect(night).not.toBe(fog);
    await page.reload({ waitUntil: 'commit' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    // Before its style sheet a page has no ground at all; the first it has is the chosen one.
    await expect.poll(() => surface(page)).not.toBe('rgba(0, 0, 0, 0)');
    expect(await surface(page)).toBe(night);
    await button.click();
    expect(await surface(page)).toBe(fog);
  });

  test('the system decides until the reader does', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`en/${page1}`);
    const fog = await surface(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await surface(page)).not.toBe(fog);
  });
});

test.describe('finding one’s way', () => {
  test('the skip link is first and leads to the text', async ({ page }) => {
    await page.goto(`en/${page1}`);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the text' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('main')).toBeFocused();
  });

  test('the contents follow reading, also over a jump', async ({ page }) => {
    await page.setViewportSize(wide);
    await page.goto(`en/${page1}`);
    const links = page.locator('.contents a');
    await expect(page.locator('.contents a[aria-current]')).toHaveCount(0);
    const jump = (top: number) =>
      page.evaluate((to) => scrollTo({ top: to, behavior: 'instant' }), top);
    await jump(1_000_000);
    await expect(links.last()).toHaveAttribute('aria-current', 'true');
    await jump(0);
    await expect(page.locator('.contents a[aria-current]')).toHaveCount(0);
  });

  test('only the present topic is open, and every page is reached in order', async ({ page }) => {
    await page.setViewportSize(wide);
    await page.goto(`en/${page1}`);
    await expect(page.locator('.sidebar .berths')).toHaveCount(1);
    const seen = [await page.locator('h1').textContent()];
    const next = page.locator('a[rel=next]');
    while ((await next.count()) > 0) {
      await next.click();
      await page.waitForLoadState();
      seen.push(await page.locator('h1').textContent());
      expect(seen.length).toBeLessThan(100);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(12);
    await expect(page.locator('.sidebar .topic.open')).toHaveCount(1);
  });

  test('the phone’s menu opens, and closes by Escape', async ({ page }) => {
    await page.setViewportSize(phone);
    await page.goto(`en/${page1}`);
    const menu = page.locator('details.menu');
    await menu.locator('summary').click();
    await expect(menu.getByRole('link', { name: 'Images' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).not.toHaveAttribute('open');
    await expect(menu.locator('summary')).toBeFocused();
  });

  test('an address without a page says so in both languages', async ({ page }) => {
    const response = await page.goto('ko/no-such-page/');
    expect(response?.status()).toBe(404);
    await expect(
      page.getByRole('heading', { name: '이 주소에는 페이지가 없습니다' }),
    ).toBeVisible();
    await expect(page.locator('[lang=en] h2')).toHaveText('There is no page at this address');
    await page.getByRole('link', { name: 'To the English home page' }).click();
    await expect(page).toHaveURL(/\/en\/$/);
  });
});

test.describe('terms and code', () => {
  test('a term shows its definition to pointer and keyboard', async ({ page }) => {
    await page.goto(`en/${page1}`);
    const term = page.locator('.term').first();
    await expect(term.locator('.term-card')).toBeHidden();
    await term.locator('.term-link').focus();
    await expect(term.locator('.term-card')).toBeVisible();
  });

  test('code is copied, and selected where there is no clipboard', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`en/${page1}`);
    const frame = page.locator('figure.code').first();
    const code = (await frame.locator('code').innerText()).replace(/^\$ /gm, '').trimEnd();
    expect(code).toMatch(/^docker/);
    await frame.getByRole('button', { name: 'Copy' }).click();
    await expect(frame.getByRole('status')).toHaveText('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      Object.defineProperty(document, 'execCommand', { value: () => false });
    });
    await frame.getByRole('button', { name: 'Copy' }).click();
    await expect(frame.getByRole('status')).toContainText('Selected');
    expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe(code);
  });

  test('the glossary is filtered, and a term has an address', async ({ page }) => {
    await page.goto(`${glossary}#term-pod`);
    await expect(page.locator('#term-pod')).toBeInViewport();
    const shown = page.locator('.entry:not([hidden])');
    const all = await shown.count();
    expect(all).toBeGreaterThan(100);
    await page.getByLabel('Filter the terms').fill('롤링업데이트');
    await expect(shown).toHaveCount(1);
    await expect(page.locator('.glossary-found')).toHaveText('1 terms');
    await page.getByLabel('Filter the terms').fill('no such term');
    await expect(page.locator('.glossary-found')).toContainText('No term matches');
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the root offers both languages', async ({ page }) => {
    await page.goto('');
    await page.getByRole('link', { name: 'English' }).click();
    await expect(page).toHaveURL(/\/en\/$/);
  });

  test('a page is whole, and shows no control that does nothing', async ({ page }) => {
    await page.setViewportSize(phone);
    await page.goto(`ko/${page1}`);
    await expect(page.locator('h1')).toBeVisible();
    await expect(page.locator('.sources li').first()).toBeVisible();
    await expect(page.locator('button:visible')).toHaveCount(0);
    await page.locator('details.menu summary').click();
    await page.locator('details.menu').getByRole('link', { name: '이미지' }).click();
    await expect(page.locator('h1')).toHaveText('이미지');
  });
});
