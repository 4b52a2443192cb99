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
const PREPARED = [
  '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
  '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
  '/docker-entrypoint.sh: Configuration complete; ready for start up',
];

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The program that answers for a process, wrappers taken off. */
export function modelOf(argv: readonly string[]): ProgramModel {
  const name = baseName(argv[0] ?? '');
  if (WRAPPERS.includes(name) && argv.length > 1) return modelOf(argv.slice(1));
  return PROGRAMS[name] ?? IDLE;
}

/** What a process will do, or why it cannot start. */
export function planProgram(context: ProcessContext): ProcessPlan | StartFailure {
  const [command = ''] = context.argv;
  const failure = cannotStart(command, context.env.PATH ?? DEFAULT_PATH, context.files);
  if (failure) return failure;
  const name = baseName(command);
  if (WRAPPERS.includes(name) && context.argv.length > 1) return planWrapped(context);
  return (PROGRAMS[name] ?? IDLE).plan(context);
}

function planWrapped(context: ProcessContext): ProcessPlan | StartFailure {
  const plan = planProgram({ ...context, argv: context.argv.slice(1) });
  if ('failed' in plan) return plan;
  const prepared = PREPARED.map((text) => ({
    afterMs: PREPARATION_MS,
    do: 'log' as const,
    stream: 'stdout' as const,
    text,
  }));
  const steps = plan.steps.map((step) => ({ ...step, afterMs: step.afterMs + PREPARATION_MS }));
  return { ...plan, steps: [...prepared, ...steps] };
}

/** runc's words (opencontainers/runc 1.3 `libcontainer/standard_init_linux.go`). */
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
  if (found || command in SIMPLE) return undefined;
  return {
    failed: true,
    exitCode: 127,
    message: `exec: "${command}": executable file not found in $PATH`,
  };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
