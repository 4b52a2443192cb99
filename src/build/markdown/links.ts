import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineMdastPlugin } from 'satteri';
import { isLocale } from '../../i18n/locales.ts';
import { routeOf } from '../../i18n/routes.ts';
import { AuthoringError } from '../authoring-error.ts';
import { anchorsOfAlignment } from '../comparisons/alignments.ts';
import { anchorsOfTable } from '../comparisons/comparisons.ts';
import { outlineOfFile } from './outline.ts';

const external = /^[a-z][a-z0-9+.-]*:/i;
const pagePath = /^(?:(?<locale>[a-z]{2})\/)(?<id>.+)\.mdx$/;

/** Where a link of a page leads: an address, or what is wrong with it. */
export type LinkResult =
  { readonly href: string } | { readonly what: string; readonly remedy: string };

export interface LinkSettings {
  /** The path the site is served from. */
  readonly base: string;
  /** Absolute folder of the pages, `content/docs`. */
  readonly docs: string;
}

/**
 * The address for the link `url` written in the page `file`. Links to pages are relative paths of
 * files (`../images/registries.mdx#push`), so that they also work where the source is read.
 */
export function resolveLink(url: string, file: string, settings: LinkSettings): LinkResult {
  if (external.test(url)) return { href: url };
  const cut = url.indexOf('#');
  const path = cut === -1 ? url : url.slice(0, cut);
  const hash = cut === -1 ? '' : url.slice(cut + 1);
  if (path.startsWith('/')) {
    return {
      what: `The link "${url}" starts at the root of the site.`,
      remedy: 'Write the relative path of the .mdx file; the address is made from it.',
    };
  }
  const target = path === '' ? file : resolve(dirname(file), path);
  const page = pagePath.exec(relative(settings.docs, target).split(sep).join('/'))?.groups;
  if (page === undefined || !isLocale(page.locale) || page.id === undefined) {
    return {
      what: `The link "${url}" leads to no page.`,
      remedy: 'Link to an .mdx file under content/docs, relative to this one.',
    };
  }
  if (!existsSync(target)) {
    return {
      what: `The link "${url}" leads to a page that does not exist.`,
      remedy: 'Correct the path or write that page.',
    };
  }
  const outline = outlineOfFile(target);
  const ids = outline?.headings.map((heading) => heading.id) ?? [];
  const figures = outline?.figures.map((figure) => figure.id) ?? [];
  const cells = () => [
    ...(outline?.comparisons.flatMap((table) => anchorsOfTable(table)) ?? []),
    ...(outline?.alignments.flatMap((table) => anchorsOfAlignment(table)) ?? []),
  ];
  if (hash !== '' && ![...ids, ...figures].includes(hash) && !cells().includes(hash)) {
    const known = ids.filter((id) => id !== null).join(', ');
    return {
      what: `The link "${url}" leads to a heading that does not exist.`,
      remedy: `Headings of that page: ${known === '' ? 'none' : known}.`,
    };
  }
  return {
    href: path === '' ? `#${hash}` : routeOf(settings.base, page.locale, page.id, hash),
  };
}

/** Turns the links of a page into addresses and stops at one that leads nowhere. */
export function pageLinks(settings: LinkSettings) {
  return defineMdastPlugin({
    name: 'page-links',
    options: { position: true },
    link(node, context) {
      if (context.fileURL === undefined) return;
      const file = fileURLToPath(context.fileURL);
      const result = resolveLink(node.url, file, settings);
      if (!('href' in result)) {
        throw new AuthoringError([{ file, line: node.position?.start.line ?? 1, ...result }]);
      }
      if (result.href !== node.url) context.setProperty(node, 'url', result.href);
    },
  });
}
