import { matchAll, type Match } from '../regex/regex.ts';
import type { Substitution } from './sed-script.ts';

/** What `s/…/…/` makes of a text; undefined when nothing matched. */
export function substitute(text: string, how: Substitution): { text: string } | undefined {
  const found = matchAll(how.regex, text, how.global ? Infinity : how.from).slice(how.from - 1);
  const chosen = how.global ? found : found.slice(0, 1);
  if (chosen.length === 0) return undefined;
  let result = '';
  let at = 0;
  for (const match of chosen) {
    result += text.slice(at, match.index) + replacementOf(how.replacement, match);
    at = match.end;
  }
  return { text: result + text.slice(at) };
}

const turnCase = (text: string, how: string): string =>
  how === 'U' ? text.toUpperCase() : how === 'L' ? text.toLowerCase() : text;

function replacementOf(replacement: string, { groups }: Match): string {
  let result = '';
  let mode = 'E';
  let once = '';
  const add = (text: string) => {
    let shown = turnCase(text, mode);
    if (once !== '' && shown !== '') {
      shown = turnCase(shown[0]!, once.toUpperCase()) + shown.slice(1);
      once = '';
    }
    result += shown;
  };
  for (let at = 0; at < replacement.length; at++) {
    const char = replacement[at]!;
    if (char === '&') add(groups[0]);
    else if (char === '\\' && at + 1 < replacement.length) {
      const next = replacement[++at]!;
      if (/\d/.test(next)) add(groups[Number(next)] ?? '');
      else if ('ULE'.includes(next)) mode = next;
      else if ('ul'.includes(next)) once = next;
      else add(next === 'n' ? '\n' : next === 't' ? '\t' : next);
    } else add(char);
  }
  return result;
}
