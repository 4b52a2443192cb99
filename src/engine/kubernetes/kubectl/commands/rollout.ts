import { goQuote } from '../../../go/quote.ts';
import { rfc3339 } from '../../../sim/clock.ts';
import {
  daemonSetRollout,
  deploymentRollout,
  statefulSetRollout,
  type RolloutStatus,
} from '../../api/rollout-status.ts';
import { definitionOfKind } from '../../api/schema/definitions.ts';
import { qualifiedName, type ResourceName } from '../../api/resources.ts';
import {
  CHANGE_CAUSE,
  DESIRED_REPLICAS,
  LAST_APPLIED,
  MAX_REPLICAS,
  POD_TEMPLATE_HASH,
  RESTARTED_AT,
  REVISION,
  type ControllerRevision,
  type DaemonSet,
  type Deployment,
  type ReplicaSet,
  type StatefulSet,
} from '../../api/workloads.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { diffPatch } from '../../apimachinery/merge-patch.ts';
import { controllerOf, without, type KubeObject, type Labels } from '../../apimachinery/object.ts';
import { strategicMergePatch } from '../../api/schema/strategic-merge.ts';
import { templateLines } from '../describe/pod.ts';
import { dryRunOf, saidOf } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { fileErrors, problem, refused, type Problem } from '../problems.ts';
import {
  call,
  changesUntil,
  check,
  complain,
  dieWith,
  fatal,
  list,
  now,
  print,
  observe,
  printError,
  TIMED_OUT,
  type Session,
  type Step,
} from '../session.ts';
import { gather, labelSelectorOf, type Found } from '../targets.ts';
import { layOut } from '../text-table.ts';

/**
 * `kubectl rollout` (staging/src/k8s.io/kubectl/pkg/cmd/rollout and
 * pkg/polymorphichelpers/{rollback,history,objectrestarter}.go, v1.36).
 */
type Template = ReplicaSet['spec']['template'];
type Rolled = KubeObject & {
  readonly spec: { readonly template: Template; readonly paused?: boolean };
};

const ROLLED: readonly ResourceName[] = ['deployments', 'daemonsets', 'statefulsets'];

/** What a rollback leaves as it is (`annotationsToSkip`). */
const KEPT_ANNOTATIONS = new Set([LAST_APPLIED, REVISION, DESIRED_REPLICAS, MAX_REPLICAS]);

interface Chosen {
  readonly found: readonly Found[];
  readonly problems: readonly Problem[];
}

function* chosen(session: Session): Step<Chosen> {
  const { words, flags } = session;
  if (words.length === 0 && flags.all('filename').length === 0 && flags.text('kustomize') === '') {
    yield* fatal(session, 'required resource not specified');
  }
  const selector = yield* labelSelectorOf(session);
  const bare = words.length === 1 && !words[0]!.includes('/');
  return yield* gather(session, {
    fetch: true,
    all: bare && !selector,
    ...(selector && { selector }),
  });
}

const noKind = ({ info }: Found, what: string): Problem =>
  problem(`no ${what} has been implemented for ${info.kind}${info.group ? `.${info.group}` : ''}`);

const noVisitor = ({ info }: Found, what: string): Problem => {
  const why = `no visitor method exists for {${info.group} ${info.kind}}`;
  return problem(`error retrieving ${what} for ${goQuote(info.kind)}, ${why}`);
};

export function* status(session: Session): Step<number> {
  const { flags } = session;
  const revision = flags.number('revision');
  if (revision < 0) yield* fatal(session, `revision must be a positive integer: ${revision}`);
  const { found, problems } = yield* chosen(session);
  yield* check(session, problems);
  for (const one of found) {
    if (!ROLLED.includes(one.info.resource)) {
      yield* check(session, [noKind(one, 'status viewer')]);
    }
    yield* follow(session, one, flags.durationMs('timeout'));
  }
  if (found.length === 0) {
    yield* complain(session, `No resources found in ${session.namespace} namespace.`);
  }
  return 0;
}

