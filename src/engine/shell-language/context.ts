import type { Piece } from './fields.ts';
import { ExpansionFault, type Shell, type Step, type Streams } from './state.ts';
import type { Script } from './syntax.ts';

/** What an expansion has to do with: the shell it is part of, and where errors go. */
export interface Context {
  readonly shell: Shell;
  readonly io: Streams;
  /** Runs the commands of `$(…)` and gives what they print. */
  readonly substitute: (body: Script) => Step<string>;
  /** Runs the commands of `<(`…`)` and gives the file with what they print. */
  readonly processFile: (body: Script) => Step<string>;
}

export function* fail(context: Context, message: string, fatal = true): Step<never> {
  yield* context.shell.complain(context.io, message);
  throw new ExpansionFault(message, fatal);
}

/** `$@` and `$*`, within quotes and without. */
export function allPositional(
  shell: Shell,
  name: string,
  quoted: boolean,
  values = shell.positional,
): Piece[] {
  if (quoted && name === '*') {
    const separator = (shell.get('IFS') ?? ' ').slice(0, 1);
    return [{ text: values.join(separator), quoted, split: false }];
  }
  return values.flatMap((text, i): Piece[] => {
    const piece = { text, quoted, split: !quoted };
    return i === 0 ? [piece] : ['break', piece];
  });
}
