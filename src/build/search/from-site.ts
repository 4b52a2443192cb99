/** Documents from the built site: the pages as readers get them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locales } from '../../i18n/locales.ts';
import { labStrings } from '../../i18n/lab.ts';
import { documentsFromSource } from './from-source.ts';
import type { PageDocument } from './page-document.ts';

/**
 * @param site the folder that Astro built
 * @throws when a page of content/docs was not built
 */
export function documentsFromSite(root: string, site: string): PageDocument[] {
  return [...pagesOfContent(root, site), ...labs(site)];
}

/** The lab is made of the engine's tables and of scenarios: only its built page has its words. */
function labs(site: string): PageDocument[] {
  return locales.flatMap((locale) => {
    const file = join(site, locale, 'lab', 'index.html');
    if (!existsSync(file)) return [];
    const { description } = labStrings[locale];
    return [{ locale, id: 'lab', description, html: readFileSync(file, 'utf8') }];
  });
}

function pagesOfContent(root: string, site: string): PageDocument[] {
  return documentsFromSource(root).map((page) => {
    const file = join(site, page.locale, page.id, 'index.html');
    if (!existsSync(file)) {
      throw new Error(
        `content/docs/${page.locale}/${page.id}.mdx:1: the page was not built, so search cannot ` +
          'find it. Check its place in content/navigation.yaml.',
      );
    }
    return { ...page, html: readFileSync(file, 'utf8') };
  });
}
