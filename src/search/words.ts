/** How text is cut into words, the same way for queries, headings and terms. */
import { stemEnglish } from './english-stem.ts';
import { hasHangul } from './hangul.ts';

/** Lower case, composed, without marks around words. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/**
 * Words of a text: cut at space and at marks between letters (kube-proxy, app/web), and where
 * Hangul meets another script (ECR에, 100개). Dots within numbers and versions vanish, as in the
 * index (v1.36 is v136).
 */
export function wordsOf(text: string): string[] {
  return fold(text)
    .replace(/(?<=\d)\.(?=\d)/g, '')
    .replace(/'/g, '')
    .split(/[^\p{L}\p{N}]+|(?<=[가-힣])(?=[^가-힣])|(?<=[^가-힣])(?=[가-힣])/u)
    .filter((word) => word !== '');
}

/** The form under which a word is compared: Hangul as it is, Latin by its stem. */
export function keyOf(word: string): string {
  return hasHangul(word) ? word : stemEnglish(word);
}

/** Spaces are optional in Korean: `롤링 업데이트` and `롤링업데이트` have one squeezed form. */
export function squeeze(words: readonly string[]): string {
  return words.map(keyOf).join('');
}
