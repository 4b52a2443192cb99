import { useMemo } from 'preact/hooks';
import type { ScreenLine } from './screen-line.ts';
import { fill } from '../../i18n/strings.ts';
import type { TerminalWords } from '../../i18n/terminal.ts';
import type { Screen, ScreenBlock } from './screen.ts';

interface ScreenLinesProps {
  readonly screen: Screen;
  readonly words: TerminalWords;
}

/** The lines of a screen. A block that did not change is not looked at. */
export function ScreenLines({ screen, words }: ScreenLinesProps) {
  // Read so that this is drawn anew with each change.
  const { value: revision } = screen.revision;
  const { blocks, dropped } = screen;
  return (
    <div class="terminal-lines" data-revision={revision}>
      {dropped > 0 && <p class="terminal-note">{fill(words.dropped, { count: dropped })}</p>}
      {blocks.map((block) => (
        <Block key={block.number} block={block} version={block.version} />
      ))}
    </div>
  );
}

interface BlockProps {
  readonly block: ScreenBlock;
  readonly version: number;
}

function Block({ block, version }: BlockProps) {
  return useMemo(
    () => <div class="terminal-block">{block.lines.map(lineOf)}</div>,
    [block, version],
  );
}

function lineOf({ kind, prompt, spans }: ScreenLine, at: number) {
  const parts = spans.map(({ text, look }) =>
    look === '' ? text : <span class={look}>{text}</span>,
  );
  // What stands in an attribute and is shown by a style is not copied.
  return (
    <div key={at} class={`terminal-line is-${kind}`} data-prompt={prompt}>
      {parts.length > 0 ? parts : '\u200b'}
    </div>
  );
}
