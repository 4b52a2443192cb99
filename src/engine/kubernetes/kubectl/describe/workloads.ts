import type { CronJob, Job, JobSpec } from '../../api/batch.ts';
import type { PersistentVolumeClaim } from '../../api/storage.ts';
import {
  REVISION,
  type DaemonSet,
  type Deployment,
  type ReplicaSet,
  type StatefulSet,
} from '../../api/workloads.ts';
import { parseRfc3339 } from '../../../sim/clock.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import { formatSelector, type LabelSelector } from '../../apimachinery/label-selector.ts';
import { controllerOf, type Condition, type KubeObject } from '../../apimachinery/object.ts';
import type { Around, Describer, Need } from './around.ts';
import { describeEvents } from './events.ts';
import { describeTemplate } from './pod.ts';
import {
  annotationColumn,
  controlledBy,
  fullTime,
  goList,
  head,
  labelColumn,
  orUnset,
  Text,
  trueFalse,
} from './text.ts';

/** What runs Pods (`describeDeployment`, `describeReplicaSet`, …). */
function ownPods({
  metadata: { namespace = '' },
  spec: { selector },
}: KubeObject & {
  readonly spec: { readonly selector?: LabelSelector };
}): Need[] {
  return [{ resource: 'pods', namespace, labelSelector: selector }];
}

/** How far an object's own Pods are. */
function podsText({ metadata: { uid } }: KubeObject, { all }: Around): string {
  const phases = all('pods')
    .filter((pod) => controllerOf(pod)?.uid === uid)
    .map(({ status }) => status.phase);
  const count = (wanted: string): number => phases.filter((phase) => phase === wanted).length;
  const [running, waiting] = [count('Running'), count('Pending')];
  const ended = `${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
  return `${running} Running / ${waiting} Waiting / ${ended}`;
}

function beginning(text: Text, object: KubeObject): void {
  text.line(0, `Name:\t${object.metadata.name}`);
  text.line(0, `Namespace:\t${object.metadata.namespace ?? ''}`);
}

function labelsAndAnnotations(text: Text, { metadata }: KubeObject): void {
  labelColumn(text, 'Labels', metadata.labels);
  annotationColumn(text, 'Annotations', metadata.annotations);
}

function describeConditions(text: Text, conditions: readonly Condition[] = []): void {
  if (conditions.length === 0) return;
  text.line(0, 'Conditions:\n  Type\tStatus\tReason');
  text.line(1, '----\t------\t------');
  for (const { type, status, reason = '' } of conditions) {
    text.line(1, `${type} \t${status}\t${reason}`);
  }
}

export const deployment: Describer<Deployment> = {
  needs: ({ metadata: { namespace = '' }, spec: { selector } }) => [
    { resource: 'replicasets', namespace, labelSelector: selector },
  ],
  text(object, { all, events, nowMs }) {
    const { metadata, spec, status } = object;
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
    const text = new Text();
    beginning(text, object);
    text.line(0, `CreationTimestamp:\t${fullTime(metadata.creationTimestamp)}`);
    labelsAndAnnotations(text, object);
    text.line(0, `Selector:\t${formatSelector(spec.selector)}`);
    text.line(
      0,
      `Replicas:\t${spec.replicas} desired | ${updatedReplicas} updated | ${replicas} total | ` +
        `${availableReplicas} available | ${status.unavailableReplicas ?? 0} unavailable`,
    );
    text.line(0, `StrategyType:\t${spec.strategy.type}`);
    text.line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`);
    const { rollingUpdate } = spec.strategy;
    if (rollingUpdate) {
      const { maxUnavailable = '<nil>', maxSurge = '<nil>' } = rollingUpdate;
      const limits = `${maxUnavailable} max unavailable, ${maxSurge} max surge`;
      text.line(0, `RollingUpdateStrategy:\t${limits}`);
    }
    describeTemplate(text, spec.template);
    describeConditions(text, status.conditions);
    const own = all('replicasets').filter((set) => controllerOf(set)?.uid === metadata.uid);
    describeSets(text, own, metadata.annotations?.[REVISION]);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

