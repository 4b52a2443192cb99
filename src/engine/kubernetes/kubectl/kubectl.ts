import type { Command } from '../../machine/command.ts';
import { write } from '../../sim/process.ts';
import { parseArguments } from './arguments.ts';
import { apply } from './apply.ts';
import { remove, scale, set } from './change.ts';
import { describe } from './describe.ts';
import { get } from './get.ts';
import { helpText } from './help.ts';
import { rollout } from './rollout.ts';
import type { Session, Step } from './session.ts';

/**
 * kubectl: a program on a machine that asks the API server and prints what it answers, with the
 * words and exit codes of the real one (staging/src/k8s.io/kubectl, v1.36).
 */
const COMMANDS: Readonly<Record<string, (session: Session) => Step<number>>> = {
  apply,
  get,
  describe,
  rollout,
  set,
  scale,
  delete: remove,
};

const HELP = new Set(['help', '--help', '-h']);

export const kubectl: Command = function* (line, self) {
  const [, name, ...rest] = line.argv;
  if (name === undefined || HELP.has(name)) {
    yield* write(self.stdout, helpText());
    return 0;
  }
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!run) {
    yield* write(self.stderr, `error: unknown command "${name}" for "kubectl"\n`);
    return 1;
  }
  const args = parseArguments(rest, `kubectl ${name}`);
  if (args.error !== undefined) {
    yield* write(self.stderr, `${args.error}\n`);
    return 1;
  }
  const namespace = args.flags.get('namespace') ?? 'default';
  return yield* run({ self, line, args, namespace });
};
