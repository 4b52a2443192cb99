import { batch, effect } from '@preact/signals';
import { speeds, type Speed } from '../../diagram/presentation.ts';
import { fill } from '../../i18n/strings.ts';
import type { Film } from '../engine-room/run-messages.ts';
import { clockText } from './clock-text.ts';
import { buttonOf, type Parts } from './parts.ts';
import type { Session } from './session.ts';
import { bringInSight } from './sight.ts';

/** Buttons, speeds, steps and the timeline. They come disabled and are set free here. */
export function attachControls(session: Session): () => void {
  const ended = new AbortController();
  const all = session.parts.root.querySelectorAll<HTMLButtonElement | HTMLInputElement>(
    'button:disabled, input:disabled',
  );
  for (const control of all) control.disabled = false;
  attachButtons(session, ended.signal);
  attachSpeeds(session, ended.signal);
  attachTimeline(session, ended.signal);
  const ends = [
    effect(() => showPlaying(session)),
    effect(() => showMarks(session)),
    effect(() => showPlace(session)),
  ];
  return () => {
    ended.abort();
    ends.forEach((end) => end());
    for (const control of all) control.disabled = true;
  };
}

/** What the play button does, also by key. */
export function playOrPause(session: Session): void {
  const { head, run, touched, notice } = session;
  const plays = !head.playing.value;
  // Together, or each of them has all that follows from it shown.
  batch(() => {
    touched.value = true;
    notice.value = '';
    if (!plays) return head.pause();
    // Who presses play has seen where it begins: what comes next answers the press.
    if (head.atStart.value && !run.journeyOf(0)) head.goTo(1);
    head.play();
  });
  // A frame of its own: it has to have the page laid out.
  if (plays) requestAnimationFrame(() => bringInSight(session));
}

function attachButtons(session: Session, signal: AbortSignal): void {
  const { head } = session;
  const acts: Readonly<Record<string, () => void>> = {
    restart: () => session.visit(0),
    back: () => session.visit(head.step.value - 1),
    play: () => playOrPause(session),
    step: () => session.visit(head.step.value + 1, true),
  };
  session.parts.root.addEventListener(
    'click',
    (event) => {
      const button = (event.target as Element).closest<HTMLElement>(
        'button[data-act], [data-step]',
      );
      if (button?.dataset.step) session.visit(Number(button.dataset.step), true);
      else acts[button?.dataset.act ?? '']?.();
    },
    { signal },
  );
}

function showPlaying({ parts, head, words }: Session): void {
  const playing = head.playing.value;
  const button = buttonOf(parts.root, 'play');
  const label = playing ? words.pause : words.play;
  button.classList.toggle('is-playing', playing);
  button.setAttribute('aria-label', label);
  const text = button.querySelector('.run-verb');
  if (text) text.textContent = label;
  buttonOf(parts.root, 'restart').setAttribute('aria-disabled', String(head.atStart.value));
}

function attachSpeeds({ parts, head, touched }: Session, signal: AbortSignal): void {
  for (const radio of parts.root.querySelectorAll<HTMLInputElement>('input[type="radio"]')) {
    radio.addEventListener(
      'change',
      () => {
        const speed = speeds.find((one) => String(one) === radio.value);
        touched.value = true;
        if (radio.checked && speed) head.setSpeed(speed);
      },
      { signal },
    );
  }
}

/** Checks the radio of a speed that was chosen by key. */
export function chooseSpeed({ parts, head }: Session, speed: Speed): void {
  const radio = parts.root.querySelector<HTMLInputElement>(`input[value="${speed}"]`);
  if (radio) radio.checked = true;
  head.setSpeed(speed);
}

function attachTimeline({ parts, head, touched, notice }: Session, signal: AbortSignal): void {
  const { timeline } = parts;
  timeline.addEventListener(
    'input',
    () => {
      touched.value = true;
      notice.value = '';
      head.scrub(
        (Number(timeline.value) / Number(timeline.max)) * head.presentation.value.lengthMs,
      );
    },
    { signal },
  );
}

/** Chapters begin elsewhere on the line at another pace. */
function showMarks({ parts, head, run }: Session): void {
  const { steps, lengthMs } = head.presentation.value;
  const marks = parts.marks.querySelectorAll('.run-mark');
  run.film.chapters.forEach(({ firstStep }, i) => {
    const startMs = steps[firstStep]?.startMs ?? lengthMs;
    const x = `${((startMs / Math.max(1, lengthMs)) * 100).toFixed(2)}%`;
    const [line, text] = [...(marks[i]?.children ?? [])];
    for (const name of ['x1', 'x2']) line?.setAttribute(name, x);
    text?.setAttribute('x', x);
  });
}

function showPlace({ parts, head, run, words }: Session): void {
  const { timeline, passed } = parts;
  const { lengthMs } = head.presentation.value;
  const share = lengthMs > 0 ? head.told.value / lengthMs : 0;
  timeline.value = String(Math.round(share * Number(timeline.max)));
  passed.setAttribute('width', `${(share * 100).toFixed(2)}%`);
  const step = head.step.value;
  const shown = run.film.steps[step];
  // Told once a step: a text that changes by the frame would never be read to its end.
  if (timeline.dataset.told === String(step) || !shown) return;
  timeline.dataset.told = String(step);
  const values = {
    step: step + 1,
    count: run.film.steps.length,
    clock: clockText(shown.moment.timeMs - run.film.start.timeMs),
    caption: shown.caption,
  };
  timeline.setAttribute('aria-valuetext', fill(words.position, values));
  showChapters(parts, run.film.chapters, step);
}

function showChapters({ root }: Parts, chapters: Film['chapters'], step: number): void {
  const now = chapters.findLastIndex(({ firstStep }) => firstStep <= step);
  root.querySelectorAll('.run-mark').forEach((mark, i) => {
    mark.classList.toggle('is-now', i === now);
  });
  root.querySelectorAll('.run-chapter').forEach((item, i) => {
    if (i === now) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  });
}