/** The new ReplicaSet carries the Deployment's own revision. */
function describeSets(text: Text, sets: readonly ReplicaSet[], revision: string | undefined): void {
  if (sets.length === 0) return;
  const isNew = (set: ReplicaSet): boolean => set.metadata.annotations?.[REVISION] === revision;
  const shown = (some: readonly ReplicaSet[]): string => {
    const all = some.map(({ metadata, spec, status }) => {
      return `${metadata.name} (${status.replicas}/${spec.replicas} replicas created)`;
    });
    return all.join(', ') || '<none>';
  };
  text.line(0, `OldReplicaSets:\t${shown(sets.filter((set) => !isNew(set)))}`);
  text.line(0, `NewReplicaSet:\t${shown(sets.filter(isNew))}`);
}

export const replicaSet: Describer<ReplicaSet> = {
  needs: ownPods,
  text(object, around) {
    const { spec, status } = object;
    const text = new Text();
    beginning(text, object);
    text.line(0, `Selector:\t${formatSelector(spec.selector)}`);
    labelsAndAnnotations(text, object);
    controlledBy(text, object);
    text.line(0, `Replicas:\t${status.replicas} current / ${spec.replicas} desired`);
    text.line(0, `Pods Status:\t${podsText(object, around)}`);
    describeTemplate(text, spec.template);
    describeConditions(text, status.conditions);
    describeEvents(text, around.events, around.nowMs);
    return text.toString();
  },
};

export const statefulSet: Describer<StatefulSet> = {
  needs: ownPods,
  text(object, around) {
    const { metadata, spec, status } = object;
    const text = new Text();
    beginning(text, object);
    text.line(0, `CreationTimestamp:\t${fullTime(metadata.creationTimestamp)}`);
    text.line(0, `Selector:\t${formatSelector(spec.selector)}`);
    labelsAndAnnotations(text, object);
    text.line(0, `Replicas:\t${spec.replicas ?? 0} desired | ${status.replicas} total`);
    const { type = '', rollingUpdate } = spec.updateStrategy ?? {};
    text.line(0, `Update Strategy:\t${type}`);
    if (rollingUpdate?.partition !== undefined) {
      text.line(1, `Partition:\t${rollingUpdate.partition}`);
      const { maxUnavailable } = rollingUpdate;
      if (maxUnavailable !== undefined) text.line(1, `MaxUnavailable:\t${maxUnavailable}`);
    }
    text.line(0, `Pods Status:\t${podsText(object, around)}`);
    describeTemplate(text, spec.template);
    describeClaimTemplates(text, spec.volumeClaimTemplates);
    describeEvents(text, around.events, around.nowMs);
    return text.toString();
  },
};

type ClaimTemplate = Pick<PersistentVolumeClaim, 'spec'> & {
  readonly metadata: Partial<PersistentVolumeClaim['metadata']>;
};

function describeClaimTemplates(text: Text, templates: readonly ClaimTemplate[] = []): void {
  if (templates.length === 0) return text.line(0, 'Volume Claims:\t<none>');
  text.line(0, 'Volume Claims:');
  for (const { metadata, spec } of templates) {
    text.line(1, `Name:\t${metadata.name ?? ''}`);
    text.line(1, `StorageClass:\t${spec.storageClassName ?? ''}`);
    labelColumn(text, 'Labels', metadata.labels, '  ');
    labelColumn(text, 'Annotations', metadata.annotations, '  ');
    text.line(1, `Capacity:\t${spec.resources?.requests?.storage ?? '<default>'}`);
    text.line(1, `Access Modes:\t${goList(spec.accessModes)}`);
  }
}

