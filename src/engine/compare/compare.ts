import type { Command } from '../machine/command.ts';
import type { Kernel } from '../sim/kernel.ts';
import { all, join, sleep, start, write, type Program } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import { Clients } from './clients.ts';
import {
  BEFORE_MS,
  look,
  LOOK_PROGRAM,
  measure,
  MEASURE_PROGRAM,
  troubleOf,
  WORKSTATION,
  type Measured,
  type Measuring,
} from './measure.ts';
import { ONE_APP } from './one-app.ts';
import {
  EXPERIMENTS,
  IMAGES,
  isExperiment,
  PLATFORMS,
  type Experiment,
  type ExperimentName,
  type Platform,
} from './platforms.ts';
import { measuredTable } from './table.ts';
import { typing, TYPING_PROGRAM, type Typed, type Typing } from './typing.ts';

/**
 * `drydock compare`: one thing is done to the same application on every platform, at the same time,
 * by real commands on the machines of the preset `compare`, while clients ask it for answers. What
 * became of their requests is counted. A platform on which the application cannot be brought up says
 * why, and is left out.
 */
export const COMPARE_USAGE = `Usage: drydock compare EXPERIMENT [--on PLATFORM,…] [--rate N]

  up                  builds the images and brings the application up, as every experiment does first
${Object.entries(EXPERIMENTS)
  .map(([name, { what }]) => `  ${name.padEnd(18)}  ${what}`)
  .join('\n')}

Platforms: ${PLATFORMS.map(({ name }) => name).join(', ')}. N is requests a second, 1 to 20; 5 by itself.
`;

const RATE = 5;
const RATE_LIMIT = 20;
const UP_PROGRAM = 'compare/up';
/** Looks for the application so often, a second apart. */
const LOOKS = 120;

interface Asked {
  readonly experiment: ExperimentName | 'up';
  readonly platforms: readonly Platform[];
  readonly perSecond: number;
}

/** What the words ask for, or what is wrong with them. */
function readWords(words: readonly string[]): Asked | string {
  const [experiment = '', ...options] = words;
  if (experiment !== 'up' && !isExperiment(experiment)) {
    return `there is no experiment "${experiment}"; see drydock compare`;
  }
  let platforms = PLATFORMS;
  let perSecond = RATE;
  for (let at = 0; at < options.length; at += 2) {
    const [option = '', value = ''] = options.slice(at, at + 2);
    if (option === '--on') {
      const names = value.split(',');
      const unknown = names.find((name) => !PLATFORMS.some((one) => one.name === name));
      if (unknown !== undefined) return `there is no platform "${unknown}"`;
      platforms = PLATFORMS.filter(({ name }) => names.includes(name));
    } else if (option === '--rate') {
      perSecond = Number(value);
      if (!/^\d{1,2}$/.test(value) || perSecond < 1 || perSecond > RATE_LIMIT) {
        return `--rate wants 1 to ${RATE_LIMIT} requests a second`;
      }
    } else return `there is no option "${option}"; see drydock compare`;
  }
  return { experiment, platforms, perSecond };
}

function* typed(machine: string, lines: readonly string[]) {
  const [outcome] = yield* all<Typed>([
    { program: TYPING_PROGRAM, args: { machine, lines } satisfies Typing },
  ]);
  return outcome;
}

const looks = ({ entries: [entry] }: Platform): string =>
  `curl -sf -m 2 -o /dev/null http://${entry?.machine}:${entry?.port}/api/visits`;

/** Brings the application up where it is not; gives why it could not, or an empty text. */
const up: Program<{ readonly name: string }, string> = function* ({ name }) {
  const platform = PLATFORMS.find((one) => one.name === name)!;
  const isThere = function* () {
    return (yield* typed(WORKSTATION, [looks(platform)]))?.exitCode === 0;
  };
  if (yield* isThere()) return '';
  const trouble = troubleOf(yield* typed(platform.machine, platform.up));
  if (trouble !== undefined) return trouble;
  for (let i = 0; i < LOOKS; i++) {
    if (yield* isThere()) return '';
    yield* sleep(1000);
  }
  return `it does not answer ${LOOKS} seconds after: ${platform.up.at(-1) ?? ''}`;
};

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
  const { experiment, platforms, perSecond } = asked;
  const there = yield* typed(WORKSTATION, ['docker image inspect -f x ' + LAST_IMAGE]);
  const built = there?.exitCode === 0 ? undefined : yield* typed(WORKSTATION, IMAGES);
  const trouble = troubleOf(built);
  if (trouble !== undefined) {
    yield* write(self.stderr, `drydock: ${trouble}\n`);
    return 1;
  }
  const jobs = platforms.map(({ name }) => ({ program: UP_PROGRAM, args: { name } }));
  const troubles = yield* all<string>(jobs);
  for (const [i, { name, up: lines, files }] of platforms.entries()) {
    const work = [count(lines.length, 'command'), ...yamlOf(files)].join(', ');
    const why = troubles[i] ?? '';
    const how = why === '' ? `is up (${work})` : `is not up: ${why}`;
    yield* write(self.stdout, `${name} ${how}\n`);
  }
  const taking = platforms.filter((_, i) => troubles[i] === '');
  if (experiment === 'up' || taking.length === 0) return taking.length === 0 ? 1 : 0;
  const { windowMs, effect, path = '/api/visits' }: Experiment = EXPERIMENTS[experiment];
  const measurings = taking.map(({ name, machine, entries, replicas, acts }): Measuring => ({
    platform: { name, machine, entries, replicas },
    ...{ act: acts[experiment], perSecond, windowMs, path, ...(effect && { effect }) },
  }));
  const pids: number[] = [];
  for (const args of measurings) pids.push(yield* start(MEASURE_PROGRAM, args));
  // Who waits for this command sees how long it sleeps, and that it will end.
  yield* sleep(BEFORE_MS + windowMs);
  const results: Measured[] = [];
  for (const pid of pids) results.push((yield* join(pid)).result as Measured);
  yield* write(self.stdout, measuredTable(experiment, taking, results));
  return 0;
};

const LAST_IMAGE = 'registry.local:5000/bookshelf-api:2.0';

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** How much there is to write and to read, without blank lines and comments. */
function yamlOf(files: readonly string[]): string[] {
  const lines = files.flatMap((file) => (ONE_APP[file] ?? '').split('\n'));
  const written = lines.filter((line) => !/^\s*(#.*)?$/.test(line));
  return files.length === 0 ? [] : [`${count(written.length, 'line')} of YAML`];
}

/** Gives a world what `drydock compare` needs. */
export function addCompare(
  kernel: Kernel,
  rooms: ConstructorParameters<typeof Clients>[1] & { readonly processes: Processes },
): void {
  const { processes } = rooms;
  new Clients(kernel, rooms);
  processes.program(TYPING_PROGRAM, typing as Program);
  processes.program(UP_PROGRAM, up as Program);
  processes.program(MEASURE_PROGRAM, measure as Program);
  processes.program(LOOK_PROGRAM, look as Program);
}
