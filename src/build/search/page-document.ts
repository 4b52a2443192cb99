/** A page as the index sees it. */
import type { Locale } from '../../i18n/locales.ts';

export interface PageDocument {
  readonly locale: Locale;
  /** `images/registries` */
  readonly id: string;
  readonly description: string;
  /** A whole HTML document whose text stands in `#main`. */
  readonly html: string;
}

/** What of a page is furniture: navigation, buttons, drawings, words for one moment only. */
export const FURNITURE = [
  'nav',
  'footer',
  'button',
  'svg',
  'template',
  'dialog',
  '[hidden]',
  '.term-card',
  '.figure-words-heading',
  '[data-search-skip]',
];

/**
 * How much a word of a transcript counts beside one of the text: every command says `docker`, and a
 * page that runs many would come first whatever is asked.
 */
export const TRANSCRIPT_WEIGHT = '0.3';

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
  nbsp: ' ',
};

/** The text of a piece of HTML: tags gone, entities resolved, spaces single. */
export function textOf(html: string): string {
  return html
    .replace(/<(a|span)\b[^>]*aria-hidden="true"[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

/** Title and headings (h2, h3 with an id) of a document. */
export function outlineOf(html: string): { title: string; headings: [string, string][] } {
  const title = /<h1\b[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? '';
  const headings = [...html.matchAll(/<h[23]\b[^>]*?\bid="([^"]+)"[^>]*>(.*?)<\/h[23]>/gs)];
  return {
    title: textOf(title),
    headings: headings.map(([, id, text]) => [id!, textOf(text!)]),
  };
}
