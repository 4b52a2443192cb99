import { SHELL_PROGRAM } from '../shell-language/launch.ts';
import { statusOf } from '../shell-language/signals.ts';
import { all, join, open, read, start, type Program } from '../sim/process.ts';

/** Types lines at a machine, in the application's folder, each when the one before has ended. */
export interface Typing {
  readonly machine: string;
  readonly lines: readonly string[];
}

export interface Typed {
  /** What the last line that ran printed. */
  readonly printed: string;
  /** The line that failed, and with what; the ones after it were not typed. */
  readonly failed?: string;
  readonly exitCode: number;
}

/** Where a person sits who has none of the platforms' machines. */
export const WORKSTATION = 'workstation';
/** The application's, on every machine. */
const FOLDER = '/root/bookshelf';

export const TYPING_PROGRAM = 'compare/typing';

export const typing: Program<Typing, Typed> = function* ({ machine, lines }) {
  let printed = '';
  for (const line of lines) {
    const output = yield* open();
    const env = { HOME: '/root', USER: 'root', HOSTNAME: machine, TERM: 'dumb' };
    const io = { stdin: 0, stdout: output, stderr: output, closes: [output] };
    const argv = ['bash', '-c', line];
    const pid = yield* start(SHELL_PROGRAM, { machine, argv, env, cwd: FOLDER }, io);
    const chunks: string[] = [];
    for (;;) {
      const more = yield* read<string>(output);
      if (!more) break;
      chunks.push(...more);
    }
    printed = chunks.join('');
    const exitCode = statusOf(yield* join(pid));
    if (exitCode !== 0) return { printed, failed: line, exitCode };
  }
  return { printed, exitCode: 0 };
};

/** For programs: types lines at a machine and waits; undefined when it was ended before they were. */
export function* typed(machine: string, lines: readonly string[]) {
  const [outcome] = yield* all<Typed>([
    { program: TYPING_PROGRAM, args: { machine, lines } satisfies Typing },
  ]);
  return outcome;
}

const LINE_LENGTH = 72;

/** The line that failed and what it said, in one line; undefined where none did. */
export function troubleOf(typed: Typed | undefined): string | undefined {
  if (typed?.failed === undefined) return undefined;
  const { failed, printed, exitCode } = typed;
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => /^error\b/i.test(line)) ?? lines.at(-1);
  const isLong = failed.length > LINE_LENGTH;
  const line = isLong ? `${failed.slice(0, LINE_LENGTH).trimEnd()} …` : failed;
  return `${line}: ${said?.trim() ?? `exit status ${exitCode}`}`;
}
