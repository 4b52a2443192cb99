/**
 * What only the lab opens (a link that holds a whole world, `#v2.…`, engine/link, or the name of a
 * preset, a scenario or a challenge) opens there, whichever page it was put behind. What is about a
 * moment of a figure stays with the page that has the figure; where a page has none, the lab says so.
 */
const WORLD = /^#(?:v2\.|(?:preset|scenario|challenge)(?:=|%3D))/i;
const MOMENT = '#v1.';

/** @param way the page's link to the lab; on the lab itself nothing has to be done */
export function attachWorldLinks(way: HTMLAnchorElement): void {
  if (way.getAttribute('aria-current') === 'page') return;
  const isLabs = (hash: string): boolean =>
    WORLD.test(hash) ||
    (hash.startsWith(MOMENT) && document.querySelector('drydock-player') === null);
  const follow = (): void => {
    if (isLabs(location.hash)) location.replace(`${way.href}${location.hash}`);
  };
  addEventListener('hashchange', follow);
  follow();
}
