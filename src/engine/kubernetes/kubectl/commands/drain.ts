import { goQuote } from '../../../go/quote.ts';
import type { Node } from '../../api/cluster-objects.ts';
import type { Pod } from '../../api/pod.ts';
import { controllerOf } from '../../apimachinery/object.ts';
import { goDuration } from '../../apimachinery/duration.ts';
import { readSelector } from '../../apimachinery/selector-syntax.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { parseRfc3339 } from '../../../sim/clock.ts';
import { dryRunOf, saidOf, type DryRun } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { lineOf, problem, refused, type Problem } from '../problems.ts';
import {
  call,
  check,
  fail,
  fatal,
  list,
  misused,
  now,
  print,
  printError,
  sleepFor,
  type Session,
  type Step,
} from '../session.ts';

import { gather, labelSelectorOf, type Found } from '../targets.ts';

/**
 * `kubectl cordon`, `uncordon` and `drain` (staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go,
 * pkg/drain/{drain,filters}.go, v1.36).
 */
const RETRY_MS = 5000;
const POLL_MS = 1000;

export const cordon = (session: Session): Step<number> => mark(session, true);
export const uncordon = (session: Session): Step<number> => mark(session, false);

function* nodesOf(session: Session): Step<readonly Found[]> {
  const { flags, words, path } = session;
  const selector = flags.text('selector');
  if (words.length === 0 && selector === '') {
    yield* misused(session, `USAGE: ${path} NODE [flags]`);
  }
  if (words.length > 0 && selector !== '') {
    yield* misused(session, 'cannot specify both a node name and a --selector option');
  }
  const chosen = yield* labelSelectorOf(session, ['nodes']);
  const { found, problems } = yield* gather(session, {
    words: chosen ? ['nodes'] : words.flatMap((word, i) => (i === 0 ? ['nodes', word] : [word])),
    fetch: true,
    ...(chosen && { selector: chosen }),
  });
  yield* check(session, problems);
  return found;
}

function* mark(session: Session, desired: boolean): Step<number> {
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  for (const node of yield* nodesOf(session))
    yield* markOne(session, node, desired, dryRun, output);
  return 0;
}

