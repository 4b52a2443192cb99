/**
 * Builds everything that search reads: Pagefind's index of the documents, and the front index of
 * each language. Pagefind's own clients and their WebAssembly are left out: ours reads the index.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { close, createIndex } from 'pagefind';
import { parse } from 'yaml';
import { locales } from '../../i18n/locales.ts';
import type { Localized } from '../../i18n/locales.ts';
import type { FrontData } from '../../search/front-index.ts';
import { readFragment, unpack } from '../../search/pagefind-format.ts';
import { FURNITURE, outlineOf } from './page-document.ts';
import type { PageDocument } from './page-document.ts';
import { readTerms } from './terms.ts';

/** Files by their path below the site's root: `pagefind/…`, `search/front.ko.json`. */
export type IndexFiles = ReadonlyMap<string, Uint8Array>;

const OURS = /^(pagefind-entry\.json|.*\.pf_(meta|index|fragment))$/;

/** @throws with Pagefind's words when it cannot index a page */
export async function buildIndexFiles(
  root: string,
  documents: readonly PageDocument[],
): Promise<IndexFiles> {
  const files = new Map<string, Uint8Array>();
  const { index, errors } = await createIndex({
    rootSelector: '#main',
    excludeSelectors: FURNITURE,
  });
  if (!index) throw new Error(`search: ${errors.join('; ')}`);
  for (const { locale, id, html } of documents) {
    const added = await index.addHTMLFile({ url: `/${locale}/${id}/`, content: html });
    if (added.errors.length) throw new Error(`search: ${locale}/${id}: ${added.errors.join('; ')}`);
  }
  const made = await index.getFiles();
  if (made.errors.length) throw new Error(`search: ${made.errors.join('; ')}`);
  const fragments = new Map<string, string>();
  for (const { path, content } of made.files) {
    if (!OURS.test(path)) continue;
    files.set(`pagefind/${path}`, content);
    const name = /^fragment\/(.+)\.pf_fragment$/.exec(path)?.[1];
    if (name) fragments.set(readFragment(await unpack(content)).url, name);
  }
  await index.deleteIndex();
  for (const front of frontIndexes(root, documents, fragments)) {
    const text = JSON.stringify(front);
    files.set(`search/front.${front.locale}.json`, new TextEncoder().encode(text));
  }
  return files;
}

/** Ends Pagefind's process. Safe to call when none runs. */
export async function endIndexing(): Promise<void> {
  await close();
}

function frontIndexes(
  root: string,
  documents: readonly PageDocument[],
  fragments: ReadonlyMap<string, string>,
): FrontData[] {
  const navigation = parse(readFileSync(join(root, 'content/navigation.yaml'), 'utf8')) as {
    id: string;
    title: Localized;
    pages: string[];
  }[];
  const order = navigation.flatMap((topic) => topic.pages.map((page) => `${topic.id}/${page}`));
  // What stands in no topic, the lab, comes behind the pages that do.
  const placeOf = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const ids = new Set(documents.map((one) => one.id));
  return locales.map((locale) => {
    const own = documents.filter((one) => one.locale === locale);
    own.sort((a, b) => placeOf(a.id) - placeOf(b.id));
    return {
      locale,
      pages: own.map(({ id, html, description }) => {
        const topic = navigation.find((one) => one.id === id.split('/')[0]);
        const fragment = fragments.get(`/${locale}/${id}/`) ?? '';
        return { id, ...outlineOf(html), topic: topic?.title[locale] ?? '', description, fragment };
      }),
      terms: readTerms(root, locale, ids),
    };
  });
}
