import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { locales, type Locale } from '../../i18n/locales.ts';
import { outlineOf, type Outline } from '../markdown/outline.ts';

/** One page in one language, as its source stands. */
export interface PageSource {
  /** Path from the root of the project. */
  readonly file: string;
  readonly locale: Locale;
  /** The same in every language: `images/dockerfile`. */
  readonly id: string;
  readonly outline: Outline;
}

/** What the checks look at; `root` holds content/. */
export interface ContentSource {
  readonly root: string;
  readonly pages: readonly PageSource[];
}

/** Reads every page of content/docs, ordered by path. */
export function readContent(root: string): ContentSource {
  const pages = locales.flatMap((locale) => {
    const folder = `content/docs/${locale}`;
    return globSync('**/*.mdx', { cwd: join(root, folder) })
      .map((path) => path.split(sep).join('/'))
      .sort()
      .map((path) => ({
        file: `${folder}/${path}`,
        locale,
        id: path.replace(/\.mdx$/, ''),
        outline: outlineOf(readFileSync(join(root, folder, path), 'utf8')),
      }));
  });
  return { root, pages };
}
