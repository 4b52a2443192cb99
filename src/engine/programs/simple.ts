import type { ProcessPlan, ProcessStep, ProgramModel } from './program.ts';

/** Small programs that do one thing and end: the applets of busybox and coreutils. */
const decoder = new TextDecoder();
const SMALL_BYTES = 500_000;

/**
 * A process that is the first of its container has no default action for signals it does not
 * handle: the kernel drops them (pid_namespaces(7)). Programs that install no handlers ignore all
 * but SIGKILL.
 */
export const UNHANDLED: ProcessPlan['signals'] = {
  SIGTERM: 'ignore',
  SIGINT: 'ignore',
  SIGQUIT: 'ignore',
  SIGHUP: 'ignore',
  SIGUSR1: 'ignore',
};

function ends(code: number, lines: readonly string[] = [], toStderr = false): ProcessPlan {
  const stream = toStderr ? 'stderr' : 'stdout';
  const steps: ProcessStep[] = lines.map((text) => ({ afterMs: 0, do: 'log', stream, text }));
  steps.push({ afterMs: 1, do: 'exit', code });
  return { steps, signals: UNHANDLED, memoryBytes: SMALL_BYTES };
}

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** `1.5`, `10`, `2m`; milliseconds, or undefined. */
export function parseSleep(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  if (!match) return undefined;
  const unit = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as ''];
  return Math.round(Number(match[1]) * unit);
}

/** Beyond this nobody waits; `sleep infinity` never ends. */
const SLEEP_LIMIT_MS = 2 ** 40;

export const SIMPLE: Readonly<Record<string, ProgramModel>> = {
  true: { plan: () => ends(0) },
  false: { plan: () => ends(1) },
  echo: {
    plan({ argv }) {
      const words = argv.slice(1).filter((word, i) => i > 0 || word !== '-n');
      return ends(0, [words.join(' ')]);
    },
  },
  hostname: { usesHostname: true, plan: ({ hostname }) => ends(0, [hostname]) },
  env: {
    plan: ({ env }) =>
      ends(
        0,
        Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ),
  },
  cat: {
    plan({ argv, files }) {
      const lines: string[] = [];
      for (const path of argv.slice(1)) {
        const bytes = files.read(path);
        if (!bytes) return ends(1, [`cat: can't open '${path}': No such file or directory`], true);
        lines.push(...linesOf(decoder.decode(bytes)));
      }
      return ends(0, lines);
    },
  },
  ls: {
    plan({ argv, files }) {
      const path = argv[1] ?? '/';
      const kind = files.kind(path);
      if (kind === undefined) return ends(1, [`ls: ${path}: No such file or directory`], true);
      return ends(0, kind === 'file' ? [path] : files.list(path));
    },
  },
  sleep: {
    plan({ argv }) {
      const text = argv[1];
      if (text === undefined) return ends(1, ['sleep: missing operand'], true);
      if (text === 'infinity' || text === 'inf') {
        return { steps: [], signals: UNHANDLED, memoryBytes: SMALL_BYTES };
      }
      const delayMs = parseSleep(text);
      if (delayMs === undefined) return ends(1, [`sleep: invalid number '${text}'`], true);
      const steps: ProcessStep[] = [
        { afterMs: Math.min(delayMs, SLEEP_LIMIT_MS), do: 'exit', code: 0 },
      ];
      return { steps, signals: UNHANDLED, memoryBytes: SMALL_BYTES };
    },
  },
};

/** A program whose inside is not modelled: it runs until it is told to end. */
export const IDLE: ProgramModel = {
  plan: () => ({
    steps: [],
    signals: { SIGTERM: { exitCode: 143, afterMs: 1 }, SIGINT: { exitCode: 130, afterMs: 1 } },
    memoryBytes: 20_000_000,
  }),
};
