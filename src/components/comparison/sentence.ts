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
