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
  // A heading counts as reached once it has risen above the upper third of the window.
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, boundingClientRect, rootBounds, isIntersecting } of entries) {
        const top = rootBounds?.top ?? 0;
        if (!isIntersecting && boundingClientRect.top < top) above.add(target);
        else if (boundingClientRect.top < top + 1) above.add(target);
        else above.delete(target);
      }
      mark();
    },
    { rootMargin: '-33% 0px 0px 0px', threshold: [0, 1] },
  );
  for (const heading of headings) observer.observe(heading);
}
