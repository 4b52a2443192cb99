import type { APIRoute } from 'astro';
import { awaitFonts } from '../islands/fonts-first.ts';
import { applyStoredTheme } from '../islands/theme-first.ts';

/** A classic script that blocks rendering, so that the first paint has the chosen light and fonts. */
export const GET: APIRoute = () =>
  new Response(`(${applyStoredTheme.toString()})();(${awaitFonts.toString()})()`, {
    headers: { 'content-type': 'text/javascript; charset=utf-8' },
  });
