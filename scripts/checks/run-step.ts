/** Running one step of `npm test`: its npm script, in a process group of its own, with a limit. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countPlaywright, countVitest, judgeCounts, type Counts } from './counts.ts';
import type { Step } from './steps.ts';

const LIMIT_MS = 20 * 60_000;

export interface StepResult {
  counts: Counts;
  /** What the step wrote, shown when it failed. */
  output: string;
}

interface Ended {
  ok: boolean;
  output: string;
}

/** What ends each group that runs, when `npm test` itself is ended. */
const running = new Set<() => void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const stop of running) stop();
    process.exit(130);
  });
}

/** Runs a program to its end; a whole group, so that nothing it started outlives it. */
function runGroup(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return new Promise<Ended>((resolve) => {
    const posix = process.platform !== 'win32';
    const child = spawn(program, args, {
      env,
      detached: posix,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    const keep = (chunk: Buffer) => chunks.push(chunk);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stop = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(posix ? -child.pid : child.pid, 'SIGTERM');
      } catch {
        // The group has ended in the meantime.
      }
    };
    running.add(stop);
    const limit = setTimeout(() => {
      chunks.push(Buffer.from(`\nStopped: it ran longer than ${LIMIT_MS / 60_000} minutes.\n`));
      stop();
    }, LIMIT_MS);
    const end = (ok: boolean, extra = '') => {
      clearTimeout(limit);
      running.delete(stop);
      resolve({ ok, output: Buffer.concat(chunks).toString('utf8') + extra });
    };
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code) => end(code === 0));
  });
}

function npmCommand(args: readonly string[]): [string, string[]] {
  const npm = process.env.npm_execpath;
  return npm === undefined ? ['npm', [...args]] : [process.execPath, [npm, ...args]];
}

function readCounts(step: Step, report: string): Counts | undefined {
  if (!existsSync(report)) return undefined;
  try {
    const data: unknown = JSON.parse(readFileSync(report, 'utf8'));
    if (step.counts === 'vitest') return countVitest(data as Parameters<typeof countVitest>[0]);
    return countPlaywright(data as Parameters<typeof countPlaywright>[0]);
  } catch {
    return undefined;
  }
}

/**
 * Runs a step.
 *
 * @param reports a folder for the reports that tests write
 */
export async function runStep(step: Step, reports: string): Promise<StepResult> {
  const report = join(reports, `${step.script.replace(':', '-')}.json`);
  const extra = {
    one: [],
    vitest: ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    playwright: ['--reporter=list,json'],
  }[step.counts];
  const [program, args] = npmCommand(['run', '-s', step.script, '--', ...extra]);
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report, NO_COLOR: '1' };
  const { ok, output } = await runGroup(program, args, env);
  if (step.counts === 'one') {
    return { counts: { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }, output };
  }
  return { counts: judgeCounts(readCounts(step, report), ok), output };
}
