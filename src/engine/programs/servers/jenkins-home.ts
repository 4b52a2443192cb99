import { hashWords } from '../../sim/hash.ts';

/**
 * What Jenkins keeps in its home directory about jobs and builds (jenkinsci/jenkins 2.528
 * `hudson/model/{Job,Run,Node}.java`): `jobs/NAME/config.xml`, `jobs/NAME/builds/N/build.xml`,
 * `nodes/NAME/config.xml`.
 *
 * Simplified: the queue is kept in files as well, one a build that waits, `queue/ID`.
 */
export interface Build {
  readonly job: string;
  readonly number: number;
}

export interface Agent extends Build {
  readonly name: string;
  /** How long its build takes, seconds. */
  readonly seconds: number;
  /** When its build began; undefined while the Pod is awaited. */
  readonly startedMs?: number;
}

export const jobFile = (home: string, job: string): string => `${home}/jobs/${job}/config.xml`;

export const buildFile = (home: string, { job, number }: Build): string =>
  `${home}/jobs/${job}/builds/${number}/build.xml`;

export const agentFile = (home: string, name: string): string => `${home}/nodes/${name}/config.xml`;

/** The queue's files are read in the order of their names. */
export const queueFile = (home: string, { job, number }: Build, id: number): string =>
  `${home}/queue/${String(id).padStart(6, '0')}-${job}-${number}`;

export function queued(name: string): Build | undefined {
  const [, job, number] = /^\d{6}-(.+)-(\d+)$/.exec(name) ?? [];
  return job === undefined ? undefined : { job, number: Number(number) };
}

export const tagOf = (text: string, tag: string): string | undefined =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1];

export const agentText = ({ name, job, number, seconds, startedMs }: Agent): string =>
  `<slave>\n  <name>${name}</name>\n  <job>${job}</job>\n  <build>${number}</build>\n` +
  `  <seconds>${seconds}</seconds>\n` +
  `${startedMs === undefined ? '' : `  <started>${startedMs}</started>\n`}</slave>\n`;

export function readAgent(text: string): Agent {
  const started = tagOf(text, 'started');
  return {
    name: tagOf(text, 'name') ?? '',
    job: tagOf(text, 'job') ?? '',
    number: Number(tagOf(text, 'build')),
    seconds: Number(tagOf(text, 'seconds')),
    ...(started !== undefined && { startedMs: Number(started) }),
  };
}

export const buildText = ({ number }: Build, builtOn: string, result?: string): string =>
  `<build>\n  <number>${number}</number>\n  <builtOn>${builtOn}</builtOn>\n` +
  `${result === undefined ? '' : `  <result>${result}</result>\n`}</build>\n`;

/** Model figure: how long a build takes whose commands do not say. */
const USUAL_SECONDS = 10;

/** How long a job's shell step takes: the seconds it sleeps. Simplified: nothing else is run. */
export function secondsOf(config: string): number {
  const sleeps = [...config.matchAll(/\bsleep (\d{1,5})\b/g)];
  if (sleeps.length === 0) return USUAL_SECONDS;
  return sleeps.reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

const LETTERS = 'bcdfghjklmnpqrstvwxz0123456789';

/** `app-3-x4k2q`, as the Kubernetes plugin calls its agents. */
export function agentName({ job, number }: Build): string {
  let rest = hashWords(['jenkins agent', job, number]) >>> 0;
  let suffix = '';
  for (let i = 0; i < 5; i++) {
    suffix += LETTERS[rest % LETTERS.length] ?? '';
    rest = Math.floor(rest / LETTERS.length);
  }
  return `${job}-${number}-${suffix}`;
}
