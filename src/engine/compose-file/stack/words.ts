import { fail } from '../failure.ts';

/**
 * A command written as one text, split as google/shlex does for `docker stack`: quotes, escapes
 * and comments, no operator of a shell means anything.
 */
export function splitPosixWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (quote === "'") {
      if (char === "'") quote = '';
      else word = (word ?? '') + char;
    } else if (char === '\\') {
      at += 1;
      if (at >= line.length) fail('EOF found after escape character');
      word = (word ?? '') + (line[at] ?? '');
    } else if (char === quote) {
      quote = '';
    } else if (quote === '"') {
      word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '#' && word === undefined) {
      const end = line.indexOf('\n', at);
      at = end === -1 ? line.length : end;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') fail('EOF found when expecting closing quote');
  return word === undefined ? words : [...words, word];
}
