import { rfc3339 } from '../../sim/clock.ts';
import { infoOf, qualifiedName, typedName } from '../api/resources.ts';
import {
  CHANGE_CAUSE,
  DESIRED_REPLICAS,
  LAST_APPLIED,
  MAX_REPLICAS,
  POD_TEMPLATE_HASH,
  RESTARTED_AT,
  REVISION,
  type Deployment,
  type ReplicaSet,
} from '../api/workloads.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { diffPatch } from '../apimachinery/merge-patch.ts';
import { controllerOf, without, type Labels } from '../apimachinery/object.ts';
import {
  call,
  changesUntil,
  complain,
  list,
  now,
  print,
  refuse,
  TIMED_OUT,
  timeLimit,
  type Session,
  type Step,
} from './session.ts';
import { oneTarget } from './targets.ts';
import { templateLines } from './describe-pod.ts';
import { layOut } from './text-table.ts';

/**
 * `kubectl rollout` (staging/src/k8s.io/kubectl/pkg/cmd/rollout and
 * pkg/polymorphichelpers/{rollout_status,rollback,history,objectrestarter}.go, v1.36).
 */
const DEPLOYMENTS = infoOf('deployments');

/** What a rollback leaves as it is (`annotationsToSkip`). */
const KEPT_ANNOTATIONS = new Set([LAST_APPLIED, REVISION, DESIRED_REPLICAS, MAX_REPLICAS]);

export function* rollout(session: Session): Step<number> {
  const [action, ...words] = session.args.words;
  const actions: Record<string, (session: Session, deployment: Deployment) => Step<number>> = {
    status,
    undo,
    history,
    restart,
    pause,
    resume,
  };
  const run = action === undefined ? undefined : actions[action];
  if (!run) {
    const hint = "See 'kubectl rollout -h' for help and examples";
    return yield* complain(session, `error: unknown command "${action ?? ''}"\n${hint}`);
  }
  const need = 'error: required resource not specified';
  const target = yield* oneTarget(session, words, need);
  if (typeof target === 'number') return target;
  const { info, name } = target;
  const { namespace } = session;
  const found = yield* call(session, { verb: 'get', resource: info.resource, namespace, name });
  if (!found.ok) return yield* refuse(session, found.failure);
  if (info !== DEPLOYMENTS) {
    const what = `${info.resource} "${name}"`;
    return yield* complain(session, `error: ${what} is not supported by rollout ${action ?? ''}`);
  }
  return yield* run(session, found.value as Deployment);
}

/** Where a rollout stands, in words; `failed` when it never will be done. */
export function rolloutStatus(deployment: Deployment): {
  message: string;
  done: boolean;
  failed?: string;
} {
  const { metadata, spec, status } = deployment;
  const { name } = metadata;
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return { message: 'Waiting for deployment spec update to be observed...\n', done: false };
  }
  const condition = status.conditions?.find(({ type }) => type === 'Progressing');
  if (condition?.reason === 'ProgressDeadlineExceeded') {
    const failed = `deployment "${name}" exceeded its progress deadline`;
    return { message: '', done: false, failed };
  }
  const waiting = `Waiting for deployment "${name}" rollout to finish: `;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (updatedReplicas < spec.replicas) {
    const part = `${updatedReplicas} out of ${spec.replicas} new replicas have been updated`;
    return { message: `${waiting}${part}...\n`, done: false };
  }
  if (replicas > updatedReplicas) {
    const part = `${replicas - updatedReplicas} old replicas are pending termination`;
    return { message: `${waiting}${part}...\n`, done: false };
  }
  if (availableReplicas < updatedReplicas) {
    const part = `${availableReplicas} of ${updatedReplicas} updated replicas are available`;
    return { message: `${waiting}${part}...\n`, done: false };
  }
  return { message: `deployment "${name}" successfully rolled out\n`, done: true };
}

