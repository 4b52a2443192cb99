/** The glossary as the front index of search holds it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { otherLocale } from '../../i18n/locales.ts';
import type { Locale, Localized } from '../../i18n/locales.ts';
import type { FrontTerm } from '../../search/front-index.ts';

interface TermSource {
  readonly term: Localized;
  readonly aliases?: Readonly<Partial<Record<Locale, readonly string[]>>>;
  readonly definition: Localized;
  readonly page?: string;
}

/** @param pages ids of the pages that exist: a term never leads to another */
export function readTerms(root: string, locale: Locale, pages: ReadonlySet<string>): FrontTerm[] {
  const folder = join(root, 'content/glossary');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const source = parse(readFileSync(join(folder, file), 'utf8')) as TermSource;
      const other = otherLocale(locale);
      const { aliases = {}, page } = source;
      return {
        id: basename(file, '.yaml'),
        names: [...new Set([source.term[locale], source.term[other]])],
        aliases: [...new Set([...(aliases[locale] ?? []), ...(aliases[other] ?? [])].map(String))],
        definition: source.definition[locale],
        ...(page !== undefined && pages.has(page) ? { page } : {}),
      };
    });
}
