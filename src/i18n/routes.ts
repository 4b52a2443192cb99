import type { Locale } from './locales.ts';

/**
 * Addresses of pages. `base` is the path the site is served from (Astro's BASE_URL, BASE_PATH in
 * the environment), with or without slashes at its ends; addresses always end in a slash.
 */
export function baseOf(base: string): string {
  const inner = base.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '/' : `/${inner}/`;
}

/** Address of the page `id` (`containers/isolation`, a topic `containers`, or `` for home). */
export function routeOf(base: string, locale: Locale, id: string, hash = ''): string {
  const page = id === '' ? '' : `${id}/`;
  return `${baseOf(base)}${locale}/${page}${hash === '' ? '' : `#${hash}`}`;
}

/** Address of a file of public/ or of an endpoint. */
export function assetOf(base: string, path: string): string {
  return `${baseOf(base)}${path}`;
}
