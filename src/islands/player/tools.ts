import { effect } from '@preact/signals';
import { attachPresenting, togglePresenting } from './presenting.ts';
import { toggleSide } from './side-state.ts';
import type { Session } from './session.ts';

/** The row below the controls: what stands beside the figure, loop, presentation, the lab. */
export function attachTools(session: Session): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const { parts, head, run } = session;
  const acts: Readonly<Record<string, () => void>> = {
    events: () => toggleSide(session, 'events'),
    requests: () => toggleSide(session, 'requests'),
    loop: () => head.setLoop(!head.loops.value),
    present: () => void togglePresenting(session),
  };
  parts.root.addEventListener(
    'click',
    (event) => {
      const button = (event.target as Element).closest<HTMLElement>('button[data-act]');
      acts[button?.dataset.act ?? '']?.();
    },
    { signal },
  );
  const lab = parts.root.querySelector<HTMLAnchorElement>('.run-lab');
  // The lab opens the scenario at the moment that is shown; before any of it, at its beginning.
  const carryMoment = (): void => {
    if (!lab) return;
    const elapsedMs = run.momentOf(head.step.value).timeMs - run.film.start.timeMs;
    const moment = session.touched.value && elapsedMs > 0 ? `&at=${elapsedMs}` : '';
    lab.hash = `scenario=${run.film.scenario}${moment}`;
  };
  for (const type of ['pointerdown', 'focus', 'click'] as const) {
    lab?.addEventListener(type, carryMoment, { signal });
  }
  const ends = [
    attachPresenting(session),
    effect(() => {
      const button = parts.root.querySelector('button[data-act="loop"]');
      button?.setAttribute('aria-pressed', String(head.loops.value));
    }),
  ];
  return () => {
    ended.abort();
    for (const end of ends) end();
  };
}
