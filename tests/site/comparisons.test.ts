/** What the built pages promise of comparisons: a real table, every cell said and proved in both languages. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOfTable, readTable, tableIds } from '../../src/build/comparisons/comparisons.ts';
import { PLATFORM_NAMES, readAlignment } from '../../src/components/alignment/alignment.ts';
import { locales, type Locale } from '../../src/i18n/locales.ts';
import type { ClaimCell } from '../../src/scenarios/claims/claim-table.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  '#39': "'",
  '#34': '"',
};

/** The text between tags, its spaces as they are. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, '')
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);

const partsOf = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map(([, part = '']) => part);

const pages = existsSync('dist') ? globSync('{ko,en}/**/*.html', { cwd: 'dist' }).sort() : [];

/** The pages of a language that show a table, from its first tag to its last. */
function shownOn(locale: Locale, table: string): { page: string; html: string }[] {
  return pages
    .filter((page) => page.startsWith(`${locale}/`))
    .flatMap((page) => {
      const html = readFileSync(join('dist', page), 'utf8');
      const start = html.indexOf(`data-table="${table}"`);
      if (start < 0) return [];
      return [{ page: page.slice(3), html: html.slice(start, html.indexOf('</table>', start)) }];
    });
}

const cellHtml = (html: string, { id }: ClaimCell): string => {
  const start = html.indexOf(`id="${id}"`);
  return start < 0 ? '' : html.slice(start, html.indexOf('</td>', start));
};

describe.each(tableIds().map((id) => readTable(id)))('comparison $id', (table) => {
  const cells = table.rows.flatMap((row) => row.cells);

  test('stands on the same pages in both languages, with the same anchors', () => {
    const [ko = [], en = []] = locales.map((locale) => shownOn(locale, table.id));
    expect(ko.length).toBeGreaterThan(0);
    expect(en.map(({ page }) => page)).toEqual(ko.map(({ page }) => page));
    const anchors = anchorsOfTable(table.id);
    for (const { html } of [...ko, ...en]) {
      expect(partsOf(html, /\sid="([^"]+)"/g).sort()).toEqual([...anchors].sort());
    }
  });

  test.each(locales)('is a table with heads for its columns and rows (%s)', (locale) => {
    for (const { html } of shownOn(locale, table.id)) {
      expect(textOf(partsOf(html, /<caption>(.*?)<\/caption>/gs)[0] ?? '')).toContain(
        table.title[locale],
      );
      const heads = partsOf(html, /<th role="columnheader" scope="col"[^>]*>(.*?)<\/th>/gs);
      expect(heads.map((head) => textOf(head).trim())).toEqual(
        table.columns.map(({ title }) => title[locale]),
      );
      const rows = partsOf(html, /<th role="rowheader" scope="row"[^>]*>(.*?)<\/th>/gs);
      expect(rows.map((row) => textOf(row).trim())).toEqual(
        table.rows.map(({ title }) => title[locale]),
      );
    }
  });

  test.each(locales)('lists its rows, each at its address (%s)', (locale) => {
    for (const { html } of shownOn(locale, table.id)) {
      const list = html.slice(0, html.indexOf('</nav>'));
      const links = [...list.matchAll(/<a href="#([^"]+)"[^>]*>(.*?)<\/a>/gs)];
      expect(links.map(([, anchor, title = '']) => [anchor, textOf(title)])).toEqual(
        table.rows.map(({ id, title }) => [`row.${id}`, title[locale]]),
      );
    }
  });

  test.each(locales)('says in each cell what was proved (%s)', (locale) => {
    for (const { html } of shownOn(locale, table.id)) {
      for (const cell of cells) {
        const said = partsOf(cellHtml(html, cell), /<li>(.*?)<\/li>/gs);
        const meant = cell.says.map(({ text }) => text[locale].replaceAll('`', ''));
        expect(said.map((one) => textOf(one).trim())).toEqual(meant);
      }
    }
  });

  test.each(locales)('shows the commands, files and machines of each check (%s)', (locale) => {
    for (const { html } of shownOn(locale, table.id)) {
      for (const cell of cells) {
        const shown = cellHtml(html, cell);
        expect(partsOf(shown, /data-preset="([^"]+)"/g), cell.id).toEqual([cell.check.preset]);
        const typed = partsOf(shown, /<span class="line typed">(.*?)<\/span>(?=\n|<\/code>)/gs);
        const commands = cell.check.steps.flatMap(({ command }) =>
          command.split('\n').map((line, i) => `${i === 0 ? '$' : '>'} ${line}`),
        );
        expect(typed.map(textOf), cell.id).toEqual(commands);
        const files = [
          ...shown.matchAll(/data-file="([^"]+)".*?<pre[^>]*><code>(.*?)<\/code><\/pre>/gs),
        ].map(([, path, text = '']) => [path, textOf(text)]);
        expect(files, cell.id).toEqual(Object.entries(cell.check.files));
      }
    }
  });

  test.each(locales)('marks what proves each sentence (%s)', (locale) => {
    for (const { html } of shownOn(locale, table.id)) {
      for (const cell of cells) {
        const signs = partsOf(cellHtml(html, cell), /data-says="([^"]+)"/g);
        const marked = new Set(signs.flatMap((sign) => sign.split(' ')));
        const wanted = cell.says.length === 1 ? ['✓'] : cell.says.map((_, i) => `${i + 1}`);
        expect([...marked].sort(), cell.id).toEqual(wanted);
      }
    }
  });
});

describe('the files of one application, aligned', () => {
  const source = readFileSync('content/alignments/bookshelf.yaml', 'utf8');
  const file = 'content/alignments/bookshelf.yaml';
  const { rows, files } = readAlignment(file, source, (path) => readFileSync(path, 'utf8'));
  const shown = locales.map((locale) => ({ locale, all: shownOn(locale, 'bookshelf') }));

  test('stand on the same pages in both languages', () => {
    const [ko, en] = shown.map(({ all }) => all.map(({ page }) => page));
    expect(ko?.length).toBeGreaterThan(0);
    expect(en).toEqual(ko);
  });

  test.each(shown)('have each key with its words, and whole files below ($locale)', (one) => {
    for (const { page, html } of one.all) {
      const heads = partsOf(html, /<th role="rowheader" scope="row"[^>]*>(.*?)<\/th>/gs);
      expect(heads).toHaveLength(rows.length);
      for (const [i, { id, what, note }] of rows.entries()) {
        expect(heads[i], id).toContain(what[one.locale]);
        if (note) expect(textOf(html), id).toContain(note[one.locale]);
        for (const platform of PLATFORM_NAMES) {
          expect(html).toContain(`id="key.${id}.${platform}"`);
        }
      }
      const whole = readFileSync(join('dist', one.locale, page), 'utf8');
      for (const path of Object.values(files).flat()) {
        expect(whole).toContain(`<figcaption class="code-file">${path}</figcaption>`);
      }
    }
  });
});
