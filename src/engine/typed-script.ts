import type { Session } from './session.ts';
import { isIncomplete } from './shell-language/parser.ts';
import { travelOf } from './travel.ts';

/**
 * A script that travels through time (`drydock undo`, `drydock at`) cannot be one running program,
 * which would be taken back with the rest. It is typed at the prompt, command by command.
 */
export const travels = (text: string): boolean =>
  text.split('\n').some((line) => travelOf(line) !== undefined);

/** Types a script; what is printed is handed to `show`. @returns the last exit code */
export function typeScript(session: Session, text: string, show: (text: string) => void): number {
  let exitCode = 0;
  let whole = '';
  for (const line of text.split('\n')) {
    whole = whole === '' ? line : `${whole}\n${line}`;
    if (whole.trim() === '' || isIncomplete(whole)) continue;
    const outcome = session.type(whole);
    show(outcome.printed);
    exitCode = outcome.exitCode;
    // Before the first line was typed there is no shell either.
    if (session.hasLeft && !travelOf(whole)) return exitCode;
    whole = '';
  }
  if (whole.trim() === '') return exitCode;
  const outcome = session.type(whole);
  show(outcome.printed);
  return outcome.exitCode;
}
