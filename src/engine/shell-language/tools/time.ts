import type { Command } from '../../machine/command.ts';
import { readSignal, statusOfSignal } from '../../machine/signals.ts';
import { Interrupt, join, now, signal, sleep, start, write } from '../../sim/process.ts';
import { statusOf } from '../signals.ts';
import { formatDate, readDate, WORLD_EPOCH_UNIX_MS } from './dates.ts';
import { quoted, readOptions, Tool } from './tool.ts';

/** Tools about time: sleep, date, timeout, watch, time (GNU coreutils 9, procps watch). */
const UNITS: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** Beyond this nobody waits. */
const SLEEP_LIMIT_MS = 1_099_511_627_776;

export function readInterval(text: string): number | undefined {
  if (/^(inf|infinity)$/i.test(text)) return SLEEP_LIMIT_MS;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (!match) return undefined;
  return Math.min(SLEEP_LIMIT_MS, Math.round(Number(match[1]) * UNITS[match[2]!]!));
}

export const sleepTool: Command = function* (line, self) {
  const tool = new Tool(line, self);
  if (tool.args.length === 0) return yield* tool.misuse('missing operand');
  let total = 0;
  for (const arg of tool.args) {
    const ms = readInterval(arg);
    if (ms === undefined) {
      if (/^-[a-z]/.test(arg)) return yield* tool.misuse(`invalid option -- '${arg[1]!}'`);
      if (yield* tool.isBusybox()) return yield* tool.fail(`invalid number '${arg}'`);
      return yield* tool.misuse(`invalid time interval ${quoted(arg)}`);
    }
    total += ms;
  }
  // Nobody knows when an endless sleep ends: it never does.
  for (let left = total; left > 0;) {
    const step = Math.min(left, SLEEP_LIMIT_MS);
    yield* sleep(step);
    if (tool.args.some((arg) => /^inf/i.test(arg))) continue;
    left -= step;
  }
  return 0;
};

export const date: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const args = tool.args.map((arg) =>
    /^-I(seconds|minutes|hours|date)$/.test(arg)
      ? `--iso-8601=${arg.slice(2)}`
      : arg === '-I'
        ? '--iso-8601=date'
        : arg,
  );
  const options = readOptions(args, 'ud:RO:F:r:', {
    long: {
      utc: 'u',
      universal: 'u',
      date: 'd',
      'iso-8601': 'O',
      'rfc-email': 'R',
      'rfc-3339': 'F',
    },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const current = WORLD_EPOCH_UNIX_MS + (yield* now());
  const given = options.value('d');
  const unixMs = given === undefined ? current : readDate(given, current);
  if (unixMs === undefined) return yield* tool.fail(`invalid date ${quoted(given!)}`);
  const [operand] = options.operands;
  if (operand !== undefined && !operand.startsWith('+'))
    return yield* tool.fail(`invalid date ${quoted(operand)}`);
  const iso = options.value('O');
  const isoFormat =
    iso === 'seconds'
      ? '%Y-%m-%dT%H:%M:%S+00:00'
      : iso === 'minutes'
        ? '%Y-%m-%dT%H:%M+00:00'
        : iso === 'hours'
          ? '%Y-%m-%dT%H+00:00'
          : '%F';
  const format =
    operand?.slice(1) ??
    (options.value('F') === 'seconds' || options.value('F') === 'ns'
      ? '%Y-%m-%d %H:%M:%S+00:00'
      : options.has('R')
        ? '%a, %d %b %Y %H:%M:%S +0000'
        : iso === undefined
          ? '%a %b %e %H:%M:%S UTC %Y'
          : isoFormat);
  yield* tool.out(`${formatDate(unixMs, format)}\n`);
  return 0;
};

const execLine = (tool: Tool, argv: readonly string[], style: string) => ({
  ...tool.line,
  argv,
  style,
});

export const timeout: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 's:k:v', {
    inOrder: true,
    long: { signal: 's', 'kill-after': 'k', 'preserve-status': 'P', foreground: 'F', verbose: 'v' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem, 125);
  const [duration, ...argv] = options.operands;
  if (duration === undefined || argv.length === 0)
    return yield* tool.misuse('missing operand', 125);
  const limit = readInterval(duration);
  if (limit === undefined)
    return yield* tool.misuse(`invalid time interval ${quoted(duration)}`, 125);
  const sent = readSignal(options.value('s') ?? 'TERM');
  if (!sent) return yield* tool.misuse(`${quoted(options.value('s')!)}: invalid signal`, 125);
  const killAfter = options.value('k');
  const killMs = killAfter === undefined ? undefined : readInterval(killAfter);
  const pid = yield* start('shell/exec', execLine(tool, argv, 'timeout'), self);
  const guard =
    limit === 0
      ? 0
      : yield* start('shell/alarm', { afterMs: limit, pid: self.pid, signal: 'SIGALRM' });
  let timed = false;
  for (;;) {
    try {
      const status = statusOf(yield* join(pid));
      if (guard !== 0) yield* signal(guard, 'SIGKILL');
      if (!timed) return status;
      if (options.has('P')) return status;
      return status === statusOfSignal('SIGKILL') ? status : 124;
    } catch (fault) {
      if (!(fault instanceof Interrupt)) throw fault;
      if (fault.signal !== 'SIGALRM') {
        yield* signal(pid, fault.signal);
        continue;
      }
      yield* signal(pid, timed ? 'SIGKILL' : sent);
      if (!timed && killMs !== undefined) {
        yield* start('shell/alarm', { afterMs: killMs, pid: self.pid, signal: 'SIGALRM' });
      }
      timed = true;
    }
  }
};

/** Simplified: where there is no screen, each round is printed below the one before. */
export const watch: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'n:dtgexcb', {
    inOrder: true,
    long: { interval: 'n', differences: 'd', 'no-title': 't', chgexit: 'g' },
  });
  if (options.problem !== undefined) {
    yield* tool.fail(`${options.problem}\n\nUsage:\n watch [options] command`);
    return 1;
  }
  if (options.operands.length === 0) {
    yield* write(self.stderr, '\nUsage:\n watch [options] command\n');
    return 1;
  }
  const interval = options.value('n') ?? '2';
  const everyMs = readInterval(interval);
  if (everyMs === undefined) return yield* tool.fail(`failed to parse argument: '${interval}'`);
  const text = options.operands.join(' ');
  const argv = options.has('x') ? options.operands : ['sh', '-c', text];
  const seconds = (Math.max(100, everyMs) / 1000).toFixed(1);
  for (;;) {
    const title = `Every ${seconds}s: ${text}`;
    const stamp = formatDate(WORLD_EPOCH_UNIX_MS + (yield* now()), '%a %b %e %H:%M:%S %Y');
    const host = tool.line.env.HOSTNAME ?? tool.place.split('/')[0]!;
    const head = options.has('t') ? '' : `${title}    ${host}: ${stamp}\n\n`;
    yield* tool.out(head);
    const pid = yield* start('shell/exec', execLine(tool, argv, 'watch'), self);
    yield* join(pid);
    yield* sleep(Math.max(100, everyMs));
  }
};

export const time: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const argv = tool.args.filter((arg) => arg !== '-p');
  if (argv.length === 0) return 0;
  const begun = yield* now();
  const status = statusOf(
    yield* join(yield* start('shell/exec', execLine(tool, argv, 'env'), self)),
  );
  const ms = (yield* now()) - begun;
  yield* write(
    self.stderr,
    `real\t${Math.floor(ms / 60_000)}m ${((ms % 60_000) / 1000).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`,
  );
  return status;
};