function* status(session: Session, first: Deployment): Step<number> {
  const { namespace } = session;
  const { name } = first.metadata;
  let deployment = first;
  let resourceVersion = first.metadata.resourceVersion;
  let said = '';
  const limit = timeLimit(session);
  if (typeof limit === 'string') return yield* complain(session, limit);
  const endMs = limit > 0 ? (yield* now()) + limit : undefined;
  for (;;) {
    const { message, done, failed } = rolloutStatus(deployment);
    if (failed !== undefined) return yield* complain(session, `error: ${failed}`);
    if (message !== said) yield* print(session, message);
    said = message;
    if (done || session.args.flags.get('watch') === 'false') return 0;
    const asked = { resource: 'deployments' as const, namespace, name, resourceVersion };
    const answer = yield* changesUntil(session, asked, endMs);
    if (!answer) return yield* complain(session, `error: ${TIMED_OUT}`);
    if (!answer.ok) return yield* refuse(session, answer.failure);
    const last = answer.value.events.at(-1);
    resourceVersion = answer.value.resourceVersion;
    if (!last) continue;
    if (last.type === 'DELETED') {
      return yield* complain(session, 'error: object has been deleted');
    }
    deployment = last.object as Deployment;
  }
}

/** The Deployment's ReplicaSets by revision, lowest first. */
function* revisions(session: Session, { metadata }: Deployment): Step<[number, ReplicaSet][]> {
  const { namespace } = session;
  const answer = yield* list(session, { resource: 'replicasets', namespace });
  if (!answer.ok) return [];
  const own = (answer.value.items as readonly ReplicaSet[]).filter(
    (set) => controllerOf(set)?.uid === metadata.uid,
  );
  const numbered = own.map((set): [number, ReplicaSet] => [revisionOf(set), set]);
  return numbered.sort(([a], [b]) => a - b);
}

const revisionOf = ({ metadata }: ReplicaSet | Deployment): number =>
  Number(metadata.annotations?.[REVISION] ?? 0);

function* undo(session: Session, deployment: Deployment): Step<number> {
  const { name } = deployment.metadata;
  const wanted = Number(session.args.flags.get('to-revision') ?? 0);
  const said = typedName(DEPLOYMENTS, name);
  if (LAST_APPLIED in (deployment.metadata.annotations ?? {})) {
    yield* complain(session, managedByApply(name));
  }
  if (deployment.spec.paused) {
    const hint = `resume it first with 'kubectl rollout resume' and try again`;
    return yield* complain(session, `error: you cannot rollback a paused deployment; ${hint}`);
  }
  const sets = yield* revisions(session, deployment);
  const chosen = wanted === 0 ? sets.at(-2) : sets.find(([revision]) => revision === wanted);
  if (!chosen) {
    const why =
      wanted === 0
        ? `no rollout history found for deployment "${name}"`
        : `unable to find specified revision ${wanted} in history`;
    return yield* complain(session, `error: ${why}`);
  }
  const [, set] = chosen;
  const template = withoutHash(set.spec.template);
  if (sameValue(template, withoutHash(deployment.spec.template))) {
    const why = `skipped rollback (current template already matches revision ${wanted})`;
    yield* print(session, `${said} ${why}\n`);
    return 0;
  }
  const result = yield* patchDeployment(session, deployment, {
    ...deployment,
    metadata: { ...deployment.metadata, annotations: annotationsOf(deployment, set) },
    spec: { ...deployment.spec, template },
  });
  if (result === 0) yield* print(session, `${said} rolled back\n`);
  return result;
}

const managedByApply = (name: string): string =>
  `Warning: resource deployments/${name} was previously managed with 'kubectl apply'. Rolling ` +
  `back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on ` +
  "future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous " +
  'configuration file instead.';

/** The Deployment's own annotations stay; the others become those of the revision. */
function annotationsOf(deployment: Deployment, set: ReplicaSet): Labels {
  const own = Object.entries(deployment.metadata.annotations ?? {});
  const its = Object.entries(set.metadata.annotations ?? {});
  return Object.fromEntries([
    ...own.filter(([key]) => KEPT_ANNOTATIONS.has(key)),
    ...its.filter(([key]) => !KEPT_ANNOTATIONS.has(key)),
  ]);
}

