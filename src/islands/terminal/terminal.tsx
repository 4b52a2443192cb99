import { useComputed, useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Locale } from '../../i18n/locales.ts';
import { fill } from '../../i18n/strings.ts';
import { terminalStrings, type TerminalWords } from '../../i18n/terminal.ts';
import { completeIn, interrupt, newer, older, type Field } from './entry-keys.ts';
import { Entries, type EntryState } from './entry-state.ts';
import { Entry, useField } from './entry.tsx';
import type { FollowedWorld } from './followed-world.ts';
import { Head } from './head.tsx';
import { ScreenLines } from './screen-lines.tsx';
import { Spoken } from './spoken.tsx';

export interface TerminalProps {
  readonly world: FollowedWorld;
  readonly locale: Locale;
  /** Whose prompt is shown; a signal lets the page and the reader both choose. */
  readonly machine?: string | Signal<string>;
  /** How many texts at the prompt's beginning are not shown: they stand elsewhere on the page. */
  readonly from?: number;
  /** The page has controls of its own for time. */
  readonly bare?: boolean;
  /** What stands behind the line that is being written, for who does not know what to type. */
  readonly invitation?: ComponentChildren;
}

/** A prompt of a world: what stands there, and the line that is being written. */
export function Terminal(props: TerminalProps) {
  const { world, locale, machine, from = 0, bare = false, invitation } = props;
  const own = useSignal(typeof machine === 'string' ? machine : firstPrompt(world));
  const shown = typeof machine === 'object' ? machine : own;
  const words = terminalStrings[locale];
  const entries = useMemo(() => new Entries(world, words), [world, words]);
  useEffect(() => () => entries.end(), [entries]);
  return (
    <AtMachine
      key={shown.value}
      {...{ world, from, bare, shown, words, invitation }}
      machine={shown.value}
      entry={entries.at(shown.value)}
    />
  );
}

const firstPrompt = ({ machines }: FollowedWorld): string =>
  machines.find(({ hasPrompt }) => hasPrompt)?.name ?? '';

interface AtMachineProps extends Required<Pick<TerminalProps, 'world' | 'from' | 'bare'>> {
  readonly machine: string;
  readonly entry: EntryState;
  readonly invitation: ComponentChildren;
  readonly shown: Signal<string>;
  readonly words: TerminalWords;
}

function AtMachine(props: AtMachineProps) {
  const { world, machine, entry, shown, words, from, bare, invitation } = props;
  const screen = useMemo(() => world.screen(machine), [world, machine]);
  const input = useRef<HTMLTextAreaElement>(null);
  const field = useField(input);
  const hint = useId();
  const prompt = useComputed(() => world.state.value.prompts[machine]).value;
  useEffect(() => screen.hide(from), [screen, from]);
  useLayoutEffect(() => {
    const { current } = input;
    if (entry.draft !== '') field.set({ text: entry.draft, caret: entry.draft.length });
    return () => entry.leave(current?.value ?? '');
  }, [entry]);
  return (
    <section
      class={`terminal${prompt?.busy ? ' is-busy' : ''}`}
      aria-label={fill(words.terminal, { machine })}
    >
      <Head world={world} machine={shown} words={words} bare={bare} />
      <Scrolled
        screen={screen}
        entry={entry}
        focus={() => input.current?.focus({ preventScroll: true })}
      >
        <ScreenLines screen={screen} words={words} />
        <Entry {...{ entry, words, prompt, input, field, hint }} />
        <Candidates entry={entry} words={words} />
        {invitation}
      </Scrolled>
      <Keys {...{ entry, field, words, input }} isBusy={prompt?.busy ?? false} />
      <Notice {...{ world, entry, words, hint }} reads={prompt?.reads ?? false} />
      <Spoken screen={screen} also={entry.leaving.value ? words.leaving : entry.notice.value} />
    </section>
  );
}

interface ScrolledProps {
  readonly screen: ReturnType<FollowedWorld['screen']>;
  readonly entry: EntryState;
  readonly focus: () => void;
  readonly children: ComponentChildren;
}

/** So near to the end the reader follows what comes. */
const NEAR_PX = 48;

/** Follows what is printed, unless the reader looks at what stands above. */
function Scrolled({ screen, entry, focus, children }: ScrolledProps) {
  const place = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const { value: revision } = screen.revision;
  const { value: candidates } = entry.candidates;
  useLayoutEffect(() => {
    const { current } = place;
    if (current && follows.current) current.scrollTop = current.scrollHeight;
  }, [revision, candidates]);
  return (
    <div
      ref={place}
      class="terminal-screen"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
      }}
      onClick={() => {
        if (String(getSelection()) === '') focus();
      }}
    >
      {children}
    </div>
  );
}

interface PartProps {
  readonly entry: EntryState;
  readonly words: TerminalWords;
}

function Candidates({ entry, words }: PartProps) {
  const candidates = entry.candidates.value;
  if (candidates.length === 0) return null;
  const more = entry.more.value;
  return (
    <ul class="terminal-candidates">
      {candidates.map(({ text, note }) => (
        <li key={text}>
          {text.replace(/^.*\/(?=.)/, '')}
          {note !== undefined && <span> {note}</span>}
        </li>
      ))}
      {more > 0 && <li class="terminal-note">{fill(words.more, { count: more })}</li>}
    </ul>
  );
}

interface KeysProps extends PartProps {
  readonly field: Field;
  readonly input: preact.RefObject<HTMLTextAreaElement | null>;
  readonly isBusy: boolean;
}

/** Keys that a keyboard on a screen does not have; a mouse has a use for the last one. */
function Keys({ entry, field, input, words, isBusy }: KeysProps) {
  const key = (name: string, label: string, press: () => void, isStop = false) => (
    <button
      type="button"
      class={isStop ? 'terminal-stop' : 'terminal-key'}
      aria-label={label}
      disabled={isStop && !isBusy}
      // The keyboard on the screen stays where it is.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => {
        press();
        input.current?.focus({ preventScroll: true });
      }}
    >
      {name}
    </button>
  );
  return (
    <div class="terminal-keys" role="group" aria-label={words.keys}>
      {key('Tab', 'Tab', () => void completeIn(entry, field))}
      {key('↑', words.older, () => older(entry, field))}
      {key('↓', words.newer, () => newer(entry, field))}
      {key('Ctrl+C', words.stop, () => interrupt(entry, field), true)}
    </div>
  );
}

interface NoticeProps extends PartProps {
  readonly world: FollowedWorld;
  readonly hint: string;
  readonly reads: boolean;
}

/** One line below: what is going on, or which keys there are. */
function Notice({ world, entry, words, hint, reads }: NoticeProps) {
  const waiting = entry.typist.waiting.value;
  const now = world.broken.value
    ? words.broken
    : entry.leaving.value
      ? words.leaving
      : entry.notice.value ||
        (waiting > 0 ? fill(words.waiting, { count: waiting }) : reads ? words.reads : '');
  return (
    <div class="terminal-notice">
      <p id={hint} hidden={now !== ''}>
        {words.hint}
      </p>
      {now !== '' && <p class="terminal-now">{now}</p>}
    </div>
  );
}