function* markOne(
  session: Session,
  { name, object }: Found,
  desired: boolean,
  dryRun: DryRun,
  output: Output,
): Step<void> {
  const word = desired ? 'cordoned' : 'uncordoned';
  const node = object as Node;
  if ((node.spec.unschedulable ?? false) === desired) {
    return yield* output.object(node, saidOf(`already ${word}`, dryRun));
  }
  if (dryRun !== 'client') {
    const answer = yield* call(session, {
      verb: 'patch',
      patchType: 'merge',
      resource: 'nodes',
      name,
      body: { spec: { unschedulable: desired || null } },
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (!answer.ok) {
      const what = `unable to ${desired ? 'cordon' : 'uncordon'} node ${goQuote(name)}`;
      return yield* printError(session, `error: ${what}: ${answer.failure.message}\n`);
    }
  }
  return yield* output.object(node, saidOf(word, dryRun));
}

export function* drain(session: Session): Step<number> {
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  const selector = readSelector(session.flags.text('pod-selector'));
  if ('error' in selector) {
    const must = 'must be a valid label selector';
    yield* fatal(session, `--pod-selector=<pod_selector> ${must}`);
  }
  const nodes = yield* nodesOf(session);
  for (const node of nodes) yield* markOne(session, node, true, dryRun, output);
  const failures: Problem[] = [];
  const remaining: string[] = [];
  for (const { name, object } of nodes) {
    const problems = yield* drainNode(session, name, dryRun);
    if (problems.length === 0) {
      yield* output.object(object!, saidOf('drained', dryRun));
      continue;
    }
    const shown = aggregate(problems);
    const what = `error: unable to drain node ${goQuote(name)} due to error: ${shown}`;
    yield* printError(session, `${what}, continuing command...\n`);
    failures.push(...problems);
    remaining.push(name);
  }
  if (remaining.length > 0) {
    const lines = remaining.map((name) => ` ${name}\n`).join('');
    yield* printError(session, `There are pending nodes to be drained:\n${lines}`);
  }
  yield* check(session, failures);
  return 0;
}

/** Several errors as Go shows them in one: `[a, b]`. */
const aggregate = (problems: readonly Problem[]): string =>
  problems.length === 1
    ? problems[0]!.message
    : `[${problems.map(({ message }) => message).join(', ')}]`;

interface Sorted {
  readonly pods: readonly Pod[];
  readonly warnings: string;
  readonly problems: readonly Problem[];
}

function* drainNode(session: Session, name: string, dryRun: DryRun): Step<readonly Problem[]> {
  const sorted = yield* podsToGo(session, name);
  if (sorted.problems.length > 0) return sorted.problems;
  if (sorted.warnings !== '') yield* printError(session, `Warning: ${sorted.warnings}\n`);
  if (dryRun === 'client') {
    for (const { metadata } of sorted.pods) {
      yield* print(session, `evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`);
    }
    return [];
  }
  const problems = yield* session.flags.has('disable-eviction')
    ? deleteAll(session, sorted.pods)
    : evictAll(session, sorted.pods, dryRun);
  if (problems.length === 0) return [];
  const left = yield* podsToGo(session, name);
  if (left.pods.length > 0) {
    const what = `There are pending pods in node ${goQuote(name)} when an error occurred`;
    const lines = left.pods.map(({ metadata }) => `pod/${metadata.name}\n`).join('');
    yield* printError(session, `${what}: ${aggregate(problems)}\n${lines}`);
  }
  return problems;
}

const DAEMON_WARNING = 'ignoring DaemonSet-managed Pods';
const DAEMON_FATAL = 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)';
const STORAGE_WARNING = 'deleting Pods with local storage';
const STORAGE_FATAL = 'Pods with local storage (use --delete-emptydir-data to override)';
const UNMANAGED_WARNING = 'deleting Pods that declare no controller';
const UNMANAGED_FATAL = 'cannot delete Pods that declare no controller (use --force to override)';

interface Verdict {
  readonly goes: boolean;
  readonly warning?: string;
  readonly error?: string;
}

const OKAY: Verdict = { goes: true };

/** What becomes of each Pod of a node. */
function* podsToGo(session: Session, node: string): Step<Sorted> {
  const { flags } = session;
  const selector = readSelector(flags.text('pod-selector'));
  const fieldSelector = [{ field: 'spec.nodeName', operator: '=' as const, value: node }];
  const answer = yield* list(session, { resource: 'pods', namespace: '', fieldSelector });
  if (!answer.ok) return { pods: [], warnings: '', problems: [refused(answer.failure)] };
  const pods: Pod[] = [];
  const warnings = new Map<string, string[]>();
  const errors = new Map<string, string[]>();
  const note = (map: Map<string, string[]>, why: string, { metadata }: Pod): void => {
    map.set(why, [...(map.get(why) ?? []), `${metadata.namespace}/${metadata.name}`]);
  };
  const nowMs = yield* now();
  for (const pod of answer.value.items as readonly Pod[]) {
    if (!('error' in selector) && !selectorMatches(selector, pod.metadata.labels)) continue;
    const { goes, warning, error } = yield* verdictOf(session, pod, nowMs);
    if (goes) pods.push(pod);
    if (warning !== undefined) note(warnings, warning, pod);
    if (error !== undefined) note(errors, error, pod);
  }
  const told = [...warnings].map(([why, names]) => `${why}: ${names.join(', ')}`);
  const problems = [...errors].map(([why, names]) =>
    problem(`cannot delete ${why}: ${names.join(', ')}`),
  );
  return { pods, warnings: told.join('; '), problems };
}

function* verdictOf(session: Session, pod: Pod, nowMs: number): Step<Verdict> {
  const { flags } = session;
  const { metadata, spec, status } = pod;
  const skipSeconds = flags.number('skip-wait-for-delete-timeout');
  if (skipSeconds > 0 && isLongGone(pod, skipSeconds, nowMs)) return { goes: false };
  const finished = status.phase === 'Succeeded' || status.phase === 'Failed';
  const owner = controllerOf(pod);
  let verdict = OKAY;
  if (owner?.kind === 'DaemonSet' && !finished) {
    const place = {
      resource: 'daemonsets' as const,
      namespace: metadata.namespace,
      name: owner.name,
    };
    const set = yield* call(session, { verb: 'get', ...place });
    if (!set.ok) {
      const why = set.failure.message;
      if (set.failure.reason !== 'NotFound' || !flags.has('force'))
        return { goes: false, error: why };
      verdict = { goes: true, warning: why };
    } else if (!flags.has('ignore-daemonsets')) return { goes: false, error: DAEMON_FATAL };
    else return { goes: false, warning: DAEMON_WARNING };
  }
  if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return { goes: false };
  const local = (spec.volumes ?? []).some((volume) => volume.emptyDir !== undefined);
  if (local && !finished) {
    if (!flags.has('delete-emptydir-data')) return { goes: false, error: STORAGE_FATAL };
    verdict = { goes: true, warning: STORAGE_WARNING };
  } else verdict = OKAY;
  // The last filter decides what is said of a Pod that goes.
  if (finished || owner) return OKAY;
  if (!flags.has('force')) return { goes: false, error: UNMANAGED_FATAL };
  return { ...verdict, goes: true, warning: UNMANAGED_WARNING };
}

function isLongGone({ metadata }: Pod, seconds: number, nowMs: number): boolean {
  const { deletionTimestamp } = metadata;
  if (deletionTimestamp === undefined) return false;
  return nowMs - (parseRfc3339(deletionTimestamp) ?? nowMs) > seconds * 1000;
}

interface Leaving {
  pod: Pod;
  evicted: boolean;
  nextMs: number;
}

/** All Pods leave at the same time; one that a budget holds back is asked again in 5 s. */
function* evictAll(session: Session, pods: readonly Pod[], dryRun: DryRun): Step<Problem[]> {
  const problems: Problem[] = [];
  const limitMs = session.flags.durationMs('timeout');
  const beganMs = yield* now();
  let leaving: Leaving[] = pods.map((pod) => ({ pod, evicted: false, nextMs: beganMs }));
  while (leaving.length > 0) {
    const nextMs = Math.min(...leaving.map((one) => one.nextMs));
    const nowMs = yield* now();
    if (nextMs > nowMs) yield* sleepFor(nextMs - nowMs);
    const timeMs = yield* now();
    const out = limitMs > 0 && timeMs - beganMs >= limitMs;
    const left: Leaving[] = [];
    for (const one of leaving) {
      if (one.nextMs > timeMs && !out) {
        left.push(one);
        continue;
      }
      const result = one.evicted
        ? yield* isGone(session, one, out)
        : yield* evictOne(session, one, dryRun, out ? limitMs : undefined);
      if (result === 'wait') left.push(one);
      else if (result !== 'gone') problems.push(result);
    }
    leaving = left;
  }
  return problems;
}

type Outcome = 'gone' | 'wait' | Problem;

function* evictOne(
  session: Session,
  one: Leaving,
  dryRun: DryRun,
  limitMs: number | undefined,
): Step<Outcome> {
  const { namespace = '', name } = one.pod.metadata;
  yield* print(session, `${saidOf(`evicting pod ${namespace}/${name}`, dryRun)}\n`);
  const what = `error when evicting pods/${goQuote(name)} -n ${goQuote(namespace)}`;
  if (limitMs !== undefined) {
    return problem(`${what}: global timeout reached: ${goDuration(limitMs)}`);
  }
  const grace = session.flags.number('grace-period');
  const deleteOptions = grace >= 0 ? { gracePeriodSeconds: grace } : {};
  const answer = yield* call(session, {
    verb: 'create',
    resource: 'pods',
    subresource: 'eviction',
    namespace,
    name,
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions,
    },
    ...(dryRun === 'server' && { dryRun: true }),
  });
  if (!answer.ok) {
    const { reason, message } = answer.failure;
    if (reason === 'NotFound') return 'gone';
    if (reason !== 'TooManyRequests') return problem(`${what}: ${message}`);
    yield* printError(session, `${what} (will retry after 5s): ${message}\n`);
    one.nextMs = (yield* now()) + RETRY_MS;
    return 'wait';
  }
  if (dryRun === 'server') return 'gone';
  one.evicted = true;
  one.nextMs = yield* now();
  return 'wait';
}

