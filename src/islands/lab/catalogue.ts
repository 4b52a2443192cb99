import { presetWords } from '../../i18n/lab-worlds.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { LabAddress } from './address.ts';

/**
 * What the page lists, read from the page itself: titles, a scenario's steps, a challenge's hints. So
 * neither their YAML nor its reader is needed here.
 */
export interface Story {
  readonly id: string;
  /** Where its steps are typed. */
  readonly machine: string;
  readonly steps: readonly StoryStep[];
  /** The page and figure that show it. */
  readonly figure?: string;
}

export interface StoryStep {
  readonly title: string;
  readonly run: string;
  /** Virtual time between the end of the step before and this one. */
  readonly pauseMs: number;
}

export interface Exercise {
  readonly id: string;
  /** In it and in the hints code stands in backquotes. */
  readonly brief: string;
  readonly hints: readonly string[];
}

export interface Catalogue {
  /** Undefined for what the page does not list. */
  readonly titleOf: (address: LabAddress) => string | undefined;
  readonly story: (id: string) => Story | undefined;
  readonly exercise: (id: string) => Exercise | undefined;
  /** All of them, in the page's order. */
  readonly exerciseIds: () => readonly string[];
}

export function pageCatalogue(locale: Locale): Catalogue {
  const entry = (address: string): HTMLElement | null => document.getElementById(address);
  return {
    titleOf: (address) => {
      if (address.kind === 'preset') return presetTitle(address.preset, locale);
      const { id } = address.kind === 'link' ? (address.story ?? {}) : (address as { id?: string });
      const kind = address.kind === 'link' ? 'scenario' : address.kind;
      return id === undefined ? undefined : entry(`${kind}=${id}`)?.dataset.title;
    },
    story: (id) => {
      const found = entry(`scenario=${id}`);
      if (!found) return undefined;
      const steps = [...found.querySelectorAll('.lab-steps li')].map((step) => ({
        title: step.querySelector('[data-step]')?.textContent ?? '',
        run: step.querySelector('code')?.textContent ?? '',
        pauseMs: Number((step as HTMLElement).dataset.pause ?? 0),
      }));
      const { machine = '', figure } = found.dataset;
      return { id, machine, steps, ...(figure !== undefined && { figure }) };
    },
    exercise: (id) => {
      const found = entry(`challenge=${id}`);
      if (!found) return undefined;
      const brief = written(found.querySelector('[data-brief]'));
      const hints = [...found.querySelectorAll('[data-hints] > li')].map((hint) =>
        hint.textContent.trim(),
      );
      return { id, brief, hints };
    },
    exerciseIds: () =>
      [...document.querySelectorAll('[data-open^="challenge="]')].map(({ id }) =>
        id.slice('challenge='.length),
      ),
  };
}

/** A sentence of the page as it was written: its code in backquotes. */
function written(sentence: Element | null): string {
  const pieces = [...(sentence?.childNodes ?? [])].map((node) => {
    const text = node.textContent ?? '';
    return node instanceof Element ? `\`${text}\`` : text;
  });
  return pieces.join('').trim();
}

/** Of `nodes-500`: the title of `nodes-N` with the number in it. */
function presetTitle(name: string, locale: Locale): string | undefined {
  const known = [name, name.replace(/-\d+$/, '-N')].find((one) => Object.hasOwn(presetWords, one));
  const words = known === undefined ? undefined : presetWords[known];
  const [, count] = /-(\d+)$/.exec(name) ?? [];
  if (!words) return undefined;
  const title = words.title[locale];
  return count === undefined ? title : title.replace('N', Number(count).toLocaleString(locale));
}
