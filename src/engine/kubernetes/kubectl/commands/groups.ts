import { goQuote } from '../../../go/quote.ts';
import { commandHelp } from '../help.ts';
import { childOf } from '../resolve.ts';
import { COMMANDS } from '../spec/root.ts';
import type { CommandSpec } from '../spec/command-spec.ts';
import { fatal, misused, print, printError, type Session, type Step } from '../session.ts';

/** Commands that only hold others (`DefaultSubCommandRun`, kubectl/pkg/cmd/util/helpers.go, v1.36). */
function specOf(path: string): CommandSpec {
  let spec: CommandSpec = { short: '', commands: COMMANDS };
  for (const name of path.split(' ')) spec = childOf(spec, name)?.[1] ?? spec;
  return spec;
}

export const helpOf = (path: string): string => commandHelp(`kubectl ${path}`, specOf(path));

export function* group(session: Session): Step<number> {
  const { words } = session;
  if (words.length > 0) yield* misused(session, `unknown command ${goQuote(words.join(' '))}`);
  yield* printError(session, helpOf(session.path));
  return 1;
}

/** As {@link group}, its help on standard output. */
export function* openGroup(session: Session): Step<number> {
  const { words } = session;
  if (words.length > 0) yield* misused(session, `unknown command ${goQuote(words.join(' '))}`);
  yield* print(session, helpOf(session.path));
  return 1;
}

/** A group that prints its help whatever is said to it. */
export function* helpOnly(session: Session): Step<number> {
  yield* print(session, helpOf(session.path));
  return 0;
}

export function* notModelled(session: Session): Step<number> {
  return yield* fatal(session, `kubectl ${session.path} is not modelled here`);
}
