import { rfc3339 } from '../../sim/clock.ts';
import { infoOf, typedName } from '../api/resources.ts';
import {
  CHANGE_CAUSE,
  POD_TEMPLATE_HASH,
  RESTARTED_AT,
  REVISION,
  type Deployment,
  type ReplicaSet,
} from '../api/workloads.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { diffPatch } from '../apimachinery/merge-patch.ts';
import { controllerOf, without } from '../apimachinery/object.ts';
import {
  call,
  changes,
  complain,
  list,
  now,
  print,
  refuse,
  type Session,
  type Step,
} from './session.ts';
import { oneTarget } from './targets.ts';
import { layOut } from './text-table.ts';

/**
 * `kubectl rollout` (staging/src/k8s.io/kubectl/pkg/cmd/rollout and
 * pkg/polymorphichelpers/{rollout_status,rollback,history,objectrestarter}.go, v1.36).
 */
const DEPLOYMENTS = infoOf('deployments');

export function* rollout(session: Session): Step<number> {
  const [action, ...words] = session.args.words;
  const actions: Record<string, (session: Session, deployment: Deployment) => Step<number>> = {
    status,
    undo,
    history,
    restart,
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
  for (;;) {
    const { message, done, failed } = rolloutStatus(deployment);
    if (failed !== undefined) return yield* complain(session, `error: ${failed}`);
    if (message !== said) yield* print(session, message);
    said = message;
    if (done) return 0;
    const asked = { resource: 'deployments' as const, namespace, name, resourceVersion };
    const answer = yield* changes(session, asked);
    if (!answer.ok) return yield* refuse(session, answer.failure);
    const last = answer.value.events.at(-1);
    resourceVersion = answer.value.resourceVersion;
    if (!last) continue;
    if (last.type === 'DELETED') {
      return yield* complain(session, `error: object has been deleted`);
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
  const [revision, set] = chosen;
  const template = withoutHash(set.spec.template);
  if (sameValue(template, withoutHash(deployment.spec.template))) {
    const why = `skipped rollback (current template already matches revision ${revision})`;
    yield* print(session, `${said} ${why}\n`);
    return 0;
  }
  const result = yield* patchDeployment(session, deployment, {
    ...deployment,
    spec: { ...deployment.spec, template },
  });
  if (result === 0) yield* print(session, `${said} rolled back\n`);
  return result;
}

function withoutHash(template: Deployment['spec']['template']): Deployment['spec']['template'] {
  const labels = without(template.metadata?.labels ?? {}, POD_TEMPLATE_HASH);
  return { ...template, metadata: { ...template.metadata, labels } };
}

function* history(session: Session, deployment: Deployment): Step<number> {
  const sets = yield* revisions(session, deployment);
  const rows = sets.map(([revision, { metadata }]) => [
    String(revision),
    metadata.annotations?.[CHANGE_CAUSE] ?? '<none>',
  ]);
  const { text } = layOut([['REVISION', 'CHANGE-CAUSE'], ...rows], undefined, 2, 0);
  yield* print(session, `${typedName(DEPLOYMENTS, deployment.metadata.name)} \n${text}\n`);
  return 0;
}

function* restart(session: Session, deployment: Deployment): Step<number> {
  const { template } = deployment.spec;
  const { name } = deployment.metadata;
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
