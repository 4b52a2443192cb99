import { parseRfc3339 } from '../../../sim/clock.ts';
import { goQuote } from '../../../go/quote.ts';
import { Interrupt, join, open, read, start, close } from '../../../sim/process.ts';
import type { NodeChunk, NodeFailure } from '../../api/node-requests.ts';
import type { Pod } from '../../api/pod.ts';
import type { Result } from '../../apimachinery/status.ts';
import { containerOf, containersOf, objectNamed, podsOf } from '../pods.ts';
import { refused, type Problem } from '../problems.ts';
import {
  beginRequest,
  check,
  complain,
  dieWith,
  fatal,
  list,
  misused,
  now,
  print,
  printError,
  type Session,
  type Step,
} from '../session.ts';
import { runningTimeoutOf } from '../options.ts';
import { labelSelectorOf } from '../targets.ts';

/** `kubectl logs` (staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go, v1.36). */
const USAGE =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required " +
  'argument for the logs command';
const SELECTOR_TAIL = 10;

interface Source {
  readonly pod: Pod;
  readonly container: string;
}

interface LogOptions {
  readonly previous: boolean;
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceMs?: number;
}

export function* logs(session: Session): Step<number> {
  const { flags, words } = session;
  const selector = flags.text('selector');
  if (words.length > 2 || (words.length === 0 && selector === '')) yield* misused(session, USAGE);
  if (words.length === 1 && selector !== '') {
    yield* misused(session, 'only a selector (-l) or a POD name is allowed');
  }
  yield* runningTimeoutOf(session);
  const options = yield* optionsOf(session);
  const pods = yield* podsNamed(session);
  yield* checkOptions(session);
  const sources: Source[] = [];
  const wanted = flags.text('container') || (words[1] ?? '');
  for (const pod of pods) {
    if (flags.has('all-containers')) {
      for (const container of containersOf(pod).all) sources.push({ pod, container });
    } else {
      const container = yield* containerOf(session, pod, wanted, flags.has('all-pods'));
      sources.push({ pod, container });
    }
  }
  const most = flags.number('max-log-requests');
  if (options.follow && sources.length > 1 && sources.length > most) {
    yield* fatal(
      session,
      `you are attempting to follow ${sources.length} log streams, but maximum allowed ` +
        `concurrency is ${most}, use --max-log-requests to increase the limit`,
    );
  }
  if (options.follow) yield* followAll(session, sources, options);
  else for (const source of sources) yield* consume(session, source, options);
  return 0;
}

const LAYOUT: readonly (readonly [string, RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^(0[1-9]|1[0-2])/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d(\.\d+)?/],
];

/** The part of the layout that a time does not follow, and what stands there (Go's `time.Parse`). */
function misread(text: string): readonly [string, string] {
  let rest = text;
  for (const [element, form] of LAYOUT) {
    const found = form.exec(rest);
    if (!found) return [element, rest];
    rest = rest.slice(found[0].length);
  }
  return ['Z07:00', rest];
}

function* optionsOf(session: Session): Step<LogOptions> {
  const { flags } = session;
  const sinceTime = flags.text('since-time');
  const nowMs = yield* now();
  let sinceMs: number | undefined;
  if (sinceTime !== '') {
    sinceMs = parseRfc3339(sinceTime);
    if (sinceMs === undefined || Number.isNaN(sinceMs)) {
      const layout = '2006-01-02T15:04:05Z07:00';
      const [element, part] = misread(sinceTime);
      const why = `cannot parse ${goQuote(part)} as ${goQuote(element)}`;
      yield* fatal(session, `parsing time ${goQuote(sinceTime)} as "${layout}": ${why}`);
    }
  }
  const since = flags.durationMs('since');
  if (since !== 0) sinceMs = nowMs - Math.round(since / 1000) * 1000;
  const bySelector = flags.text('selector') !== '' && !flags.changed('tail');
  const tail = bySelector ? SELECTOR_TAIL : flags.number('tail');
  const limitBytes = flags.number('limit-bytes');
  return {
    previous: flags.has('previous'),
    follow: flags.has('follow'),
    timestamps: flags.has('timestamps'),
    ...(tail !== -1 && { tailLines: tail }),
    ...(limitBytes !== 0 && { limitBytes }),
    ...(sinceMs !== undefined && { sinceMs }),
  };
}

function* podsNamed(session: Session): Step<Pod[]> {
  const { flags, words } = session;
  if (flags.text('selector') !== '') {
    const labelSelector = yield* labelSelectorOf(session, ['pods']);
    const { namespace } = session;
    const answer = yield* list(session, { resource: 'pods', namespace, labelSelector });
    if (!answer.ok) {
      yield* check(session, [refused(answer.failure)]);
      return [];
    }
    if (answer.value.items.length === 0) {
      yield* complain(session, `No resources found in ${namespace} namespace.`);
    }
    return [...answer.value.items] as Pod[];
  }
  const word = words[0] ?? '';
  const found = yield* podOrDie(session, word);
  const pods = yield* podsOf(session, found);
  if (found.kind === 'Pod' || flags.has('all-pods')) return pods;
  const [first] = pods;
  if (!first) return yield* fatal(session, 'timed out waiting for the condition');
  if (pods.length > 1) {
    yield* printError(session, `Found ${pods.length} pods, using pod/${first.metadata.name}\n`);
  }
  return [first];
}

