/**
 * Fetches the player when it is wanted: when the figure comes near the screen and the page is idle,
 * when a control is touched, or at once when the address leads to a moment of a run.
 */
let loading: Promise<unknown> | undefined;

function load(): void {
  loading ??= import('./player/player.ts').catch(() => (loading = undefined));
}

/** When nothing else is due. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 200);
}

/** Once the reader sees something: the page may be complete before it, while fonts come. */
function afterFirstPaint(work: () => void): void {
  if (!PerformanceObserver.supportedEntryTypes.includes('paint')) return work();
  const paints = new PerformanceObserver((list) => {
    if (list.getEntriesByName('first-contentful-paint').length === 0) return;
    paints.disconnect();
    work();
  });
  paints.observe({ type: 'paint', buffered: true });
}

const players = document.querySelectorAll('drydock-player');
const observer = new IntersectionObserver(
  (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    afterFirstPaint(() => {
      if (document.readyState === 'complete') whenIdle(load);
      else addEventListener('load', () => whenIdle(load), { once: true });
    });
  },
  { rootMargin: '200px' },
);
/**
 * Tells the page whether a figure is on the screen: what stands beside the text makes room. A class,
 * as `:has()` would have all of the page matched anew whenever a figure in it changes.
 */
const inSight = new Set<Element>();
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting && target.matches('.body > figure')) inSight.add(target);
    else inSight.delete(target);
  }
  document.querySelector('.frame')?.classList.toggle('is-clear-of-runs', inSight.size === 0);
});
for (const player of players) {
  const figure = player.closest('figure') ?? player;
  observer.observe(figure);
  sight.observe(figure);
  player.addEventListener('pointerdown', load, { once: true });
  player.addEventListener('focusin', load, { once: true });
}
const loadForLink = (): void => {
  if (/^#v\d+\./.test(location.hash)) load();
};
addEventListener('hashchange', loadForLink);
loadForLink();
