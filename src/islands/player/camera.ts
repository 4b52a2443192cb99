import { effect } from '@preact/signals';
import type { Session } from './session.ts';

/** Between two turns of the view; faster runs are watched from where they are. */
const TURN_EVERY_MS = 450;
/** Kept free around what is brought into view. */
const MARGIN_PX = 24;

/**
 * On a screen smaller than the drawing, keeps in view what acts and what travels. A reader who
 * moves the drawing keeps it where it was put until the next step that is asked for.
 */
export function followAction({ parts, head, run, still, touched }: Session): () => void {
  const ended = new AbortController();
  const view = parts.drawing.closest<HTMLElement>('.figure-view');
  if (!view) return () => {};
  let following = true;
  let lastMs = -Infinity;
  const leave = (): void => {
    following = false;
  };
  for (const type of ['pointerdown', 'wheel'] as const) {
    view.addEventListener(type, leave, { signal: ended.signal, passive: true });
  }
  parts.root.addEventListener('click', () => (following = true), { signal: ended.signal });

  const end = effect(() => {
    const step = head.step.value;
    // A page that was just opened may be on its way to a heading: nothing else moves then.
    if (!touched.value && !head.playing.value) return;
    const acting = run.film.steps[step]?.acting;
    const edges = run.journeyOf(step)?.legs.map(({ edge }) => edge) ?? [];
    const overflows =
      view.scrollWidth > view.clientWidth + 1 || view.scrollHeight > view.clientHeight + 1;
    if (!following || !overflows || performance.now() - lastMs < TURN_EVERY_MS) return;
    const seen = [
      ...edges.map((edge) => `[data-edge="${edge}"]`),
      ...(acting === undefined ? [] : [`[data-node="${acting}"] > .figure-shape`]),
    ].flatMap((selector) => [...parts.drawing.querySelectorAll(selector)]);
    if (!turn(view, seen, still.value ? 'instant' : 'smooth')) return;
    lastMs = performance.now();
  });
  return () => {
    ended.abort();
    end();
  };
}

/** Brings elements to the middle of a view, unless all of them are in it. */
function turn(view: HTMLElement, seen: readonly Element[], behavior: ScrollBehavior): boolean {
  if (seen.length === 0) return false;
  const rects = seen.map((element) => element.getBoundingClientRect());
  const left = Math.min(...rects.map((rect) => rect.left)) - MARGIN_PX;
  const right = Math.max(...rects.map((rect) => rect.right)) + MARGIN_PX;
  const top = Math.min(...rects.map((rect) => rect.top)) - MARGIN_PX;
  const bottom = Math.max(...rects.map((rect) => rect.bottom)) + MARGIN_PX;
  const frame = view.getBoundingClientRect();
  if (frame.bottom < 0 || frame.top > innerHeight) return false;
  const inView =
    left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
  if (inView) return false;
  view.scrollTo({
    left: view.scrollLeft + (left + right) / 2 - (frame.left + frame.right) / 2,
    top: view.scrollTop + (top + bottom) / 2 - (frame.top + frame.bottom) / 2,
    behavior,
  });
  return true;
}
