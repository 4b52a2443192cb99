/**
 * Holds the first paint of text until the page's fonts are there, so that nothing moves when they
 * come; after a second the page shows with what it has. Fallbacks of the same metrics are not
 * enough: a reader's machine may have no Hangul at all. The page is transparent meanwhile, not
 * hidden, so that keys and screen readers find it. Like theme-first.ts it is served as its own
 * source text and refers to nothing outside itself.
 */
export function awaitFonts(): void {
  const longestMs = 1000;
  const root = document.documentElement;
  const show = () => root.classList.remove('fonts-awaited');
  root.classList.add('fonts-awaited');
  setTimeout(show, longestMs);
  document.addEventListener('DOMContentLoaded', () => {
    // Laying the text out asks for its slices; `ready` is then a promise of all of them.
    document.body.getBoundingClientRect();
    void document.fonts.ready.then(show);
  });
}
