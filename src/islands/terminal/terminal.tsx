import { useSignal, type Signal } from '@preact/signals';
import type { Locale } from '../../i18n/locales.ts';
import type { FollowedWorld } from './followed-world.ts';

export interface TerminalProps {
  readonly world: FollowedWorld;
  readonly locale: Locale;
  /** Whose prompt is shown; a signal lets the page and the reader both choose. */
  readonly machine?: string | Signal<string>;
}

/** A prompt of a world: what stands there, and the line that is being typed. */
export function Terminal({ world, locale, machine }: TerminalProps) {
  const own = useSignal(typeof machine === 'string' ? machine : firstPrompt(world));
  const shown = typeof machine === 'object' ? machine : own;
  const screen = world.screen(shown.value);
  const { value: revision } = screen.revision;
  return (
    <div class="terminal" lang={locale} data-revision={revision}>
      {screen.lines.map(({ prompt, spans }, at) => (
        <div key={at}>
          {prompt} {spans.map(({ text }) => text).join('')}
        </div>
      ))}
    </div>
  );
}

const firstPrompt = ({ machines }: FollowedWorld): string =>
  machines.find(({ hasPrompt }) => hasPrompt)?.name ?? '';