function* follow(session: Session, one: Found, limitMs: number): Step<void> {
  const { info, namespace, name } = one;
  const endMs = limitMs > 0 ? (yield* now()) + limitMs : undefined;
  const begun = yield* observe(session, { resource: info.resource, namespace, name });
  if (!begun.ok) return yield* check(session, [refused(begun.failure)]);
  let { object = one.object!, resourceVersion } = begun.value;
  let said = '';
  for (;;) {
    const { message, done, error } = rolloutOf(object, session.flags.number('revision'));
    if (error !== undefined) yield* fatal(session, error);
    if (message !== said) yield* print(session, message);
    said = message;
    if (done || !session.flags.has('watch')) return;
    const asked = { resource: info.resource, namespace, name, resourceVersion };
    const answer = yield* changesUntil(session, asked, endMs);
    if (!answer) return yield* fatal(session, TIMED_OUT);
    if (!answer.ok) return yield* check(session, [refused(answer.failure)]);
    resourceVersion = answer.value.resourceVersion;
    const last = answer.value.events.at(-1);
    if (!last) continue;
    if (last.type === 'DELETED') yield* fatal(session, 'object has been deleted');
    object = last.object;
  }
}

function rolloutOf(object: KubeObject, revision: number): RolloutStatus {
  if (object.kind === 'DaemonSet') return daemonSetRollout(object as DaemonSet);
  if (object.kind === 'StatefulSet') return statefulSetRollout(object as StatefulSet);
  return deploymentRollout(object as Deployment, revision);
}

/** One revision of what is rolled out: its number, its template and why it came. */
interface Revision {
  readonly number: number;
  readonly template: Template;
  readonly cause: string;
  readonly annotations: Labels;
}

/** The revisions that are kept, lowest first. */
function* revisionsOf(session: Session, { info, object, namespace }: Found): Step<Revision[]> {
  const { uid } = object!.metadata;
  const isDeployment = info.resource === 'deployments';
  const resource = isDeployment ? 'replicasets' : 'controllerrevisions';
  const answer = yield* list(session, { resource, namespace });
  if (!answer.ok) {
    yield* check(session, [refused(answer.failure)]);
    return [];
  }
  const own = answer.value.items.filter((one) => controllerOf(one)?.uid === uid);
  const revisions = own.map((one): Revision => {
    const annotations = one.metadata.annotations ?? {};
    const cause = annotations[CHANGE_CAUSE] ?? '';
    if (isDeployment) {
      const number = Number(annotations[REVISION] ?? 0);
      return { number, template: (one as ReplicaSet).spec.template, cause, annotations };
    }
    const { revision, data } = one as ControllerRevision;
    const definition = definitionOfKind(object!.apiVersion, object!.kind);
    const merged = strategicMergePatch(definition, object, data);
    const { spec } = ('value' in merged ? merged.value : object) as Rolled;
    return { number: revision, template: spec.template, cause, annotations };
  });
  return revisions.sort((a, b) => a.number - b.number);
}

function withoutHash(template: Template): Template {
  const labels = without(template.metadata?.labels ?? {}, POD_TEMPLATE_HASH);
  return { ...template, metadata: { ...template.metadata, labels } };
}

export function* history(session: Session): Step<number> {
  const { flags } = session;
  const wanted = flags.number('revision');
  const { found, problems } = yield* chosenWithRevision(session, wanted);
  const failures: Problem[] = [...problems];
  for (const one of found) {
    if (!ROLLED.includes(one.info.resource)) {
      failures.push(noVisitor(one, 'history'));
      continue;
    }
    const revisions = yield* revisionsOf(session, one);
    const text = historyText(revisions, wanted);
    if (typeof text !== 'string') {
      failures.push(text);
      continue;
    }
    const word = qualifiedWord(one);
    const which = wanted > 0 ? `with revision #${wanted}` : '';
    yield* print(session, `${word} ${which}\n${text}\n`);
  }
  yield* check(session, failures);
  return 0;
}

