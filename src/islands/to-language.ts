/**
 * Sends the reader of the site's root to their language: the one chosen before, else the first of
 * the browser's languages that the site speaks. It is served as its own source text
 * (pages/to-language.js.ts), so it refers to nothing outside itself. The page's links are the
 * addresses, and stay for readers without JavaScript.
 */
export function goToLanguage(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')];
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem('drydock:language');
  } catch {
    // Storage may be forbidden; the browser's languages decide.
  }
  const wanted = [...(chosen === null ? [] : [chosen]), ...navigator.languages];
  const spoken = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  const link =
    spoken.flatMap((tag) => links.filter((each) => each.hreflang === tag))[0] ?? links[0];
  if (link !== undefined) location.replace(link.href + location.search + location.hash);
}
