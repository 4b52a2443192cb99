import { framesOf, isTranscript } from './frames.ts';

/**
 * Puts the quiet buttons on transcripts and files. What they do comes when one of them is pressed,
 * or, for files that the reader has edited before, at once.
 */
const worlds = () => import('./page-worlds.ts').then(({ pageWorlds }) => pageWorlds());

function add(place: Element, className: string, words: string, onPress: () => Promise<void>) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = className;
  button.textContent = words;
  button.addEventListener('click', () => {
    // Disabled, it would lose the focus.
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    void onPress()
      .catch(() => undefined)
      .then(() => (button.ariaDisabled = null));
  });
  place.append(button);
}

/** @param words of the buttons, as the page carries them */
export function attachPageWorlds({ run = '', runTo = '', edit = '' }: DOMStringMap): void {
  const frames = framesOf(document);
  for (const frame of frames) {
    if (!isTranscript(frame)) {
      const title = frame.querySelector('.code-file');
      if (title) add(title, 'quiet edit-here', edit, async () => (await worlds()).edit(frame));
      continue;
    }
    const note = frame.querySelector('.printed-by');
    if (note) add(note, 'quiet run-here', run, async () => (await worlds()).run(frame));
    attachLines(frame, runTo);
  }
  if (frames.length > 0 && isKept()) void worlds();
}

/** Beside each command but the last: the block as far as there. */
function attachLines(frame: HTMLElement, runTo: string): void {
  const turns = [...frame.querySelectorAll(':scope > .screen > pre:has(.typed)')];
  for (const [i, turn] of turns.slice(0, -1).entries()) {
    const typed = turn.querySelector('.typed')?.textContent.slice('$ '.length) ?? '';
    const words = `${runTo}: ${typed}`;
    add(turn, 'run-to', words, async () => (await worlds()).run(frame, i + 1));
  }
}

function isKept(): boolean {
  try {
    return sessionStorage.getItem(`drydock-files:${location.pathname}`) !== null;
  } catch {
    return false;
  }
}
