/**
 * Documents from the MDX sources, for the development server and `search:eval`, where no built
 * pages are at hand.
 *
 * Simplified: a reading of MDX that is enough for finding. What components print by themselves
 * (transcripts, captions, proofs) is found in built sites only, the glossary's terms and what
 * comparisons say excepted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { locales } from '../../i18n/locales.ts';
import type { Locale } from '../../i18n/locales.ts';
import { readTable } from '../comparisons/comparisons.ts';
import { TRANSCRIPT_WEIGHT, type PageDocument } from './page-document.ts';
import { readTerms } from './terms.ts';

export function documentsFromSource(root: string): PageDocument[] {
  return locales.flatMap((locale) => {
    const base = join(root, 'content/docs', locale);
    return readdirSync(base, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.mdx'))
      .sort()
      .map((file) => {
        const id = relative(base, join(base, file))
          .replace(/\.mdx$/, '')
          .replaceAll(sep, '/');
        const source = readFileSync(join(base, file), 'utf8');
        const { title, description, body } = splitFrontMatter(source);
        const terms = /<Glossary\b/.test(body) ? termsHtml(root, locale) : '';
        const html =
          `<!doctype html><html lang="${locale}"><head><title>${escape(title)}</title></head>` +
          `<body><main id="main"><h1>${escape(title)}</h1>${htmlOf(withComparisons(root, body, locale))}${terms}</main></body></html>`;
        return { locale, id, description, html };
      });
  });
}

function termsHtml(root: string, locale: Locale): string {
  const terms = readTerms(root, locale, new Set());
  return terms
    .map(({ names, definition, aliases }) => [...names, definition, ...aliases].join('. '))
    .map((text) => `<p>${escape(text)}</p>`)
    .join('\n');
}

/** The text of a page with the tables that it shows: a block for each row. */
function withComparisons(root: string, body: string, locale: Locale): string {
  return body.replace(/<Compare table="([^"]+)" \/>/g, (_, id: string) => {
    const { title, rows } = readTable(id, root);
    const blocks = rows.map((row) => {
      const says = row.cells.flatMap((cell) => cell.says.map(({ text }) => text[locale]));
      return [`${row.title[locale]}.`, ...says].join(' ');
    });
    return [title[locale], ...blocks].join('\n\n');
  });
}

function splitFrontMatter(source: string) {
  const found = /^---\n(.*?)\n---\n/s.exec(source);
  const data = parse(found?.[1] ?? '{}') as { title?: string; description?: string };
  return {
    title: data.title ?? '',
    description: data.description ?? '',
    body: source.slice(found?.[0].length ?? 0),
  };
}

const escape = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function htmlOf(body: string): string {
  return body
    .replace(/```mermaid[^\n]*\n(.*?)```/gs, (_, figure: string) => captionOf(figure))
    .replace(
      /```console run[^\n]*\n(.*?)```/gs,
      (_, code: string) => `\n\n${TRANSCRIPT} ${code.replace(/\n+/g, '\n')}\n\n`,
    )
    .replace(/```[^\n]*\n(.*?)```/gs, (_, code: string) => `\n\n${code.replace(/\n+/g, '\n')}\n\n`)
    .split(/\n{2,}/)
    .flatMap((block) => (/^#{2,3} /.test(block) ? splitHeading(block) : [block]))
    .map(blockHtml)
    .join('\n');
}

/** Begins the block of a transcript, until it is HTML. */
const TRANSCRIPT = '\u0001';

/** Of a figure, its description is text; the drawing is not. */
function captionOf(figure: string): string {
  return `\n\n${/accDescr:\s*(.+)/.exec(figure)?.[1] ?? ''}\n\n`;
}

function splitHeading(block: string): string[] {
  const [heading = '', ...rest] = block.split('\n');
  return [heading, rest.join('\n')];
}

function blockHtml(block: string): string {
  const heading = /^(#{2,3}) (.*?)\s*\[#([a-z0-9-]+)\]\s*$/.exec(block.trim());
  if (heading) {
    const level = heading[1]!.length;
    return `<h${level} id="${heading[3]}">${escape(plain(heading[2]!))}</h${level}>`;
  }
  if (block.startsWith(TRANSCRIPT)) {
    const printed = escape(block.slice(TRANSCRIPT.length).trim());
    return `<p data-pagefind-weight="${TRANSCRIPT_WEIGHT}">${printed}</p>`;
  }
  const text = plain(block);
  return text === '' ? '' : `<p>${escape(text)}</p>`;
}

function plain(markdown: string): string {
  return markdown
    .replace(/<[A-Z]\w*\b[^>]*?title="([^"]*)"[^>]*>/g, '$1. ')
    .replace(/<\/?[A-Za-z][^>]*>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*\|?(\s*:?-{2,}:?\s*\|?)+\s*$/gm, '')
    .replace(/^\s*([>-]|\d+\.)\s+/gm, '')
    .replace(/\*+/g, '')
    .replace(/[|]/g, ' ')
    .replace(/`/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
