/** A piece of a sentence; what stands in backquotes is code. */
export interface SentencePiece {
  readonly text: string;
  readonly code: boolean;
}

/** Splits `the image \`nginx\`` at its backquotes. */
export function piecesOf(sentence: string): SentencePiece[] {
  return sentence
    .split('`')
    .map((text, i) => ({ text, code: i % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** As many characters of code as the narrowest column of a table holds on one line. */
const WHOLE_LIMIT = 18;

/**
 * Whether code stays on one line. Browsers break after hyphens, so that of `--replicas` only `--`
 * would stand at the end of a line.
 *
 * @param limit as many characters as a line holds
 */
export function isWhole(code: string, limit = WHOLE_LIMIT): boolean {
  return code.length <= limit && code.includes('-') && !code.includes(' ');
}
