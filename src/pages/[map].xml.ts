import type { APIRoute, GetStaticPaths } from 'astro';
import { locales } from '../i18n/locales.ts';
import { docsOf } from '../layouts/docs.ts';
import { topics } from '../layouts/navigation.ts';
import { pageUrl } from '../layouts/site.ts';

/** sitemap.xml, made only when SITE_URL says where the site is: its addresses are absolute. */
export const getStaticPaths: GetStaticPaths = () =>
  process.env.SITE_URL ? [{ params: { map: 'sitemap' } }] : [];

export const GET: APIRoute = async ({ site }) => {
  const ids = ['', ...topics.map((topic) => topic.id), 'lab', ...(await docsOf(locales[0])).keys()];
  const urls = ids.flatMap((id) => {
    const twins = locales.map((locale) => ({
      locale,
      href: new URL(pageUrl(locale, id), site).href,
    }));
    const links = twins
      .map(
        ({ locale, href }) => `<xhtml:link rel="alternate" hreflang="${locale}" href="${href}"/>`,
      )
      .join('');
    return twins.map(({ href }) => `<url><loc>${href}</loc>${links}</url>`);
  });
  const body = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"',
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ...urls,
    '</urlset>',
  ].join('\n');
  return new Response(`${body}\n`, { headers: { 'content-type': 'application/xml' } });
};
