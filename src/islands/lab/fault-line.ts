import { SUBJECTS } from '../../engine/faults.ts';

/** The form of faults, without its look: what can be chosen, and the line that is then typed. */
export interface FaultChoice {
  readonly subject: string;
  /** One name, or of a link both. */
  readonly names: readonly string[];
  readonly action: string;
  readonly amount: string;
}

export const FAULT_SUBJECTS: readonly string[] = Object.keys(SUBJECTS);

export const namesWanted = (subject: string): number => SUBJECTS[subject]?.names.length ?? 0;

/** What begins a fault, and behind it what ends it. */
export function actionsOf(subject: string): readonly string[] {
  const { actions = {} } = SUBJECTS[subject] ?? {};
  const ends = Object.values(actions).filter((end) => end !== undefined);
  return [...new Set([...Object.keys(actions), ...ends])];
}

/** What an action is told besides, as the usage says: `TIME`. */
export const amountOf = (subject: string, action: string): string | undefined =>
  SUBJECTS[subject]?.amounts?.[action];

/** The line; undefined while something is missing. */
export function faultLineOf({ subject, names, action, amount }: FaultChoice): string | undefined {
  const wanted = namesWanted(subject);
  const said = names.slice(0, wanted).map((name) => name.trim());
  const more = amountOf(subject, action) === undefined ? [] : [amount.trim()];
  const words = [...said, action, ...more];
  if (wanted === 0 || !actionsOf(subject).includes(action)) return undefined;
  // A name is a word: what has spaces would be several.
  if (said.length < wanted || words.some((word) => !/^[\w./:-]+$/.test(word))) return undefined;
  return `drydock fault ${subject} ${words.join(' ')}`;
}
