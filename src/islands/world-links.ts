/**
 * A link that holds a whole world (`#v2.…`, engine/link) opens in the lab, whichever page it was put
 * behind. What is about a moment of a figure stays with the page that has the figure.
 */
const WORLD = '#v2.';

/** @param way the page's link to the lab; on the lab itself nothing has to be done */
export function attachWorldLinks(way: HTMLAnchorElement): void {
  if (way.getAttribute('aria-current') === 'page') return;
  const follow = (): void => {
    if (location.hash.startsWith(WORLD)) location.replace(`${way.href}${location.hash}`);
  };
  addEventListener('hashchange', follow);
  follow();
}