function* chosenWithRevision(session: Session, wanted: number): Step<Chosen> {
  if (session.words.length === 0 && session.flags.all('filename').length === 0) {
    yield* fatal(session, 'required resource not specified');
  }
  if (wanted < 0) yield* fatal(session, `revision must be a positive integer: ${wanted}`);
  return yield* chosen(session);
}

const qualifiedWord = ({ info, name }: Found): string =>
  info.group ? `${info.singular}.${info.group}/${name}` : `${info.singular}/${name}`;

function historyText(revisions: readonly Revision[], wanted: number): string | Problem {
  if (revisions.length === 0) return 'No rollout history found.';
  if (wanted === 0) {
    const rows = revisions.map(({ number, cause }) => [String(number), cause || '<none>']);
    return layOut([['REVISION', 'CHANGE-CAUSE'], ...rows], undefined, 2, 0).text;
  }
  const found = revisions.find(({ number }) => number === wanted);
  if (!found) return problem('unable to find the specified revision');
  const { template, cause } = found;
  const annotations = { ...template.metadata?.annotations, [CHANGE_CAUSE]: cause };
  const shown = cause ? { ...template, metadata: { ...template.metadata, annotations } } : template;
  return `${templateLines(shown).join('\n')}\n`;
}

export function* undo(session: Session): Step<number> {
  const dryRun = yield* dryRunOf(session);
  const printer = yield* choosePrinter(session);
  const output = new Output(session, printer);
  const wanted = session.flags.number('to-revision');
  const { found, problems } = yield* chosen(session);
  const failures: Problem[] = [...problems];
  for (const one of found) {
    if (LAST_APPLIED in (one.object!.metadata.annotations ?? {})) {
      yield* printError(session, managedByApply(one));
    }
    if (!ROLLED.includes(one.info.resource)) {
      failures.push(noVisitor(one, 'rollbacker'));
      continue;
    }
    const result = yield* rollBack(session, one, wanted, dryRun);
    if (typeof result !== 'string') failures.push(result);
    else yield* output.object(one.object!, saidOf(result, dryRun));
  }
  yield* check(session, failures);
  return 0;
}

const managedByApply = ({ info, name }: Found): string =>
  `Warning: resource ${info.plural}/${name} was previously managed with 'kubectl apply'. Rolling ` +
  `back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on ` +
  "future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous " +
  'configuration file instead.\n';

/** What was done, in words; or why nothing was. */
function* rollBack(
  session: Session,
  one: Found,
  wanted: number,
  dryRun: 'none' | 'client' | 'server',
): Step<string | Problem> {
  const object = one.object as Rolled;
  const isDeployment = one.info.resource === 'deployments';
  const notFound = problem(`unable to find specified revision ${wanted} in history`);
  if (wanted < 0) return notFound;
  const revisions = yield* revisionsOf(session, one);
  if (wanted === 0 && revisions.length <= 1) {
    return problem(
      isDeployment
        ? `no rollout history found for deployment "${one.name}"`
        : 'no last revision to roll back to',
    );
  }
  const target = wanted === 0 ? revisions.at(-2) : revisions.find((r) => r.number === wanted);
  if (!target) return notFound;
  if (dryRun === 'client') return `Pod Template:\n${templateLines(target.template).join('\n')}`;
  if (object.spec.paused) {
    return problem(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    );
  }
  const template = withoutHash(target.template);
  if (sameValue(template, withoutHash(object.spec.template))) {
    return `skipped rollback (current template already matches revision ${wanted})`;
  }
  const annotations = isDeployment ? annotationsAfter(object, target) : object.metadata.annotations;
  const next = {
    ...object,
    metadata: { ...object.metadata, annotations },
    spec: { ...object.spec, template },
  };
  const answer = yield* write(session, one, next, dryRun === 'server');
  if (!answer.ok) {
    return problem(`failed restoring revision ${wanted}: ${answer.failure.message}`);
  }
  return 'rolled back';
}

