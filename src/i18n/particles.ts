/**
 * Korean particles take one of two forms by the sound the word before them ends in. Sentences are
 * written with both, `{name|을를}`, and the right one is chosen when the name is known.
 */

/** Last letters of Latin words, and digits, whose Korean reading ends in a consonant. */
const closed: ReadonlySet<string> = new Set('lmnr013678');
/** Those whose reading ends in ㄹ, after which 로 is said, not 으로. */
const liquid: ReadonlySet<string> = new Set('lr178');

type Ending = 'open' | 'liquid' | 'closed';

/** Words that are read as words, not letter by letter, and end otherwise than they are spelt. */
const spoken: readonly (readonly [pattern: RegExp, ending: Ending])[] = [
  [/(?:^|[^a-z0-9])(?:web|kubelet)$/, 'closed'],
  [/[a-z]{2}(?:er|or|re)$/, 'open'],
  [/[a-z]{2}(?:al|el|le)$/, 'liquid'],
];

function endingOf(word: string): Ending {
  const known = spoken.find(([pattern]) => pattern.test(word.toLowerCase()));
  if (known) return known[1];
  const last = [...word.toLowerCase()].findLast((c) => /[가-힣a-z0-9]/.test(c));
  if (last === undefined) return 'open';
  const code = last.charCodeAt(0) - 0xac00;
  if (code >= 0 && code <= 11_171) {
    const final = code % 28;
    return final === 0 ? 'open' : final === 8 ? 'liquid' : 'closed';
  }
  return liquid.has(last) ? 'liquid' : closed.has(last) ? 'closed' : 'open';
}

const pairs: Readonly<Record<string, readonly [closed: string, open: string]>> = {
  은는: ['은', '는'],
  이가: ['이', '가'],
  을를: ['을', '를'],
  과와: ['과', '와'],
  으로로: ['으로', '로'],
};

/** `node-2` with `을를` is `node-2를`; a name of a pair that is not known is left as written. */
export function withParticle(word: string, pair: string): string {
  const forms = pairs[pair];
  if (!forms) return word + pair;
  const ending = endingOf(word);
  const open = ending === 'open' || (ending === 'liquid' && pair === '으로로');
  return word + (open ? forms[1] : forms[0]);
}
