/** What could stand in the place of a word. */
export interface Candidate {
  readonly text: string;
  /** What it is, in a few words. */
  readonly note?: string;
}

export const named = (names: Iterable<string>): Candidate[] => [...names].map((text) => ({ text }));

/** Those behind a beginning that stays: `pod/`, `--namespace=`, `a,b,`. */
export const behind = (start: string, candidates: readonly Candidate[]): Candidate[] =>
  candidates.map(({ text, ...rest }) => ({ ...rest, text: start + text }));
