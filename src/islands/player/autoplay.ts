import type { Session } from './session.ts';

/** How much of the drawing must be in sight. */
const IN_SIGHT = 0.4;

/**
 * Plays once, quietly, as soon as the drawing is in sight; never for readers who prefer less
 * motion, nor after they did something themselves.
 */
export function playInSight({ parts, head, still, touched }: Session): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      if (!still.value && !touched.value) head.play();
    },
    { threshold: IN_SIGHT },
  );
  observer.observe(parts.drawing.closest('.figure-view') ?? parts.drawing);
  return () => observer.disconnect();
}
