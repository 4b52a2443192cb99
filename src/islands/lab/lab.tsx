/** The lab with a script: the bench is drawn into its place, and what is asked for is opened there. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { isLocale } from '../../i18n/locales.ts';
import { connectEngine } from '../engine-room/connect.ts';
import { writeAddress } from './address.ts';
import { rememberToGoOn } from './going-on.ts';
import { Bench } from './bench.tsx';
import { pageCatalogue } from './catalogue.ts';
import { browserStore } from './kept-worlds.ts';
import { LabState } from './lab-state.ts';
import type { LabRequest } from './opening.ts';

export interface Lab {
  /** @throws (rejects) when engine or exercises cannot be fetched */
  readonly open: (request: LabRequest) => Promise<void>;
  /** Clears the bench, or gives up what is on its way to it. */
  readonly close: () => void;
  /** The address of what stands on the bench; undefined when it has none, or nothing stands there. */
  readonly address: () => string | undefined;
}

/** @param changed is called when what this browser keeps, or what was solved, is other than before */
export function mountLab(element: HTMLElement, changed: () => void): Lab {
  const locale = isLocale(element.dataset.locale) ? element.dataset.locale : 'ko';
  const lab = new LabState({
    engine: connectEngine(),
    locale,
    catalogue: pageCatalogue(locale),
    store: browserStore(),
    fetchExercises: () => import('./exercise-sources.ts'),
    changed,
  });
  render(<Bench lab={lab} />, element);
  const catalogue = document.querySelector<HTMLDetailsElement>('[data-catalogue]');
  effect(() => {
    // While a world is open, what else could be opened is folded away below it.
    const isOpen = lab.status.value.kind === 'open';
    catalogue?.toggleAttribute('open', !isOpen);
    catalogue?.querySelector('summary')?.toggleAttribute('hidden', !isOpen);
  });
  effect(() => {
    element.hidden = lab.status.value.kind === 'empty' && lab.notice.value === '';
  });
  let wasOpen = false;
  effect(() => {
    const { kind } = lab.status.value;
    if (wasOpen && kind === 'empty') leadToPage();
    wasOpen = kind === 'open';
  });
  // The other language opens the same: what was done here goes on there.
  document.addEventListener('click', (event) => {
    const isSwitch = event.target instanceof Element && event.target.closest('a[data-language]');
    const { value } = lab.status;
    if (isSwitch && value.kind === 'open') rememberToGoOn(value.bench.keptId);
  });
  return {
    async open(request) {
      element.hidden = false;
      scrollTo({ top: 0 });
      await lab.open(request);
      document.getElementById('bench-title')?.focus({ preventScroll: true });
    },
    close: () => lab.close(),
    address() {
      const { value } = lab.status;
      return value.kind === 'open' ? writeAddress(value.bench.address) : undefined;
    },
  };
}

/** Whose keyboard was on the bench is led to the page when that is cleared. */
function leadToPage(): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const title = document.querySelector<HTMLElement>('.lab-title');
    title?.setAttribute('tabindex', '-1');
    title?.focus({ preventScroll: true });
  });
}
