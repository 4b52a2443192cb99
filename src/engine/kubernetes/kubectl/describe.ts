import { parseRfc3339 } from '../../sim/clock.ts';
import { humanDuration } from '../apimachinery/duration.ts';
import { formatSelector } from '../apimachinery/label-selector.ts';
import { controllerOf } from '../apimachinery/object.ts';
import type { Event } from '../api/cluster-objects.ts';
import type { Pod } from '../api/pod.ts';
import { REVISION, type Deployment, type ReplicaSet } from '../api/workloads.ts';
import { annotationLines, fullTime, mapLines, podLines, templateLines } from './describe-pod.ts';
import { call, complain, list, now, print, refuse, type Session, type Step } from './session.ts';
import { alignTabs } from './tab-writer.ts';
import { oneTarget } from './targets.ts';

/**
 * `kubectl describe` (staging/src/k8s.io/kubectl/pkg/describe/describe.go, v1.36).
 *
 * Simplified: Pods and Deployments, one at a time.
 */
export function* describe(session: Session): Step<number> {
  const need =
    'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a ' +
    'complete list of supported resources.';
  const target = yield* oneTarget(session, session.args.words, need);
  if (typeof target === 'number') return target;
  const { info, name } = target;
  const { namespace } = session;
  const found = yield* call(session, { verb: 'get', resource: info.resource, namespace, name });
  if (!found.ok) return yield* refuse(session, found.failure);
  const nowMs = yield* now();
  let lines: readonly string[];
  if (info.resource === 'pods') lines = podLines(found.value as Pod, nowMs);
  else if (info.resource === 'deployments') {
    lines = yield* deploymentLines(session, found.value as Deployment);
  } else
    return yield* complain(session, `error: no description has been implemented for ${info.kind}`);
  const events = yield* list(session, { resource: 'events', namespace });
  const { uid } = found.value.metadata;
  const about = events.ok
    ? (events.value.items as readonly Event[]).filter((e) => e.involvedObject.uid === uid)
    : [];
  const none = about.length === 0 ? ['Events:\t<none>'] : [];
  yield* print(session, alignTabs([...lines, ...none]));
  if (about.length > 0) yield* print(session, alignTabs(eventLines(about, nowMs)));
  return 0;
}

function* deploymentLines(session: Session, deployment: Deployment): Step<string[]> {
  const { metadata, spec, status } = deployment;
  const { namespace } = session;
  const answer = yield* list(session, { resource: 'replicasets', namespace });
  const sets = answer.ok ? (answer.value.items as readonly ReplicaSet[]) : [];
  const own = sets.filter((set) => controllerOf(set)?.uid === metadata.uid);
  const { replicas } = spec;
  const { updatedReplicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status;
  const { rollingUpdate } = spec.strategy;
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    `CreationTimestamp:\t${fullTime(metadata.creationTimestamp)}`,
    ...mapLines('Labels', metadata.labels, '='),
    ...annotationLines('Annotations', metadata.annotations),
    `Selector:\t${formatSelector(spec.selector)}`,
    `Replicas:\t${replicas} desired | ${updatedReplicas} updated | ${status.replicas ?? 0} total | ` +
      `${availableReplicas} available | ${unavailableReplicas} unavailable`,
    `StrategyType:\t${spec.strategy.type}`,
    `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`,
    ...(rollingUpdate
      ? [
          `RollingUpdateStrategy:\t${rollingUpdate.maxUnavailable ?? ''} max unavailable, ` +
            `${rollingUpdate.maxSurge ?? ''} max surge`,
        ]
      : []),
    ...templateLines(spec.template),
    ...conditionLines(deployment),
    ...setLines(deployment, own),
  ];
}

function conditionLines({ status }: Deployment): string[] {
  const conditions = status.conditions ?? [];
  if (conditions.length === 0) return [];
  return [
    'Conditions:',
    '  Type\tStatus\tReason',
    '  ----\t------\t------',
    ...conditions.map(({ type, status: is, reason = '' }) => `  ${type} \t${is}\t${reason}`),
  ];
}

/** The new ReplicaSet carries the Deployment's own revision. */
function setLines({ metadata }: Deployment, sets: readonly ReplicaSet[]): string[] {
  if (sets.length === 0) return [];
  const revision = metadata.annotations?.[REVISION];
  const isNew = (set: ReplicaSet): boolean => set.metadata.annotations?.[REVISION] === revision;
  const shown = (some: readonly ReplicaSet[]): string =>
    some
      .map(({ metadata: { name }, spec, status }) => {
        return `${name} (${status.replicas}/${spec.replicas} replicas created)`;
      })
      .join(', ') || '<none>';
  return [
    `OldReplicaSets:\t${shown(sets.filter((set) => !isNew(set)))}`,
    `NewReplicaSet:\t${shown(sets.filter(isNew))}`,
  ];
}

function eventLines(events: readonly Event[], nowMs: number): string[] {
  const sorted = [...events].sort((a, b) =>
    (a.lastTimestamp ?? '') < (b.lastTimestamp ?? '') ? -1 : 1,
  );
  const age = (time = ''): string => humanDuration(nowMs - (parseRfc3339(time) ?? nowMs));
  const rows = sorted.map((event) => {
    const { type, reason, source, count, firstTimestamp, lastTimestamp } = event;
    const first = age(firstTimestamp);
    const seen = count > 1 ? `${age(lastTimestamp)} (x${count} over ${first})` : first;
    const { fieldPath } = event.involvedObject;
    const message = `${fieldPath ? `${fieldPath}: ` : ''}${event.message.trim()}`;
    return ['', type, reason, seen, source.component, message].join('\t').replace('\t', '  ');
  });
  return [
    'Events:',
    '  Type\tReason\tAge\tFrom\tMessage',
    '  ----\t------\t----\t----\t-------',
    ...rows,
  ];
}
