import type { Command } from '../machine/command.ts';
import { all, join, sleep, start, write, type Self } from '../sim/process.ts';
import { EXPERIMENTS, type Experiment, type ExperimentName } from './experiments.ts';
import { noteLast } from './last.ts';
import { BEFORE_MS, MEASURE_PROGRAM, type Measured, type Measuring } from './measure.ts';
import { ONE_APP } from './one-app.ts';
import type { Platform } from './platforms/platform.ts';
import { images, PREPARE_PROGRAM, type Prepared, type Preparing } from './prepare.ts';
import { measuredJson, measuredTable, type Column } from './table.ts';
import { COMPARE_USAGE, readWords, type Asked } from './words.ts';

/**
 * `drydock compare`: one thing is done to the same application on every platform, at the same time,
 * by real commands on the machines of the preset `compare`, while clients ask it for answers. What
 * became of their requests is counted. A platform on which the application is not well says why, and
 * is left out.
 */
export const compare: Command = function* ({ argv }, self) {
  const words = argv.slice(2);
  if (words.length === 0 || ['help', '--help', '-h'].includes(words[0] ?? '')) {
    yield* write(self.stdout, COMPARE_USAGE);
    return 0;
  }
  const asked = readWords(words);
  if (typeof asked === 'string') {
    yield* write(self.stderr, `drydock: ${asked}\n`);
    return 1;
  }
  const trouble = yield* images();
  if (trouble !== undefined) {
    yield* write(self.stderr, `drydock: ${trouble}\n`);
    return 1;
  }
  const taking = yield* prepareAll(asked, self);
  if (asked.experiment === 'up') return taking.length === asked.platforms.length ? 0 : 1;
  if (taking.length === 0) return 1;
  yield* experiment(asked.experiment, asked, taking, self);
  return 0;
};

/** Has the application well on each platform; gives those where it is. */
function* prepareAll({ experiment, platforms, isJson }: Asked, self: Self) {
  const jobs = platforms.map(({ name }) => ({
    program: PREPARE_PROGRAM,
    args: { name, upOnly: experiment === 'up' } satisfies Preparing,
  }));
  const prepared = yield* all<Prepared>(jobs);
  const lines = platforms.flatMap((platform, i) => {
    const { trouble, isNew = false } = prepared[i] ?? {};
    if (trouble !== undefined) return [`${platform.name} is left out: ${trouble}`];
    if (isNew) return [`${platform.name} is up (${workOf(platform).join(', ')})`];
    return experiment === 'up' ? [`${platform.name} is up already`] : [];
  });
  const text = lines.map((line) => `${line}\n`).join('');
  if (text !== '') yield* write(isJson ? self.stderr : self.stdout, text);
  return platforms.filter((_, i) => prepared[i] && prepared[i].trouble === undefined);
}

/** Does it to all of them at once, and tells what was counted. */
function* experiment(
  name: ExperimentName,
  { perSecond, isJson }: Asked,
  taking: readonly Platform[],
  self: Self,
) {
  const { windowMs, effect, path = '/api/visits' }: Experiment = EXPERIMENTS[name];
  const measurings = taking.map(({ acts, ...platform }): Measuring => {
    const { machine, entries, replicas } = platform;
    return {
      platform: { name: platform.name, machine, entries, replicas },
      ...{ act: acts[name], perSecond, windowMs, path, ...(effect && { effect }) },
    };
  });
  const pids: number[] = [];
  for (const args of measurings) {
    yield* noteLast(args.platform.name, name);
    pids.push(yield* start(MEASURE_PROGRAM, args));
  }
  // Who waits for this command sees how long it sleeps, and that it will end.
  yield* sleep(BEFORE_MS + windowMs);
  const columns: Column[] = [];
  for (const [i, platform] of taking.entries()) {
    const measured = (yield* join(pids[i]!)).result as Measured;
    columns.push({ platform: platform.name, measured, yamlLines: yamlLines(platform) });
  }
  yield* write(self.stdout, (isJson ? measuredJson : measuredTable)(name, columns));
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** What it takes to bring the application up: what is typed, and the files. */
function workOf(platform: Platform): string[] {
  const typed = count(platform.up.length, 'command');
  const yaml = yamlLines(platform);
  return yaml === 0 ? [typed] : [typed, `${count(yaml, 'line')} of YAML`];
}

/** How much there is to write and to read, without blank lines and comments. */
function yamlLines({ files }: Platform): number {
  const lines = files.flatMap((file) => (ONE_APP[file] ?? '').split('\n'));
  return lines.filter((line) => !/^\s*(#.*)?$/.test(line)).length;
}
