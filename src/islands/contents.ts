/**
 * Everything below the upper third of the window, however far: a heading that has left this has
 * been reached, and no jump can carry one past it unseen.
 */
const rootMargin = '-33% 0px 1000000px 0px';

/** Marks the heading being read in the lists of contents. */
export function attachContents(lists: readonly HTMLElement[]): void {
  const headings = [...document.querySelectorAll<HTMLElement>('.body :is(h2, h3)[id]')];
  if (headings.length === 0 || lists.length === 0) return;
  const links = lists.flatMap((list) => [...list.querySelectorAll<HTMLAnchorElement>('a')]);
  const above = new Set<Element>();
  let shown: string | undefined;
  const mark = (): void => {
    const id = headings.findLast((heading) => above.has(heading))?.id;
    if (id === shown) return;
    shown = id;
    for (const link of links) {
      if (link.hash === `#${id}`) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) above.delete(target);
        else above.add(target);
      }
      mark();
    },
    { rootMargin },
  );
  for (const heading of headings) observer.observe(heading);
}
