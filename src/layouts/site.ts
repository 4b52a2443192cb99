import { assetOf, routeOf } from '../i18n/routes.ts';
import type { Locale } from '../i18n/locales.ts';

/** Address of a page under the path this site is served from. */
export function pageUrl(locale: Locale, id: string, hash = ''): string {
  return routeOf(import.meta.env.BASE_URL, locale, id, hash);
}

/** Address of a file of public/ or of an endpoint, under that path. */
export function fileUrl(path: string): string {
  return assetOf(import.meta.env.BASE_URL, path);
}