function withoutHash(template: Deployment['spec']['template']): Deployment['spec']['template'] {
  const labels = without(template.metadata?.labels ?? {}, POD_TEMPLATE_HASH);
  return { ...template, metadata: { ...template.metadata, labels } };
}

function* history(session: Session, deployment: Deployment): Step<number> {
  const sets = yield* revisions(session, deployment);
  const said = typedName(DEPLOYMENTS, deployment.metadata.name);
  const wanted = Number(session.args.flags.get('revision') ?? 0);
  if (wanted < 0) {
    const why = `revision must be a positive integer: ${wanted}`;
    return yield* complain(session, `error: ${why}`);
  }
  if (wanted > 0) {
    const found = sets.find(([revision]) => revision === wanted);
    if (!found) return yield* complain(session, 'error: unable to find the specified revision');
    const lines = templateLines(withChangeCause(found[1]));
    yield* print(session, `${said} with revision #${wanted}\n${lines.join('\n')}\n\n`);
    return 0;
  }
  const rows = sets.map(([revision, { metadata }]) => [
    String(revision),
    metadata.annotations?.[CHANGE_CAUSE] ?? '<none>',
  ]);
  const { text } = layOut([['REVISION', 'CHANGE-CAUSE'], ...rows], undefined, 2, 0);
  yield* print(session, `${said} \n${text}\n`);
  return 0;
}

/** A revision's template with the cause that its ReplicaSet carries. */
function withChangeCause({
  metadata,
  spec: { template },
}: ReplicaSet): ReplicaSet['spec']['template'] {
  const cause = metadata.annotations?.[CHANGE_CAUSE];
  if (!cause) return template;
  const annotations = { ...template.metadata?.annotations, [CHANGE_CAUSE]: cause };
  return { ...template, metadata: { ...template.metadata, annotations } };
}

const pause = (session: Session, deployment: Deployment): Step<number> =>
  setPaused(session, deployment, true);

const resume = (session: Session, deployment: Deployment): Step<number> =>
  setPaused(session, deployment, false);

function* setPaused(session: Session, deployment: Deployment, paused: boolean): Step<number> {
  const { name } = deployment.metadata;
  if ((deployment.spec.paused ?? false) === paused) {
    const why = paused ? 'is already paused' : 'is not paused';
    return yield* complain(session, `error: ${qualifiedName(DEPLOYMENTS)} "${name}" ${why}`);
  }
  const spec = { ...deployment.spec, paused: paused || undefined };
  const result = yield* patchDeployment(session, deployment, { ...deployment, spec });
  const said = `${typedName(DEPLOYMENTS, name)} ${paused ? 'paused' : 'resumed'}`;
  if (result === 0) yield* print(session, `${said}\n`);
  return result;
}

function* restart(session: Session, deployment: Deployment): Step<number> {
  const { template } = deployment.spec;
  const { name } = deployment.metadata;
  if (deployment.spec.paused) {
    const why = "can't restart paused deployment (run rollout resume first)";
    return yield* complain(session, `error: ${qualifiedName(DEPLOYMENTS)} "${name}" ${why}`);
  }
  const annotations = { ...template.metadata?.annotations, [RESTARTED_AT]: rfc3339(yield* now()) };
  const metadata = { ...template.metadata, annotations };
  const next = { ...deployment.spec, template: { ...template, metadata } };
  const result = yield* patchDeployment(session, deployment, { ...deployment, spec: next });
  if (result === 0) yield* print(session, `${typedName(DEPLOYMENTS, name)} restarted\n`);
  return result;
}

/** Sends the difference between two forms of a Deployment. */
export function* patchDeployment(session: Session, from: Deployment, to: Deployment): Step<number> {
  const { namespace } = session;
  const { name } = from.metadata;
  const body = diffPatch(from, to);
  const patched = yield* call(session, {
    verb: 'patch',
    resource: 'deployments',
    namespace,
    name,
    body,
  });
  return patched.ok ? 0 : yield* refuse(session, patched.failure);
}
