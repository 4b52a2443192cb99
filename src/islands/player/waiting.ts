import type { PlayerWords } from '../../i18n/player.ts';
import { fill } from '../../i18n/strings.ts';
import { buttonOf } from './parts.ts';

/** What a player shows from its arrival until its film has come. */
export interface WaitingPlayer {
  /** Whether the reader wants it to play as soon as it can. */
  readonly isWanted: () => boolean;
  /** Whether the reader waits for it, to play it or to see the moment of a link. */
  readonly isExpected: () => boolean;
  expect(): void;
  /** There is no film yet: the engine lives the run, so many events of it so far. */
  readonly progress: (events: number) => void;
  /** There will be none: the engine could not be had, or failed. */
  fail(): void;
  end(): void;
}

/**
 * Play can be pressed before the film has come: the reader is then told that it comes, or how far the
 * engine is that takes one. Pressed again it is taken back.
 * @param total events of the whole run, as the build counted them
 */
export function attachWaiting(root: HTMLElement, words: PlayerWords, total: number): WaitingPlayer {
  const button = buttonOf(root, 'play');
  const verb = button.querySelector('.run-verb');
  const notice = root.querySelector('[data-part="notice"]');
  const bar = root.querySelector<HTMLProgressElement>('[data-part="computing"]');
  const count = root.querySelector('[data-part="skipped"]');
  let wanted = false;
  let expected = false;
  /** Events lived; undefined as long as nobody has to live them. */
  let known: number | undefined;
  const showBar = (): void => {
    if (known === undefined) return;
    if (bar) bar.value = Math.min(1, known / Math.max(1, total));
    if (count) count.textContent = fill(words.computed, { count: known });
  };
  const tell = (text: string): void => {
    if (notice) notice.textContent = text;
    notice?.parentElement?.classList.toggle('has-notice', text !== '');
  };
  const show = (waits: boolean): void => {
    expected = waits;
    const lives = known !== undefined;
    tell(waits ? words[lives ? 'computing' : 'coming'] : '');
    if (bar) bar.hidden = !(waits && lives);
    if (waits) showBar();
    else if (count) count.textContent = '';
  };
  const want = (wish: boolean): void => {
    wanted = wish;
    button.classList.toggle('is-playing', wanted);
    const label = wanted ? words.pause : words.play;
    button.setAttribute('aria-label', label);
    if (verb) verb.textContent = label;
    show(wanted);
  };
  const press = (): void => want(!wanted);
  button.disabled = false;
  button.addEventListener('click', press);
  const end = (): void => {
    button.removeEventListener('click', press);
    button.disabled = true;
    want(false);
  };
  return {
    isWanted: () => wanted,
    isExpected: () => expected,
    expect: () => show(true),
    progress(events) {
      const isFirst = known === undefined;
      known = events;
      if (isFirst) show(expected);
      else if (expected) showBar();
    },
    fail() {
      end();
      tell(words.failed);
    },
    end,
  };
}
