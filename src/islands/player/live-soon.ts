import type { Session } from './session.ts';

/** What the reader asked for comes first: it moves by the film, and needs no engine. */
const LATER_MS = 500;

/**
 * Has the engine live the run once the reader does something with the figure, or points at its drawing:
 * what they ask next, only the world can tell. Who only reads fetches no engine.
 */
export function liveSoon({ run, touched, parts }: Session): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    timer ??= setTimeout(() => {
      run.life.live().catch(reportError);
    }, LATER_MS);
  };
  const stop = touched.subscribe((is) => {
    if (is) soon();
  });
  parts.drawing.addEventListener(
    'pointermove',
    ({ movementX, movementY }) => {
      // A page that scrolls below a pointer at rest tells of a move, too.
      if (movementX !== 0 || movementY !== 0) soon();
    },
    { signal },
  );
  return () => {
    ended.abort();
    stop();
    clearTimeout(timer);
  };
}
