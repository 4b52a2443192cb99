import { getCollection, type CollectionEntry } from 'astro:content';
import type { Locale } from '../i18n/locales.ts';
import { readingOrder } from './navigation.ts';

export type Doc = CollectionEntry<'docs'>;

/** The pages of one language by page id, in reading order. */
export async function docsOf(locale: Locale): Promise<ReadonlyMap<string, Doc>> {
  const entries = await getCollection('docs', ({ id }) => id.startsWith(`${locale}/`));
  const byId = new Map(entries.map((entry) => [pageIdOf(entry), entry]));
  const ordered = new Map<string, Doc>();
  for (const id of [...readingOrder, ...byId.keys()]) {
    const entry = byId.get(id);
    if (entry !== undefined) ordered.set(id, entry);
  }
  return ordered;
}

/** `ko/images/dockerfile` is the Korean twin of the page `images/dockerfile`. */
export function pageIdOf(doc: Doc): string {
  return doc.id.slice(doc.id.indexOf('/') + 1);
}
