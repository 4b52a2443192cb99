import type { Session } from './session.ts';

/** Between the masthead, or the end of the screen, and the figure. */
const MARGIN_PX = 8;

/**
 * Scrolls so far that drawing, caption and controls are seen together. What is higher than the
 * screen shows its end: caption, controls and the drawing's lower part.
 */
export function bringInSight({ parts, still }: Session): void {
  const { figure, root, drawing } = parts;
  if (figure.matches(':fullscreen, .is-full')) return;
  const stage = drawing.closest('.figure-stage') ?? drawing;
  const panel = root.querySelector('.run-panel') ?? root;
  const seen = [stage, panel].map((element) => element.getBoundingClientRect());
  const top = Math.min(...seen.map((rect) => rect.top)) - MARGIN_PX;
  const bottom = Math.max(...seen.map((rect) => rect.bottom)) + MARGIN_PX;
  const masthead = document.querySelector('.masthead');
  const fixed = masthead && getComputedStyle(masthead).position === 'sticky';
  const from = fixed ? masthead.getBoundingClientRect().bottom : 0;
  if (top >= from && bottom <= innerHeight) return;
  const high = bottom - top > innerHeight - from;
  const toEnd = bottom - innerHeight;
  const by = high ? toEnd : top < from ? top - from : toEnd;
  scrollBy({ top: by, behavior: still.value ? 'instant' : 'smooth' });
}
