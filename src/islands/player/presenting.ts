import type { Session } from './session.ts';

/**
 * For a talk: the figure fills the screen, its caption is large, and a presenter's keys turn chapters.
 * Escape leaves, and so does leaving the full screen by any other way.
 */
export function attachPresenting(session: Session): () => void {
  const { figure } = session.parts;
  const onChange = (): void => {
    if (document.fullscreenElement !== figure) figure.classList.remove('is-presenting');
  };
  document.addEventListener('fullscreenchange', onChange);
  return () => {
    document.removeEventListener('fullscreenchange', onChange);
    figure.classList.remove('is-presenting');
  };
}

export async function togglePresenting(session: Session): Promise<void> {
  const { figure } = session.parts;
  session.touched.value = true;
  if (figure.classList.contains('is-presenting')) return leave(figure);
  session.side.value = undefined;
  session.inspected.value = undefined;
  figure.classList.add('is-presenting');
  try {
    await figure.requestFullscreen();
  } catch {
    // Not every phone lets an element fill the screen; there the figure fills the window.
    figure.classList.add('is-full');
  }
  // There every key of the player works; on a button the space bar would press it.
  figure.querySelector<HTMLElement>('.figure-view')?.focus();
}

/** @returns whether there was a presentation to leave */
export function leavePresenting({ parts: { figure } }: Session): boolean {
  if (!figure.classList.contains('is-presenting')) return false;
  void leave(figure);
  return true;
}

async function leave(figure: HTMLElement): Promise<void> {
  figure.classList.remove('is-presenting', 'is-full');
  if (document.fullscreenElement === figure) await document.exitFullscreen();
}

/** The chapter before or after, as a presenter's remote asks for by Page Up and Page Down. */
export function turnChapter(session: Session, towards: 1 | -1): void {
  const { head, run } = session;
  const step = head.step.value;
  const { chapters } = run.film;
  const now = chapters.findLastIndex(({ firstStep }) => firstStep <= step);
  const target = chapters[now + towards];
  if (target) session.visit(target.firstStep, true);
}
