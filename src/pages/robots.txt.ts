import type { APIRoute } from 'astro';
import { fileUrl } from '../layouts/site.ts';

/** Everything may be read; the sitemap is named when the site knows its own address. */
export const GET: APIRoute = ({ site }) => {
  const lines = ['User-agent: *', 'Allow: /'];
  if (site !== undefined) lines.push('', `Sitemap: ${new URL(fileUrl('sitemap.xml'), site).href}`);
  return new Response(`${lines.join('\n')}\n`, { headers: { 'content-type': 'text/plain' } });
};
