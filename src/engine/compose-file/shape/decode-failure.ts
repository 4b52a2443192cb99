import { ComposeError, fail } from '../failure.ts';

/**
 * A value that its place does not take, as mapstructure v2 says it: after the schema has been
 * satisfied only what the schema does not know is left, such as how a duration is written.
 */
export function failAt<T>(at: string, problem: string | (() => T)): T {
  if (typeof problem === 'string') return fail(decodingMessage(at, problem));
  try {
    return problem();
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return fail(decodingMessage(at, error.message));
  }
}

const decodingMessage = (at: string, problem: string): string =>
  `decoding failed due to the following error(s):\n\n'${at}' ${problem}`;
