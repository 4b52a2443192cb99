import type { APIRoute } from 'astro';
import { applyStoredTheme } from '../islands/theme-first.ts';

/** A classic script that blocks rendering, so that the first paint has the chosen light. */
export const GET: APIRoute = () =>
  new Response(`(${applyStoredTheme.toString()})()`, {
    headers: { 'content-type': 'text/javascript; charset=utf-8' },
  });
