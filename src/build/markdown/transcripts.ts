import { fileURLToPath } from 'node:url';
import { defineMdastPlugin } from 'satteri';
import type { ShikiTransformer } from 'shiki';
import { isLocale } from '../../i18n/locales.ts';
import { fill } from '../../i18n/strings.ts';
import { transcriptStrings } from '../../i18n/transcripts.ts';
import { TRANSCRIPT_WEIGHT } from '../search/page-document.ts';
import { element, fenceOption, text, type Element } from './highlight.ts';

/**
 * Transcripts as they are read: each command with what it printed is a block of its own, commands
 * stand out from output, and the middle of a long output is folded. All of it is made here, so it
 * works without JavaScript.
 */

/** Longer outputs fold, and show their first and last lines. */
const UNFOLDED = 14;
const HEAD = 3;
const TAIL = 4;

export const isTranscript = (lang: string | null | undefined, meta: string): boolean =>
  lang === 'console' && /(?:^|\s)run(?:=|\s|$)/.test(meta);

/** Tells the highlighter the language of the page, as `locale=ko` among the fence's words. */
export function transcriptLocales() {
  return defineMdastPlugin({
    name: 'transcript-locales',
    code(node, context) {
      const meta = node.meta ?? '';
      if (!isTranscript(node.lang, meta) || fenceOption(meta, 'locale') !== undefined) return;
      const path = context.fileURL ? fileURLToPath(context.fileURL) : '';
      const locale = /content\/docs\/([a-z]{2})\//.exec(path)?.[1] ?? 'en';
      context.replaceNode(node, { ...node, meta: `${meta} locale=${locale}` });
    },
  });
}

interface Turn {
  readonly typed: Element[];
  readonly printed: Element[];
}

/** The transformer that builds the screen; it stands after the prompts' and before the frame's. */
export function transcriptScreens(): ShikiTransformer {
  return {
    name: 'transcript-screens',
    root(root) {
      const raw: unknown = this.options.meta?.__raw;
      const meta = typeof raw === 'string' ? raw : '';
      if (!isTranscript(this.options.lang, meta)) return;
      const pre = root.children[0];
      const code = pre?.type === 'element' ? pre.children[0] : undefined;
      if (code?.type !== 'element') return;
      const lines = code.children.filter(
        (child): child is Element => child.type === 'element' && child.tagName === 'span',
      );
      const option = fenceOption(meta, 'locale');
      const words = transcriptStrings[option !== undefined && isLocale(option) ? option : 'en'];
      const blocks = turnsOf(lines, this.source.split('\n')).flatMap((turn) =>
        blocksOf(turn, (count) => fill(words.more, { count })),
      );
      root.children = [
        element('div', { class: 'screen', 'data-pagefind-weight': TRANSCRIPT_WEIGHT }, blocks),
        element('figcaption', { class: 'printed-by' }, [text(words.printed)]),
      ];
    },
  };
}

/** Lines by the command they belong to; marks those that were typed. */
function turnsOf(lines: readonly Element[], source: readonly string[]): Turn[] {
  const turns: Turn[] = [];
  for (const [i, line] of lines.entries()) {
    const written = source[i] ?? '';
    const last = turns.at(-1);
    if (written.startsWith('$ ')) {
      line.properties.class = 'line typed';
      turns.push({ typed: [line], printed: [] });
    } else if (last && written.startsWith('> ') && last.printed.length === 0) {
      line.properties.class = 'line typed';
      line.children = [element('span', { class: 'prompt' }, [text('> ')]), text(written.slice(2))];
      last.typed.push(line);
    } else if (last) last.printed.push(line);
    else turns.push({ typed: [], printed: [line] });
  }
  return turns;
}

function blocksOf({ typed, printed }: Turn, more: (count: number) => string): Element[] {
  if (printed.length <= UNFOLDED) return [block([...typed, ...printed])];
  const folded = printed.slice(HEAD, -TAIL);
  return [
    block([...typed, ...printed.slice(0, HEAD)]),
    element('details', {}, [element('summary', {}, [text(more(folded.length))]), block(folded)]),
    block(printed.slice(-TAIL)),
  ];
}

const block = (lines: readonly Element[]): Element =>
  element('pre', {}, [
    element(
      'code',
      {},
      lines.flatMap((line) => [line, text('\n')]),
    ),
  ]);
