import { DAY } from '../../../sim/clock.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { cascadeOf, dryRunOf, saidOf, type DryRun } from '../options.ts';
import { refused, problem, type Problem } from '../problems.ts';
import {
  call,
  changesUntil,
  check,
  fatal,
  now,
  observe,
  print,
  printError,
  TIMED_OUT,
  type Session,
  type Step,
} from '../session.ts';
import { deleteRaw } from './raw.ts';
import { fieldSelectorOf, gather, labelSelectorOf, type Found } from '../targets.ts';

/** `kubectl delete` (staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go, v1.36). */
const A_WEEK_MS = 7 * DAY;

interface DeleteOptions {
  readonly dryRun: DryRun;
  readonly graceSeconds: number;
  readonly ignoreNotFound: boolean;
}

export function* remove(session: Session): Step<number> {
  const { flags } = session;
  if (flags.text('raw') !== '') return yield* deleteRaw(session);
  const propagationPolicy = yield* cascadeOf(session);
  const options = yield* optionsOf(session);
  for (const name of ['selector', 'field-selector']) {
    if (!flags.has('all') || flags.text(name).trim() === '') continue;
    yield* fatal(session, "setting 'all' parameter but found a non empty selector. ");
  }
  const selector = yield* labelSelectorOf(session);
  const fieldSelector = yield* fieldSelectorOf(session);
  const { found, problems } = yield* gather(session, {
    allOnly: flags.has('all'),
    allNamespaces: flags.has('all-namespaces'),
    ...(selector && { selector }),
    ...(fieldSelector && { fieldSelector }),
  });
  yield* checkOptions(session, options);
  const failures: Problem[] = problems.filter((one) => !isIgnored(one, options));
  const gone: [Found, KubeObject][] = [];
  if (flags.has('interactive') && !(yield* confirmed(session, found))) return 0;
  for (const one of found) {
    if (options.dryRun === 'client') {
      yield* say(session, one, options);
      continue;
    }
    const { graceSeconds } = options;
    const answer = yield* call(session, {
      verb: 'delete',
      resource: one.info.resource,
      namespace: one.namespace,
      name: one.name,
      propagationPolicy,
      ...(graceSeconds >= 0 && { gracePeriodSeconds: graceSeconds }),
      ...(options.dryRun === 'server' && { dryRun: true }),
    });
    if (answer.ok) {
      yield* say(session, one, options);
      gone.push([one, answer.value]);
    } else {
      const { source } = one;
      const why = refused(answer.failure, source && 'deleting', source);
      if (!isIgnored(why, options)) failures.push(why);
    }
  }
  yield* check(session, failures);
  if (found.length === 0) yield* print(session, 'No resources found\n');
  if (!flags.has('wait') || options.dryRun !== 'none') return 0;
  yield* waitUntilGone(session, gone);
  return 0;
}

const isIgnored = ({ failure }: Problem, { ignoreNotFound }: DeleteOptions): boolean =>
  ignoreNotFound && failure?.reason === 'NotFound';

function* optionsOf(session: Session): Step<DeleteOptions> {
  const { flags } = session;
  const chosen = ['all', 'selector', 'field-selector'].some((name) => flags.has(name));
  const ignoreNotFound = flags.changed('ignore-not-found') ? flags.has('ignore-not-found') : chosen;
  let graceSeconds = flags.number('grace-period');
  if (flags.has('now')) {
    if (graceSeconds !== -1) {
      yield* fatal(session, '--now and --grace-period cannot be specified together');
    }
    graceSeconds = 1;
  }
  const force = flags.has('force');
  if (graceSeconds === 0 && !force) graceSeconds = 1;
  if (force && graceSeconds < 0) graceSeconds = 0;
  const dryRun = yield* dryRunOf(session);
  return { dryRun, graceSeconds, ignoreNotFound };
}

function* checkOptions(session: Session, { graceSeconds }: DeleteOptions): Step<void> {
  const { flags } = session;
  const output = flags.text('output');
  if (output !== '' && output !== 'name') {
    yield* fatal(session, `unexpected -o output mode: ${output}. We only support '-o name'`);
  }
  if (!flags.has('force')) return;
  if (graceSeconds > 0) {
    const why = '--force and --grace-period greater than 0 cannot be specified together';
    yield* fatal(session, why);
  }
  yield* printError(
    session,
    'Warning: Immediate deletion does not wait for confirmation that the running resource has ' +
      'been terminated. The resource may continue to run on the cluster indefinitely.\n',
  );
}

function* confirmed(session: Session, found: readonly Found[]): Step<boolean> {
  if (found.length === 0) {
    yield* print(session, 'No resources found\n');
    return false;
  }
  yield* print(session, `You are about to delete the following ${found.length} resource(s):\n`);
  for (const one of found) yield* print(session, `${kindWord(one)}/${one.name}\n`);
  yield* print(session, 'Do you want to continue? (y/N): ');
  const answer = yield* session.readLine();
  if (/^y$/i.test(answer.trim())) return true;
  yield* print(session, 'deletion is cancelled\n');
  return false;
}

const kindWord = ({ info }: Found): string => {
  const kind = info.kind.toLowerCase();
  return info.group ? `${kind}.${info.group}` : kind;
};

function* say(session: Session, one: Found, { dryRun, graceSeconds }: DeleteOptions): Step<void> {
  if (session.flags.text('output') === 'name') {
    return yield* print(session, `${kindWord(one)}/${one.name}\n`);
  }
  const done = graceSeconds === 0 ? 'force deleted' : 'deleted';
  const where = one.info.namespaced ? ` from ${one.namespace} namespace` : '';
  const said = saidOf(done + where, dryRun);
  return yield* print(session, `${kindWord(one)} "${one.name}" ${said}\n`);
}

export function* waitUntilGone(
  session: Session,
  gone: readonly (readonly [Found, KubeObject])[],
): Step<void> {
  const limitMs = session.flags.durationMs('timeout') || A_WEEK_MS;
  const endMs = (yield* now()) + limitMs;
  for (const [{ info, namespace, name }, { metadata }] of gone) {
    const { resource, plural, group } = info;
    for (;;) {
      const left = yield* observe(session, { resource, namespace, name });
      if (!left.ok || left.value.object?.metadata.uid !== metadata.uid) break;
      const { resourceVersion } = left.value;
      const asked = { resource, namespace, name, resourceVersion };
      if (yield* changesUntil(session, asked, endMs)) continue;
      const word = group ? `${plural}.${group}` : plural;
      yield* check(session, [problem(`${TIMED_OUT} on ${word}/${name}`)]);
    }
  }
}
