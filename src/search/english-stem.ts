/**
 * The English (Porter2) stemmer of Snowball, as Pagefind applies it to English pages
 * (snowballstem.org/algorithms/english/stemmer.html). Words come in lower case.
 */
const VOWEL = '[aeiouy]';
const SHORT_END = /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy]|past)$/;
const DOUBLE_END = /(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;

const EXCEPTIONS = new Map(
  Object.entries({
    skis: 'ski',
    skies: 'sky',
    dying: 'die',
    lying: 'lie',
    tying: 'tie',
    idly: 'idl',
    gently: 'gentl',
    ugly: 'ugli',
    early: 'earli',
    only: 'onli',
    singly: 'singl',
  }),
);
const UNCHANGED = new Set('sky news howe atlas cosmos bias andes'.split(' '));
const UNCHANGED_AFTER_1A = new Set(
  'inning outing canning herring earring proceed exceed succeed'.split(' '),
);

/** Step 2: longest ending first; in R1. */
const STEP_2: readonly (readonly [string, string])[] = [
  ['ization', 'ize'],
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['entli', 'ent'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ousli', 'ous'],
  ['iviti', 'ive'],
  ['fulli', 'ful'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['izer', 'ize'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['bli', 'ble'],
  ['ogi', 'og'],
  ['li', ''],
];
const STEP_3: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ative', ''],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];
const STEP_4 = /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|ion|al|er|ic)$/;

/** Where R1 and R2 begin: after the first consonant that follows a vowel, and again within R1. */
function regions(word: string): [number, number] {
  const after = (start: number) => {
    const found = new RegExp(`${VOWEL}[^aeiouy]`).exec(word.slice(start));
    return found ? start + found.index + 2 : word.length;
  };
  const prefix = /^(?:gener|commun|arsen|past|univers|later|emerg|organ|inter)/.exec(word);
  const r1 = prefix ? prefix[0].length : after(0);
  return [r1, after(r1)];
}

function step1b(word: string, r1: number): string {
  const eed = /(?:eedly|eed)$/.exec(word);
  if (eed) return eed.index >= r1 ? `${word.slice(0, eed.index)}ee` : word;
  const ending = /(?:ingly|edly|ing|ed)$/.exec(word);
  if (!ending || !new RegExp(VOWEL).test(word.slice(0, ending.index))) return word;
  const stem = word.slice(0, ending.index);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  // Not of add, egg, off: what is left would be no word.
  if (DOUBLE_END.test(stem)) return /^[aeo]..$/.test(stem) ? stem : stem.slice(0, -1);
  return r1 >= stem.length && SHORT_END.test(stem) ? `${stem}e` : stem;
}

function replaceIn(
  word: string,
  endings: readonly (readonly [string, string])[],
  r1: number,
  allowed: (stem: string, ending: string) => boolean,
): string {
  const found = endings.find(([ending]) => word.endsWith(ending));
  if (!found) return word;
  const stem = word.slice(0, -found[0].length);
  return stem.length >= r1 && allowed(stem, found[0]) ? stem + found[1] : word;
}

export function stemEnglish(input: string): string {
  if (input.length <= 2) return input;
  const exception = EXCEPTIONS.get(input);
  if (exception !== undefined) return exception;
  if (UNCHANGED.has(input)) return input;
  // A y that acts as a consonant is written Y until the end.
  let word = input
    .replace(/^'/, '')
    .replace(/^y/, 'Y')
    .replace(/([aeiouy])y/g, '$1Y');
  const [r1, r2] = regions(word);
  word = word.replace(/(?:'s'|'s|')$/, '');
  if (word.endsWith('sses')) word = word.slice(0, -2);
  else if (/ie[ds]$/.test(word)) word = word.slice(0, word.length > 4 ? -2 : -1);
  else if (word.endsWith('s') && !/(?:us|ss)$/.test(word) && /[aeiouy].+s$/.test(word)) {
    word = word.slice(0, -1);
  }
  if (UNCHANGED_AFTER_1A.has(word)) return word;
  word = step1b(word, r1);
  word = word.replace(/(?<=.[^aeiouy])[yY]$/, 'i');
  word = replaceIn(word, STEP_2, r1, (stem, ending) => {
    if (ending === 'ogi') return stem.endsWith('l');
    return ending !== 'li' || /[cdeghkmnrt]$/.test(stem);
  });
  word = replaceIn(word, STEP_3, r1, (stem, ending) => ending !== 'ative' || stem.length >= r2);
  const step4 = STEP_4.exec(word);
  if (step4 && step4.index >= r2 && (step4[0] !== 'ion' || /[st]$/.test(word.slice(0, -3)))) {
    word = word.slice(0, step4.index);
  }
  if (word.endsWith('e')) {
    const stem = word.slice(0, -1);
    if (stem.length >= r2 || (stem.length >= r1 && !SHORT_END.test(stem))) word = stem;
  } else if (word.endsWith('ll') && word.length > r2) {
    word = word.slice(0, -1);
  }
  return word.toLowerCase();
}
