import type { Command } from '../machine/command.ts';
import { burn, handleSignals, holdMemory, ownProcess } from '../machine/processes.ts';
import { now, sleep, write } from '../sim/process.ts';
import { fail } from './tools/console.ts';

/**
 * stress 1.0.4: takes memory and processor time on purpose.
 *
 * Simplified: memory is its own and not its workers', so that a kernel that kills for memory kills
 * it all; `--io` and `--hdd` take no time.
 */
const UNITS: Readonly<Record<string, number>> = { B: 1, K: 1024, M: 1_048_576, G: 1_073_741_824 };
const TIMES: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const NAP_MS = 3_600_000;
const DEFAULT_BYTES = 268_435_456;

function readSize(text: string): number | undefined {
  const match = /^(\d{1,12})([BKMG]?)$/i.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2]!.toUpperCase()] ?? 1) : undefined;
}

const SHORT: Readonly<Record<string, string>> = {
  c: 'cpu',
  i: 'io',
  m: 'vm',
  t: 'timeout',
  d: 'hdd',
  q: 'quiet',
  v: 'verbose',
};
const FLAGS = ['vm-keep', 'quiet', 'verbose'];
const VALUED = ['cpu', 'io', 'vm', 'vm-bytes', 'vm-hang', 'timeout', 'hdd', 'hdd-bytes', 'backoff'];

/** Fills `given` by name; the word that is none of its options. */
function readOptions(argv: readonly string[], given: Record<string, string>): string | undefined {
  for (let at = 1; at < argv.length; at++) {
    const [word = '', value] = argv[at]!.split('=');
    const name = word.startsWith('--') ? word.slice(2) : SHORT[word.slice(1)];
    if (name !== undefined && FLAGS.includes(name)) given[name] = '';
    else if (name !== undefined && VALUED.includes(name)) given[name] = value ?? argv[++at] ?? '';
    else return argv[at];
  }
  return undefined;
}

export const stress: Command = function* ({ machine, argv }, self) {
  const given: Record<string, string> = {};
  const wrong = readOptions(argv, given);
  if (wrong !== undefined)
    return yield* fail(self, `stress: FAIL: [1] (244) unrecognized option: ${wrong}`);
  if (Object.keys(given).length === 0) {
    yield* write(
      self.stdout,
      "`stress' imposes certain types of compute stress on your system\n\nUsage: stress [OPTION [ARG]] ...\n",
    );
    return 0;
  }
  const count = (name: string) => Math.min(Number(given[name] ?? 0) || 0, 1000);
  const [cpu, vm] = [count('cpu'), count('vm')];
  const bytes = readSize(given['vm-bytes'] ?? String(DEFAULT_BYTES));
  if (bytes === undefined)
    return yield* fail(self, `stress: FAIL: [1] (244) invalid size: ${given['vm-bytes']}`);
  const time = /^(\d{1,9})([smhd]?)$/.exec(given.timeout ?? '');
  if (given.timeout !== undefined && !time)
    return yield* fail(self, `stress: FAIL: [1] (244) invalid number: ${given.timeout}`);
  const { pid } = yield* ownProcess(machine);
  yield* write(
    self.stdout,
    `stress: info: [${pid}] dispatching hogs: ${cpu} cpu, ${count('io')} io, ${vm} vm, ${count('hdd')} hdd\n`,
  );
  const startedMs = yield* now();
  const untilMs = time
    ? startedMs + Number(time[1]) * (TIMES[time[2] || 's'] ?? 1) * 1000
    : Infinity;
  yield* handleSignals(machine, ['SIGTERM', 'SIGINT']);
  if (vm > 0) {
    // Pages are touched one after another: a second for what is asked, in ten steps.
    for (let step = 1; step <= 10; step++) {
      yield* holdMemory(machine, Math.round((vm * bytes * step) / 10));
      yield* sleep(100);
    }
  }
  const workers = cpu + vm + count('io') + count('hdd');
  yield* burn(machine, cpu + vm, workers);
  for (let left = untilMs - (yield* now()); left > 0; left = untilMs - (yield* now())) {
    yield* sleep(Math.min(left, NAP_MS));
  }
  yield* burn(machine, 0);
  const seconds = Math.round(((yield* now()) - startedMs) / 1000);
  yield* write(self.stdout, `stress: info: [${pid}] successful run completed in ${seconds}s\n`);
  return 0;
};
