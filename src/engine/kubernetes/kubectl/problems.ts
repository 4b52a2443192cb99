import type { Failure } from '../apimachinery/status.ts';

/** Something that went wrong: words of kubectl's own, or a refusal of the server. */
export interface Problem {
  readonly message: string;
  readonly failure?: Failure;
}

export const problem = (message: string): Problem => ({ message });

/** @param source the file that the object is from, after what was done with it: `creating` */
export function refused(failure: Failure, verb?: string, source?: string): Problem {
  if (verb === undefined || source === undefined) return { message: failure.message, failure };
  const message = `error when ${verb} "${source}": ${failure.message}`;
  return { message, failure: { ...failure, message } };
}

/** As one error of several is printed (kubectl/pkg/cmd/util/helpers.go, v1.36). */
export function lineOf({ message, failure }: Problem): string {
  if (!failure) return message;
  const { reason } = failure;
  if (reason === 'Unauthorized') {
    return `error: You must be logged in to the server (${failure.message})`;
  }
  return reason === ''
    ? `Error from server: ${failure.message}`
    : `Error from server (${reason}): ${failure.message}`;
}

/** What `checkErr` prints before kubectl ends, without the line end. */
export function errorText(problems: readonly Problem[]): string {
  const [first] = problems;
  if (!first) return '';
  if (problems.length > 1) return problems.map((one) => `${lineOf(one)}\n`).join('');
  const { failure } = first;
  if (failure?.reason === 'Invalid') return invalidText(failure);
  if (failure) return lineOf(first);
  return ALONE.test(first.message) ? first.message : `error: ${first.message}`;
}

/** What needs no `error:` in front (`StandardErrorMessage`, kubectl/pkg/cmd/util/helpers.go). */
const ALONE =
  /^(error: |The connection to the server \S+ was refused|Unable to connect to the server: )/;

function invalidText({ message, details }: Failure): string {
  if (!details) return `The request is invalid${message ? `: ${message}` : ''}`;
  const { kind, name, causes = [] } = details;
  const named = kind !== '' || name !== '';
  const said = named ? `The ${kind} "${name}" is invalid` : 'The request is invalid';
  if (causes.length === 0) return named || !message ? said : `${said}: ${message}`;
  const lines = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  return lines.length === 1
    ? `${said}: ${lines.join('')}`
    : `${said}: \n${lines.map((line) => `* ${line}`).join('\n')}`;
}

/**
 * As commands print what is wrong with files that wrap it once more: without a word before, but for
 * paths that are not there.
 */
export const fileErrors = (problems: readonly Problem[]): string =>
  problems.some(({ message }) => message.startsWith('the path'))
    ? errorText(problems)
    : problems.map((one) => lineOf(one)).join('\n');