export const daemonSet: Describer<DaemonSet> = {
  needs: ownPods,
  text(object, around) {
    const { spec, status } = object;
    const { nodeSelector } = spec.template.spec;
    const text = new Text();
    beginning(text, object);
    text.line(0, `Selector:\t${formatSelector(spec.selector)}`);
    text.line(
      0,
      `Node-Selector:\t${formatSelector(nodeSelector && { matchLabels: nodeSelector })}`,
    );
    labelsAndAnnotations(text, object);
    const nodes = 'Number of Nodes Scheduled';
    text.line(0, `Desired ${nodes}: ${status.desiredNumberScheduled}`);
    text.line(0, `Current ${nodes}: ${status.currentNumberScheduled}`);
    text.line(0, `${nodes} with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`);
    text.line(0, `${nodes} with Available Pods: ${status.numberAvailable ?? 0}`);
    text.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled}`);
    text.line(0, `Pods Status:\t${podsText(object, around)}`);
    describeTemplate(text, spec.template);
    describeEvents(text, around.events, around.nowMs);
    return text.toString();
  },
};

export const job: Describer<Job> = {
  text(object, { events, nowMs }) {
    const { spec, status } = object;
    const text = new Text();
    beginning(text, object);
    text.line(0, `Selector:\t${spec.selector ? formatSelector(spec.selector) : ''}`);
    labelsAndAnnotations(text, object);
    controlledBy(text, object);
    describeJobLimits(text, spec);
    describeJobTimes(text, object);
    if (spec.activeDeadlineSeconds !== undefined) {
      text.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
    }
    const { active = 0, ready, succeeded = 0, failed = 0, completedIndexes = '' } = status;
    const nowReady = ready === undefined ? '' : ` (${ready} Ready)`;
    const ended = `${succeeded} Succeeded / ${failed} Failed`;
    text.line(0, `Pods Statuses:\t${active} Active${nowReady} / ${ended}`);
    if (spec.completionMode === 'Indexed') {
      text.line(0, `Completed Indexes:\t${shortIndexes(completedIndexes)}`);
    }
    describeTemplate(text, spec.template);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

function describeJobLimits(text: Text, spec: JobSpec): void {
  if (spec.parallelism !== undefined) text.line(0, `Parallelism:\t${spec.parallelism}`);
  text.line(0, `Completions:\t${orUnset(spec.completions)}`);
  if (spec.completionMode) text.line(0, `Completion Mode:\t${spec.completionMode}`);
  if (spec.suspend !== undefined) text.line(0, `Suspend:\t${spec.suspend}`);
  if (spec.backoffLimit !== undefined) text.line(0, `Backoff Limit:\t${spec.backoffLimit}`);
  const { ttlSecondsAfterFinished: ttl } = spec;
  if (ttl !== undefined) text.line(0, `TTL Seconds After Finished:\t${ttl}`);
}

function describeJobTimes(text: Text, { status: { startTime, completionTime } }: Job): void {
  if (startTime) text.line(0, `Start Time:\t${fullTime(startTime)}`);
  if (completionTime) text.line(0, `Completed At:\t${fullTime(completionTime)}`);
  if (!startTime || !completionTime) return;
  const tookMs = (parseRfc3339(completionTime) ?? 0) - (parseRfc3339(startTime) ?? 0);
  text.line(0, `Duration:\t${humanDuration(tookMs)}`);
}

const MOST_INDEXES = 50;

/** Cut at the first comma after fifty characters (`capIndexesListOrNone`). */
function shortIndexes(indexes: string): string {
  if (indexes === '') return '<none>';
  const comma = indexes.indexOf(',', MOST_INDEXES);
  return comma === -1 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

export const cronJob: Describer<CronJob> = {
  text(object, { events, nowMs }) {
    const { spec, status } = object;
    const text = new Text();
    head(text, object);
    text.line(0, `Schedule:\t${spec.schedule}`);
    text.line(0, `Concurrency Policy:\t${spec.concurrencyPolicy ?? ''}`);
    const suspended = spec.suspend === undefined ? '<unset>' : trueFalse(spec.suspend);
    text.line(0, `Suspend:\t${suspended}`);
    text.line(0, `Time Zone:\t${orUnset(spec.timeZone)}`);
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = spec;
    text.line(0, `Successful Job History Limit:\t${orUnset(successfulJobsHistoryLimit)}`);
    text.line(0, `Failed Job History Limit:\t${orUnset(failedJobsHistoryLimit)}`);
    const { startingDeadlineSeconds: deadline } = spec;
    const seconds = deadline === undefined ? '<unset>' : `${deadline}s`;
    text.line(0, `Starting Deadline Seconds:\t${seconds}`);
    describeJobTemplate(text, spec.jobTemplate.spec);
    const { lastScheduleTime: last, active = [] } = status;
    text.line(0, `Last Schedule Time:\t${last ? fullTime(last) : '<unset>'}`);
    const jobs = active.map(({ name = '' }) => name).join(', ');
    text.line(0, `Active Jobs:\t${jobs || '<none>'}`);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

function describeJobTemplate(text: Text, spec: JobSpec): void {
  text.line(0, `Selector:\t${spec.selector ? formatSelector(spec.selector) : '<unset>'}`);
  text.line(0, `Parallelism:\t${orUnset(spec.parallelism)}`);
  text.line(0, `Completions:\t${orUnset(spec.completions)}`);
  if (spec.activeDeadlineSeconds !== undefined) {
    text.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  }
  describeTemplate(text, spec.template);
}
