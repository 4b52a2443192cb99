/**
 * Holds the first paint of text until the page's fonts are there, so that nothing moves when they
 * come. A second after the page was read it shows with what it has, and after three in any case.
 * Fallbacks of the same metrics are not enough: a reader's machine may have no Hangul at all. The
 * page is transparent meanwhile, not hidden, so that keys and screen readers find it. Like
 * theme-first.ts it is served as its own source text and refers to nothing outside itself.
 */
export function awaitFonts(): void {
  const longestMs = 3000;
  const longestForFontsMs = 1000;
  const root = document.documentElement;
  const show = () => root.classList.remove('fonts-awaited');
  root.classList.add('fonts-awaited');
  setTimeout(show, longestMs);
  document.addEventListener('DOMContentLoaded', () => {
    // Laying the text out asks for its slices; `ready` is then a promise of all of them.
    document.body.getBoundingClientRect();
    setTimeout(show, longestForFontsMs);
    void document.fonts.ready.then(show);
  });
}
