/** Hangul as sequences of letters: initial consonants, spelling distance, the two-set keyboard. */

const INITIALS = Array.from('ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ');
const VOWELS = Array.from('ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ');
const FINALS = ['', ...Array.from('ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ')];
const FIRST = 0xac00;
const LAST = 0xd7a3;

export function hasHangul(text: string): boolean {
  return /[가-힣ㄱ-ㅣ]/.test(text);
}

/** Only initial consonants (ㅋㅌㅇㄴ): what a hurried reader types. */
export function isInitials(text: string): boolean {
  return /^[ㄱ-ㅎ]{2,}$/.test(text);
}

/** `컨테이너` gives `ㅋㅌㅇㄴ`; what is not a syllable stays. */
export function initialsOf(text: string): string {
  return [...text]
    .map((one) => {
      const point = one.charCodeAt(0);
      if (point < FIRST || point > LAST) return one;
      return INITIALS[Math.floor((point - FIRST) / 588)]!;
    })
    .join('');
}

/** `쿠` gives `ㅋㅜ`: the letters in order, for comparing spellings. */
export function lettersOf(text: string): string {
  return [...text]
    .map((one) => {
      const point = one.charCodeAt(0) - FIRST;
      if (point < 0 || point > LAST - FIRST) return one;
      const final = FINALS[point % 28]!;
      return INITIALS[Math.floor(point / 588)]! + VOWELS[Math.floor(point / 28) % 21]! + final;
    })
    .join('');
}

const KEYS = new Map<string, string>([
  ...pair('rRseEfaqQtTdwWczxvg', INITIALS),
  ...pair('koiOjpuPhynbml', Array.from('ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ')),
]);
const VOWEL_PAIRS = new Map(
  ['ㅗㅏㅘ', 'ㅗㅐㅙ', 'ㅗㅣㅚ', 'ㅜㅓㅝ', 'ㅜㅔㅞ', 'ㅜㅣㅟ', 'ㅡㅣㅢ'].map(triple),
);
const FINAL_PAIRS = new Map(
  [
    ...['ㄱㅅㄳ', 'ㄴㅈㄵ', 'ㄴㅎㄶ', 'ㄹㄱㄺ', 'ㄹㅁㄻ', 'ㄹㅂㄼ', 'ㄹㅅㄽ', 'ㄹㅌㄾ', 'ㄹㅍㄿ'],
    ...['ㄹㅎㅀ', 'ㅂㅅㅄ'],
  ].map(triple),
);

function pair(keys: string, letters: readonly string[]): [string, string][] {
  return [...keys].map((key, index) => [key, letters[index]!]);
}

function triple(text: string): [string, string] {
  return [text.slice(0, 2), text.slice(2)];
}

/**
 * What the keys would have written on the two-set Korean layout: `zjsxpdlsj` gives `컨테이너`.
 * Returns undefined when the keys do not spell whole syllables.
 */
export function fromLatinKeys(keys: string): string | undefined {
  const letters = [...keys].map((key) => KEYS.get(key) ?? KEYS.get(key.toLowerCase()));
  if (letters.some((letter) => letter === undefined)) return undefined;
  let syllables = '';
  let at = 0;
  const isVowel = (index: number) => VOWELS.includes(letters[index] ?? '');
  const isConsonant = (index: number) => letters[index] !== undefined && !isVowel(index);
  while (at < letters.length) {
    if (!isConsonant(at) || !isVowel(at + 1)) return undefined;
    const initial = letters[at]!;
    let vowel = letters[at + 1]!;
    at += 2;
    const joined = VOWEL_PAIRS.get(vowel + (letters[at] ?? ''));
    if (joined) {
      vowel = joined;
      at += 1;
    }
    let final = '';
    // A consonant before a vowel opens the next syllable.
    if (isConsonant(at) && !isVowel(at + 1) && FINALS.includes(letters[at]!)) {
      final = letters[at]!;
      at += 1;
      const cluster = FINAL_PAIRS.get(final + (letters[at] ?? ''));
      if (cluster && isConsonant(at) && !isVowel(at + 1)) {
        final = cluster;
        at += 1;
      }
    }
    syllables += compose(initial, vowel, final);
  }
  return syllables;
}

function compose(initial: string, vowel: string, final: string): string {
  const index =
    INITIALS.indexOf(initial) * 588 + VOWELS.indexOf(vowel) * 28 + FINALS.indexOf(final);
  return String.fromCharCode(FIRST + index);
}

/** Edits (insert, delete, replace, swap of neighbours) between two texts, `limit + 1` when more. */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      next.push(cost);
    }
    before = row;
    row = next;
    if (Math.min(...row) > limit) return limit + 1;
  }
  return row[other.length]!;
}
