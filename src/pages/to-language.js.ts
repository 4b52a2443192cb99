import type { APIRoute } from 'astro';
import { goToLanguage } from '../islands/to-language.ts';

/** The script of the site's root, which leads to the reader's language. */
export const GET: APIRoute = () =>
  new Response(`(${goToLanguage.toString()})()`, {
    headers: { 'content-type': 'text/javascript; charset=utf-8' },
  });
