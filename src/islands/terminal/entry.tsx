import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { TerminalWords } from '../../i18n/terminal.ts';
import type { PromptState } from '../engine-room/world-messages.ts';
import { pressKey, submit, type Field } from './entry-keys.ts';
import type { EntryState } from './entry-state.ts';
import { promptText } from './screen.ts';

interface EntryProps {
  readonly entry: EntryState;
  readonly words: TerminalWords;
  readonly prompt: PromptState | undefined;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly field: Field;
  /** The id of what tells the keys. */
  readonly hint: string;
}

/** The line that is being written: a text field of the browser's, so that every input method works. */
export function Entry({ entry, words, prompt, input, field, hint }: EntryProps) {
  const search = entry.search.value;
  useLayoutEffect(() => grow(input.current), [search]);
  // As a property it takes any text for yes.
  useLayoutEffect(() => input.current?.setAttribute('autocorrect', 'off'), []);
  return (
    <div class={`terminal-entry${prompt?.busy ? ' is-busy' : ''}`}>
      <label class="terminal-prompt">
        <span>{search ? `(${words.search})` : promptOf(prompt)}</span>
        <textarea
          ref={input}
          class="terminal-input"
          rows={1}
          aria-label={words.line}
          aria-describedby={hint}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="send"
          onKeyDown={(event) => pressKey(event, entry, field)}
          onInput={({ currentTarget }) => {
            grow(currentTarget);
            entry.searchFor(currentTarget.value);
          }}
          onBeforeInput={(event) => {
            // Keyboards on screens may send no key for Enter.
            const isEnter = ['insertLineBreak', 'insertParagraph'].includes(event.inputType);
            if (!isEnter || event.isComposing) return;
            event.preventDefault();
            submit(entry, field);
          }}
          onPaste={(event) => pasteInto(event, entry)}
        />
      </label>
      {search && (
        <p class="terminal-found">{search.found ?? (field.get().text && words.noMatch)}</p>
      )}
    </div>
  );
}

function promptOf(prompt: PromptState | undefined): string {
  if (!prompt || prompt.busy) return '';
  return prompt.continues ? '>' : promptText(prompt.cwd);
}

/** Lines that were pasted are typed; the last one only where its end was pasted, too. */
function pasteInto(event: ClipboardEvent, entry: EntryState): void {
  const pasted = event.clipboardData?.getData('text/plain') ?? '';
  if (!/[\r\n]/.test(pasted)) return;
  event.preventDefault();
  const input = event.currentTarget as HTMLTextAreaElement;
  const { value, selectionStart, selectionEnd } = input;
  const rest = entry.paste(value.slice(0, selectionStart), pasted, value.slice(selectionEnd));
  write(input, { text: rest, caret: rest.length });
}

function write(input: HTMLTextAreaElement, { text, caret }: ReturnType<Field['get']>): void {
  input.value = text;
  input.setSelectionRange(caret, caret);
  grow(input);
}

/** As high as its text: a long command is seen whole. */
function grow(input: HTMLTextAreaElement | null): void {
  if (!input) return;
  input.style.height = 'auto';
  input.style.height = `${input.scrollHeight}px`;
}

/** The field as keys and buttons see it. */
export function useField(input: RefObject<HTMLTextAreaElement | null>): Field {
  return useMemo(
    () => ({
      get: () => {
        const { current } = input;
        return { text: current?.value ?? '', caret: current?.selectionEnd ?? 0 };
      },
      set: (line) => {
        if (input.current) write(input.current, line);
      },
      hasSelection: () => {
        const { selectionStart, selectionEnd } = input.current ?? {};
        return selectionStart !== selectionEnd || String(getSelection()) !== '';
      },
    }),
    [input],
  );
}