/** What is missing is told with its namespace, by this command alone. */
function* podOrDie(session: Session, word: string): Step<NonNullable<Pod>> {
  const found = yield* objectNamed(session, word, true);
  return found.object as Pod;
}

function* checkOptions(session: Session): Step<void> {
  const { flags, words } = session;
  const container = flags.text('container') || (words[1] ?? '');
  const refusals: readonly (readonly [boolean, string])[] = [
    [
      flags.text('since-time') !== '' && flags.durationMs('since') !== 0,
      'at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    [
      flags.has('all-containers') && container !== '',
      `--all-containers=true should not be specified with container name ${container}`,
    ],
    [
      flags.changed('container') && words.length === 2,
      'only one of -c or an inline [CONTAINER] arg is allowed',
    ],
    [flags.number('limit-bytes') < 0, '--limit-bytes must be greater than 0'],
    [flags.durationMs('since') < 0, '--since must be greater than 0'],
    [flags.number('tail') < -1, '--tail must be greater than or equal to -1'],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
}

/** One log under way. */
interface Reading extends Source {
  readonly stream: number;
  readonly pid: number;
}

function* begin(session: Session, source: Source, options: LogOptions): Step<Reading> {
  const stream = yield* open();
  const { pod, container } = source;
  const { namespace, name } = pod.metadata;
  const asked = {
    verb: 'get' as const,
    resource: 'pods' as const,
    subresource: 'log' as const,
    namespace,
    name,
    body: { ...options, container, stream },
  };
  const args = yield* beginRequest(session, asked, stream);
  const pid = yield* start('kubectl/request', args);
  return { ...source, stream, pid };
}

type LogEnding = Result<unknown> | NodeFailure;

function problemOf(ending: LogEnding | undefined): Problem | undefined {
  if (!ending || ending.ok) return undefined;
  if ('failure' in ending) return refused(ending.failure);
  return refused({ reason: 'InternalError', code: ending.code, message: ending.message });
}

function* consume(session: Session, source: Source, options: LogOptions): Step<void> {
  const reading = yield* begin(session, source, options);
  const problem = yield* copy(session, reading);
  if (!problem) return;
  if (session.flags.has('ignore-errors')) {
    yield* print(session, `error: ${problem.message}\n`);
    return;
  }
  yield* check(session, [problem]);
}

function* copy(session: Session, reading: Reading): Step<Problem | undefined> {
  const writer = new LineWriter(session, reading);
  try {
    for (;;) {
      const chunks = yield* read<NodeChunk>(reading.stream);
      if (!chunks) break;
      for (const { text } of chunks) yield* writer.write(text);
    }
  } catch (error) {
    if (error instanceof Interrupt) yield* close(reading.stream);
    throw error;
  }
  yield* writer.end();
  const ending = yield* join(reading.pid);
  return problemOf(ending.result as LogEnding | undefined);
}

/**
 * Follows several logs at once. Each is read in turn by a program of its own, which ends with it.
 */
function* followAll(session: Session, sources: readonly Source[], options: LogOptions): Step<void> {
  if (sources.length === 1) {
    const problem = yield* copy(session, yield* begin(session, sources[0]!, options));
    if (problem) yield* dieWith(session, problem.message);
    return;
  }
  const merged = yield* open();
  for (const source of sources) {
    const { stream, pid } = yield* begin(session, source, options);
    const { name } = source.pod.metadata;
    const prefix = prefixOf(session, source);
    yield* start('kubectl/relay', { from: stream, to: merged, pid, prefix, name });
  }
  let left = sources.length;
  while (left > 0) {
    const chunks = yield* read<string | null>(merged);
    if (!chunks) return;
    for (const chunk of chunks) {
      if (chunk === null) left -= 1;
      else yield* print(session, chunk);
    }
  }
}

const prefixOf = ({ flags }: Session, { pod, container }: Source): string =>
  flags.has('prefix') || flags.has('all-pods') ? `[pod/${pod.metadata.name}/${container}] ` : '';

/** Puts the source before each line, when that is asked for. */
class LineWriter {
  readonly #session: Session;
  readonly #prefix: string;
  #rest = '';

  constructor(session: Session, source: Source) {
    this.#session = session;
    this.#prefix = prefixOf(session, source);
  }

  *write(text: string): Step<void> {
    if (this.#prefix === '') return yield* print(this.#session, text);
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return yield* print(this.#session, lines.map((line) => `${this.#prefix}${line}\n`).join(''));
  }

  *end(): Step<void> {
    if (this.#rest !== '') yield* print(this.#session, this.#prefix + this.#rest);
  }
}