function* isGone(session: Session, one: Leaving, out: boolean): Step<Outcome> {
  const { namespace = '', name, uid } = one.pod.metadata;
  const answer = yield* call(session, { verb: 'get', resource: 'pods', namespace, name });
  const gone = answer.ok ? answer.value.metadata.uid !== uid : answer.failure.reason === 'NotFound';
  if (gone) {
    yield* print(session, `pod/${name} evicted\n`);
    return 'gone';
  }
  const what = `error when waiting for pod ${goQuote(name)} in namespace ${goQuote(namespace)} to terminate`;
  if (!answer.ok) return problem(`${what}: ${lineOf(refused(answer.failure))}`);
  if (out)
    return problem(
      `${what}: global timeout reached: ${goDuration(session.flags.durationMs('timeout'))}`,
    );
  one.nextMs = (yield* now()) + POLL_MS;
  return 'wait';
}

function* deleteAll(session: Session, pods: readonly Pod[]): Step<Problem[]> {
  const grace = session.flags.number('grace-period');
  for (const { metadata } of pods) {
    const { namespace, name } = metadata;
    const answer = yield* call(session, {
      verb: 'delete',
      resource: 'pods',
      namespace,
      name,
      ...(grace >= 0 && { gracePeriodSeconds: grace }),
    });
    if (!answer.ok && answer.failure.reason !== 'NotFound') {
      return yield* fail(session, answer.failure);
    }
  }
  const limitMs = session.flags.durationMs('timeout');
  const endMs = limitMs > 0 ? (yield* now()) + limitMs : Infinity;
  let left = [...pods];
  while (left.length > 0) {
    const still: Pod[] = [];
    for (const pod of left) {
      const { namespace, name, uid } = pod.metadata;
      const answer = yield* call(session, { verb: 'get', resource: 'pods', namespace, name });
      if (answer.ok && answer.value.metadata.uid === uid) still.push(pod);
      else yield* print(session, `pod/${name} deleted\n`);
    }
    left = still;
    if (left.length === 0) break;
    if ((yield* now()) >= endMs) return [problem('context deadline exceeded')];
    yield* sleepFor(POLL_MS);
  }
  return [];
}
