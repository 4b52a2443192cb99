import { effect } from '@preact/signals';
import { createAnnouncer } from './announcer.ts';
import { clockText, skippedText } from './clock-text.ts';
import type { Session } from './session.ts';

/** Command, caption, clock and notices of a player, and what of them is read aloud. */
export function attachSaying(session: Session): () => void {
  const { head, parts, run, words, touched, notice } = session;
  const { steps, chapters, start } = run.film;
  const announcer = createAnnouncer(parts.live);
  const put = (element: HTMLElement, text: string): void => {
    if (element.textContent !== text) element.textContent = text;
  };
  const ends = [
    effect(() => {
      const step = head.step.value;
      const caption = steps[step]?.caption ?? words.hint;
      // Before anything was done, the hint tells what can be done here.
      const shown = touched.value || step > 0 ? caption : words.hint;
      put(parts.caption, shown);
      const chapter = chapters.findLast(({ firstStep }) => firstStep <= step);
      put(parts.prompt, chapter?.command ?? chapters[0]?.command ?? '');
      const skipped = head.presentation.value.steps[step]?.skippedMs ?? 0;
      put(parts.skipped, skippedText(skipped, words));
      if (touched.value) announcer.say(caption, head.playing.value);
    }),
    effect(() => put(parts.clock, clockText(head.toldMs.value - start.timeMs))),
    effect(() => {
      put(parts.notice, notice.value);
      parts.notice.parentElement?.classList.toggle('has-notice', notice.value !== '');
    }),
    () => announcer.stop(),
  ];
  return () => ends.forEach((end) => end());
}
