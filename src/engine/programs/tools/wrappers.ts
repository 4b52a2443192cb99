import type { Command } from '../../machine/command.ts';
import { handleSignals } from '../../machine/processes.ts';
import { Interrupt, join, signal, start } from '../../sim/process.ts';
import { statusOfSignal } from '../../machine/signals.ts';
import { fail, readAll, say } from './console.ts';

/** tini 0.19 starts one program, hands it every signal, and ends as it does. */
const HANDED = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
] as const;

export const tini: Command = function* (line, self) {
  const words = line.argv.slice(1);
  while (words[0]?.startsWith('-') && words[0] !== '--') words.shift();
  if (words[0] === '--') words.shift();
  if (words.length === 0)
    return yield* fail(
      self,
      'tini (tini version 0.19.0)\nUsage: tini [OPTIONS] PROGRAM -- [ARGS] | --version',
    );
  yield* handleSignals(line.machine, [...HANDED]);
  const { stdin, stdout, stderr } = self;
  const args = { machine: line.machine, argv: words, env: line.env, cwd: line.cwd };
  const child = yield* start('programs/run', args, { stdin, stdout, stderr });
  for (;;) {
    try {
      const ending = yield* join(child);
      return ending.signal === undefined ? Number(ending.result) : statusOfSignal(ending.signal);
    } catch (fault) {
      if (!(fault instanceof Interrupt)) throw fault;
      yield* signal(child, fault.signal);
    }
  }
};

/** envsubst of gettext: variables of standard input replaced; `--defined` leaves the others. */
export const envsubst: Command = function* (line, self) {
  const text = yield* readAll(self.stdin);
  const [format] = line.argv.slice(1).filter((word) => !word.startsWith('--'));
  const defined = line.argv.includes('--defined');
  const named =
    format === undefined
      ? undefined
      : [...format.matchAll(/\$\{?(\w+)\}?/g)].map((match) => match[1]!);
  const replaced = text.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (whole, braced?: string, plain?: string) => {
      const name = braced ?? plain ?? '';
      const has = Object.hasOwn(line.env, name);
      if ((named && !named.includes(name)) || (defined && !has)) return whole;
      return has ? line.env[name]! : '';
    },
  );
  yield* say(self, replaced);
  return 0;
};
