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
  /** So many events were lived. */
  readonly progress: (events: number) => void;
  /** There is no film: the engine could not be had, or failed. */
  fail(): void;
  end(): void;
}

/**
 * Play can be pressed before the engine has lived the run: it is then told how far the engine is, and
 * pressed again it is taken back.
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
  let known = 0;
  const showBar = (): void => {
    if (bar) bar.value = Math.min(1, known / Math.max(1, total));
    if (count) count.textContent = fill(words.computed, { count: known });
  };
  const tell = (text: string): void => {
    if (notice) notice.textContent = text;
    notice?.parentElement?.classList.toggle('has-notice', text !== '');
  };
  const show = (waits: boolean): void => {
    expected = waits;
    tell(waits ? words.computing : '');
    if (bar) bar.hidden = !waits;
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
      known = events;
      if (bar && !bar.hidden) showBar();
    },
    fail() {
      end();
      tell(words.failed);
    },
    end,
  };
}