/** The object's own annotations of some kinds stay; the others become those of the revision. */
function annotationsAfter({ metadata }: Rolled, { annotations }: Revision): Labels {
  const own = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries([
    ...own.filter(([key]) => KEPT_ANNOTATIONS.has(key)),
    ...Object.entries(annotations).filter(([key]) => !KEPT_ANNOTATIONS.has(key)),
  ]);
}

function* write(
  session: Session,
  { info, namespace, name, object }: Found,
  next: KubeObject,
  isDryRun = false,
) {
  return yield* call(session, {
    verb: 'patch',
    patchType: 'merge',
    resource: info.resource,
    namespace,
    name,
    body: diffPatch(object, next),
    fieldManager: session.flags.text('field-manager') || 'kubectl-rollout',
    ...(isDryRun && { dryRun: true }),
  });
}

/** What a change of the object comes to, and what is said of it. */
interface Change {
  readonly said: string;
  /** The object changed; or why not, behind its name. */
  readonly change: (object: Rolled, nowMs: number) => KubeObject | string;
  readonly resources: readonly ResourceName[];
  readonly unsupported: string;
}

function* changeAll(session: Session, how: Change): Step<number> {
  const { found, problems } = yield* chosen(session);
  const output = new Output(session, yield* choosePrinter(session));
  const isFile = session.flags.all('filename').length > 0;
  if (isFile && found.length === 0 && problems.length > 0) {
    yield* dieWith(session, fileErrors(problems));
  }
  const failures: Problem[] = [...problems];
  for (const one of found) {
    const { info, name, object } = one;
    const what = `error: ${qualifiedName(info)} "${name}" `;
    if (!how.resources.includes(info.resource)) {
      failures.push(problem(what + how.unsupported));
      continue;
    }
    const next = how.change(object as Rolled, yield* now());
    if (typeof next === 'string') {
      failures.push(problem(what + next));
      continue;
    }
    const body = diffPatch(object, next);
    if (Object.keys(body).length === 0) {
      failures.push(
        problem(
          `failed to create patch for ${name}: if restart has already been triggered within the ` +
            'past second, please wait before attempting to trigger another',
        ),
      );
      continue;
    }
    const answer = yield* write(session, one, next);
    if (answer.ok) yield* output.object(answer.value, how.said);
    else failures.push(problem(`failed to patch: ${answer.failure.message}`));
  }
  if (found.length === 0 && failures.length === 0) {
    yield* complain(session, `No resources found in ${session.namespace} namespace.`);
  }
  yield* check(session, failures);
  return 0;
}

const setPaused = (paused: boolean): Change => ({
  said: paused ? 'paused' : 'resumed',
  resources: ['deployments'],
  unsupported: paused ? 'pausing is not supported' : 'resuming is not supported',
  change: (object) => {
    if ((object.spec.paused ?? false) === paused)
      return paused ? 'is already paused' : 'is not paused';
    return { ...object, spec: { ...object.spec, paused: paused || undefined } } as KubeObject;
  },
});

export const pause = (session: Session): Step<number> => changeAll(session, setPaused(true));
export const resume = (session: Session): Step<number> => changeAll(session, setPaused(false));

export const restart = (session: Session): Step<number> =>
  changeAll(session, {
    said: 'restarted',
    resources: ROLLED,
    unsupported: 'restarting is not supported',
    change: (object, nowMs) => {
      if (object.spec.paused) return "can't restart paused deployment (run rollout resume first)";
      const { template } = object.spec;
      const annotations = { ...template.metadata?.annotations, [RESTARTED_AT]: rfc3339(nowMs) };
      const metadata = { ...template.metadata, annotations };
      return {
        ...object,
        spec: { ...object.spec, template: { ...template, metadata } },
      } as KubeObject;
    },
  });
