import { nginx } from './nginx.ts';
import type {
  FileView,
  ProcessContext,
  ProcessPlan,
  ProgramModel,
  StartFailure,
} from './program.ts';
import { shell } from './sh.ts';
import { IDLE, SIMPLE } from './simple.ts';

const sh = shell((context) => planProgram(context));

/** Which program a process runs, found as the runtime finds it: by its first word and its files. */
const PROGRAMS: Readonly<Record<string, ProgramModel>> = {
  ...SIMPLE,
  nginx,
  sh,
  ash: sh,
  bash: sh,
};

/** Scripts that prepare something and then become the words behind them. */
const WRAPPERS = ['docker-entrypoint.sh'];
const PREPARATION_MS = 40;

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The program that answers for a process, wrappers taken off. */
export function modelOf(argv: readonly string[]): ProgramModel {
  return programNamed(argv[wrappersOf(argv)] ?? '');
}

function programNamed(command: string): ProgramModel {
  const name = baseName(command);
  return (Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined) ?? IDLE;
}

/** How many wrappers stand before the program; the last word is never one. */
function wrappersOf(argv: readonly string[]): number {
  let count = 0;
  while (count < argv.length - 1 && WRAPPERS.includes(baseName(argv[count] ?? ''))) count += 1;
  return count;
}

/** What a process will do, or why it cannot start. */
export function planProgram(context: ProcessContext): ProcessPlan | StartFailure {
  const { argv, env, files } = context;
  const wrappers = wrappersOf(argv);
  for (const command of argv.slice(0, wrappers + 1)) {
    const failure = cannotStart(command, env.PATH ?? DEFAULT_PATH, files);
    if (failure) return failure;
  }
  const plan = programNamed(argv[wrappers] ?? '').plan({ ...context, argv: argv.slice(wrappers) });
  return wrappers === 0 ? plan : after(prepare(argv, wrappers, files), plan);
}

/**
 * What the entrypoint of the nginx image says before nginx takes its place: it goes through
 * `/docker-entrypoint.d`, and only when nginx is what comes (nginx/docker-nginx 1.29
 * `entrypoint/docker-entrypoint.sh`).
 *
 * Simplified: the scripts themselves do and say nothing.
 */
function prepare(argv: readonly string[], wrappers: number, files: FileView): string[] {
  const script = argv[0] ?? '';
  if (argv[wrappers] !== 'nginx' && argv[wrappers] !== 'nginx-debug') return [];
  const place = '/docker-entrypoint.d/';
  const names = files.list('/docker-entrypoint.d');
  if (names.length === 0) return [`${script}: No files found in ${place}, skipping configuration`];
  const steps = names.map((name) => {
    const done = name.endsWith('.envsh')
      ? 'Sourcing'
      : name.endsWith('.sh')
        ? 'Launching'
        : 'Ignoring';
    return `${script}: ${done} ${place}${name}`;
  });
  return [
    `${script}: ${place} is not empty, will attempt to perform configuration`,
    `${script}: Looking for shell scripts in ${place}`,
    ...steps,
    `${script}: Configuration complete; ready for start up`,
  ];
}

/** A plan that begins when the lines have been said. */
function after(lines: readonly string[], plan: ProcessPlan): ProcessPlan {
  const afterMs = PREPARATION_MS;
  const said = lines.map((text) => ({ afterMs, do: 'log', stream: 'stdout', text }) as const);
  const steps = plan.steps.map((step) => ({ ...step, afterMs: step.afterMs + PREPARATION_MS }));
  return { ...plan, steps: [...said, ...steps] };
}

/** runc's words (opencontainers/runc 1.4 `libcontainer/standard_init_linux.go`). */
function cannotStart(command: string, path: string, files: FileView): StartFailure | undefined {
  if (command.includes('/')) {
    const kind = files.kind(command);
    if (kind === 'file') return undefined;
    return kind === 'dir'
      ? { failed: true, exitCode: 126, message: `exec: "${command}": is a directory` }
      : {
          failed: true,
          exitCode: 127,
          message: `exec: "${command}": stat ${command}: no such file or directory`,
        };
  }
  const found = path.split(':').some((place) => files.kind(`${place}/${command}`) === 'file');
  // The applets of the small images are all there, whether or not the catalogue lists them.
  if (found || Object.hasOwn(SIMPLE, command)) return undefined;
  return {
    failed: true,
    exitCode: 127,
    message: `exec: "${command}": executable file not found in $PATH`,
  };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
