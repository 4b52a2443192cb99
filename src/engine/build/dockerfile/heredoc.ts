import type { Heredoc, Read } from './ast.ts';
import { expandWords } from './expand.ts';

/**
 * Files written within a Dockerfile, as a shell writes them (moby/buildkit v0.32
 * `frontend/dockerfile/parser/parser.go`, `heredocFromMatch`, `heredocsFromLine`).
 */
const HEREDOC = /^(\d*)<<(-?)\s*([^<]*)$/;
const NOTHING = () => undefined;

/** `<<-EOF` to its parts, without content; undefined when the word is none. */
export function parseHeredoc(word: string): Read<Heredoc | undefined> {
  const none: Read<undefined> = { ok: true, value: undefined };
  const match = HEREDOC.exec(word);
  const rest = match?.[3] ?? '';
  if (!match || rest === '') return none;
  const plain = expandWords(rest, NOTHING, { skipUnset: true });
  if (!plain.ok) return plain;
  const [name] = plain.value;
  if (plain.value.length !== 1 || name === undefined) return none;
  const raw = expandWords(rest, NOTHING, { skipUnset: true, rawQuotes: true });
  if (!raw.ok) return raw;
  const value: Heredoc = {
    name,
    // Quotes that were taken off: a part of the name was quoted.
    expand: quotes(name) === quotes(raw.value[0] ?? ''),
    chomp: match[2] === '-',
    fileDescriptor: Number(match[1] || '0'),
    content: '',
  };
  return { ok: true, value };
}

const quotes = (word: string): number => word.replace(/[^'"]/g, '').length;

/** The heredocs that a line opens, in order. */
export function heredocsOf(line: string): Read<Heredoc[]> {
  const words = expandWords(line, NOTHING, { rawQuotes: true, rawEscapes: true, skipUnset: true });
  const found: Heredoc[] = [];
  for (const word of words.ok ? words.value : []) {
    const parsed = parseHeredoc(word);
    if (!parsed.ok) return parsed;
    if (parsed.value) found.push(parsed.value);
  }
  return { ok: true, value: found };
}

/** Takes the tabs in front of lines away. */
export const chompTabs = (text: string): string => text.replace(/^\t+/gm, '');
