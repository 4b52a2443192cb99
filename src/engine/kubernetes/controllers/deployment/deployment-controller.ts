import { rfc3339 } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import type { ApiDoor } from '../../api/requests.ts';
import {
  CHANGE_CAUSE,
  DESIRED_REPLICAS,
  LAST_APPLIED,
  MAX_REPLICAS,
  POD_TEMPLATE_HASH,
  REVISION,
  type Deployment,
  type ReplicaSet,
} from '../../api/workloads.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import {
  controllerOf,
  controllerReference,
  describeObject,
  findCondition,
  keyOf,
  setCondition,
  splitKey,
  type Condition,
  type KubeObject,
  type Labels,
} from '../../apimachinery/object.ts';
import { maxSurge } from './fenceposts.ts';
import {
  availability,
  countStatus,
  hasProgressDeadline,
  isComplete,
  pauseCondition,
  progress,
  recheckAfterMs,
} from './progress.ts';
import { scaleInProportion } from './proportional.ts';
import {
  createdMs,
  expiredSets,
  revisionOf,
  splitSets,
  templateHash,
  type Sets,
} from './revisions.ts';
import { scaleNew, scaleOld, sizeOf } from './rolling.ts';

/**
 * Deployment -> ReplicaSets (pkg/controller/deployment, v1.36). Level-driven: every look at a
 * Deployment starts from the present objects and takes one step; the change that the step makes
 * brings the next look.
 */
const NAME = 'deployment-controller';

/** Annotations of a Deployment that its ReplicaSets do not take over. */
const OWN_ANNOTATIONS = new Set([LAST_APPLIED, REVISION, DESIRED_REPLICAS, MAX_REPLICAS]);

export class DeploymentController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'deployments',
      'deployments',
      ({ type, object, previous }) => type !== 'DELETED' && worthALook(object, previous),
      ({ object }) => this.#queue.add(keyOf(object)),
    );
    this.#client.watch(
      'replicasets',
      'replicasets',
      ({ object }) => controllerOf(object)?.kind === 'Deployment',
      ({ object }) => {
        const owner = controllerOf(object)?.name ?? '';
        this.#queue.add(`${object.metadata.namespace ?? ''}/${owner}`);
      },
    );
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const deployment = this.#client.get('deployments', namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp) return true;
    if (!this.#notePause(deployment)) return false;
    const sets = this.#adopt(deployment);
    const split = splitSets(deployment, sets);
    if (deployment.spec.paused) return this.#scaleThenReport(deployment, split);
    if (this.#isScaling(deployment, sets)) return this.#scaleThenReport(deployment, split);
    return deployment.spec.strategy.type === 'Recreate'
      ? this.#recreate(deployment, split)
      : this.#roll(deployment, split);
  }

  /** Says that a rollout was paused, or goes on; its deadline does not run meanwhile. */
  #notePause(deployment: Deployment): boolean {
    const { status, spec } = deployment;
    if (!hasProgressDeadline(deployment)) return true;
    const known = findCondition(status.conditions, 'Progressing');
    const next = pauseCondition(spec.paused ?? false, known);
    if (!next) return true;
    const conditions = this.#with(status.conditions ?? [], next);
    return this.#client.updateStatus('deployments', {
      ...deployment,
      status: { ...status, conditions },
    }).ok;
  }

  /** Its own ReplicaSets, and those without an owner that its selector chooses. */
  #adopt(deployment: Deployment): ReplicaSet[] {
    const { uid, namespace = '' } = deployment.metadata;
    const owned = this.#client.ownedBy('replicasets', uid);
    const orphans = this.#client
      .orphans('replicasets', namespace, deployment.spec.selector)
      .filter((set) => !set.metadata.deletionTimestamp);
    for (const set of orphans) {
      const ownerReferences = [
        ...(set.metadata.ownerReferences ?? []),
        controllerReference(deployment),
      ];
      const metadata = { ...set.metadata, ownerReferences };
      const adopted = this.#client.update('replicasets', { ...set, metadata });
      if (adopted.ok) owned.push(adopted.value);
    }
    return owned;
  }

  #roll(deployment: Deployment, { newSet: found, oldSets }: Sets): boolean {
    const newSet = this.#ensureNewSet(deployment, found, oldSets);
    if (!newSet) return false;
    const { spec } = deployment;
    const up = scaleNew(spec, sizeOf(newSet), oldSets.map(sizeOf));
    if (up) return this.#scale(deployment, newSet, up.to) && this.#report(deployment);
    const downs = scaleOld(spec, sizeOf(newSet), oldSets.map(sizeOf));
    for (const { name, to } of downs) {
      const set = oldSets.find((old) => old.metadata.name === name);
      if (set && !this.#scale(deployment, set, to)) return false;
    }
    if (downs.length === 0 && isComplete(deployment, deployment.status)) {
      this.#cleanUp(deployment, oldSets);
    }
    return this.#report(deployment);
  }

  /** All old Pods go before the first new one comes. */
  #recreate(deployment: Deployment, { newSet: found, oldSets }: Sets): boolean {
    const active = oldSets.filter((set) => set.spec.replicas > 0);
    if (active.length > 0) {
      for (const set of active) if (!this.#scale(deployment, set, 0)) return false;
      return this.#report(deployment);
    }
    if (oldSets.some((set) => set.status.replicas > 0 || this.#hasPods(set))) {
      return this.#report(deployment);
    }
    const newSet = this.#ensureNewSet(deployment, found, oldSets);
    if (!newSet) return false;
    const { replicas } = deployment.spec;
    if (newSet.spec.replicas !== replicas && !this.#scale(deployment, newSet, replicas)) {
      return false;
    }
    if (isComplete(deployment, deployment.status)) this.#cleanUp(deployment, oldSets);
    return this.#report(deployment);
  }

  #hasPods(set: ReplicaSet): boolean {
    return this.#client
      .ownedBy('pods', set.metadata.uid)
      .some(({ status }) => status.phase !== 'Failed' && status.phase !== 'Succeeded');
  }

  /** Makes the ReplicaSet of the present template, or brings its revision up to date. */
  #ensureNewSet(
    deployment: Deployment,
    found: ReplicaSet | undefined,
    oldSets: readonly ReplicaSet[],
  ): ReplicaSet | undefined {
    const revision = Math.max(0, ...oldSets.map(revisionOf)) + 1;
    const newSet = found
      ? this.#annotate(deployment, found, Math.max(revision, revisionOf(found)))
      : this.#createSet(deployment, revision, oldSets);
    if (!newSet) return undefined;
    this.#noteFound(deployment, newSet, found !== undefined);
    return newSet;
  }

  #annotate(deployment: Deployment, set: ReplicaSet, revision: number): ReplicaSet | undefined {
    const annotations = { ...set.metadata.annotations, ...inherited(deployment) };
    const wanted = { ...annotations, [REVISION]: String(revision) };
    const minReadySeconds = deployment.spec.minReadySeconds;
    const same = sameValue(wanted, set.metadata.annotations ?? {});
    if (same && set.spec.minReadySeconds === minReadySeconds) return set;
    const spec = { ...set.spec, minReadySeconds };
    const result = this.#client.update('replicasets', {
      ...set,
      spec,
      metadata: { ...set.metadata, annotations: wanted },
    });
    return result.ok ? result.value : undefined;
  }

  #createSet(
    deployment: Deployment,
    revision: number,
    oldSets: readonly ReplicaSet[],
  ): ReplicaSet | undefined {
    const { spec, metadata } = deployment;
    const hash = this.#freeHash(deployment);
    const hashLabel = { [POD_TEMPLATE_HASH]: hash };
    const labels: Labels = { ...spec.template.metadata?.labels, ...hashLabel };
    const empty = { name: '', specReplicas: 0, availableReplicas: 0 };
    const replicas = scaleNew(spec, empty, oldSets.map(sizeOf))?.to ?? 0;
    const name = `${metadata.name}-${hash}`;
    const decision = this.#decide(deployment, 'ScalingReplicaSet', scaledUp(name, 0, replicas));
    const result = this.#kernel.because(decision, () =>
      this.#client.create('replicasets', {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: {
          name,
          namespace: metadata.namespace,
          labels,
          annotations: {
            ...inherited(deployment),
            ...this.#sizes(deployment),
            [REVISION]: String(revision),
          },
          ownerReferences: [controllerReference(deployment)],
        },
        spec: {
          replicas,
          minReadySeconds: spec.minReadySeconds,
          selector: {
            ...spec.selector,
            matchLabels: { ...spec.selector.matchLabels, ...hashLabel },
          },
          template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
        },
      }),
    );
    return result.ok ? result.value : undefined;
  }

  /** A hash whose name no other template of the namespace has. */
  #freeHash({ spec, metadata }: Deployment): string {
    for (let collisions = 0; ; collisions++) {
      const hash = templateHash(spec.template, collisions);
      const name = `${metadata.name}-${hash}`;
      if (!this.#client.get('replicasets', metadata.namespace ?? '', name)) return hash;
    }
  }

  /** The Deployment carries its ReplicaSet's revision and says that the set is there. */
  #noteFound(deployment: Deployment, newSet: ReplicaSet, found: boolean): void {
    const revision = newSet.metadata.annotations?.[REVISION] ?? '';
    const { namespace = '', name } = deployment.metadata;
    if (deployment.metadata.annotations?.[REVISION] !== revision) {
      const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
      const metadata = { ...deployment.metadata, annotations };
      this.#client.update('deployments', { ...deployment, metadata });
    }
    const current = this.#client.get('deployments', namespace, name);
    if (!current || !hasProgressDeadline(current)) return;
    const known = findCondition(current.status.conditions, 'Progressing');
    if (found && known) return;
    const set = `ReplicaSet "${newSet.metadata.name}"`;
    const condition: Condition = {
      type: 'Progressing',
      status: 'True',
      reason: found ? 'FoundNewReplicaSet' : 'NewReplicaSetCreated',
      message: found
        ? `Found new ${set.replace('Set', ' set')}`
        : `Created new replica set "${newSet.metadata.name}"`,
    };
    const conditions = this.#with(current.status.conditions ?? [], condition);
    this.#client.updateStatus('deployments', {
      ...current,
      status: { ...current.status, conditions },
    });
  }

  /** Whether the wanted number has changed since an active ReplicaSet was scaled. */
  #isScaling({ spec }: Deployment, sets: readonly ReplicaSet[]): boolean {
    return sets.some((set) => {
      const desired = set.metadata.annotations?.[DESIRED_REPLICAS];
      return set.spec.replicas > 0 && desired !== undefined && Number(desired) !== spec.replicas;
    });
  }

  /** Brings the sizes in line with a new number of replicas, without going on with a rollout. */
  #scaleThenReport(deployment: Deployment, { newSet, oldSets }: Sets): boolean {
    const { spec } = deployment;
    const all = newSet ? [...oldSets, newSet] : [...oldSets];
    const active = all.filter((set) => set.spec.replicas > 0);
    const newest = active[0] ?? newSet ?? oldSets.at(-1);
    if (active.length <= 1) {
      if (newest && newest.spec.replicas !== spec.replicas) {
        if (!this.#scale(deployment, newest, spec.replicas)) return false;
      } else if (newest && !this.#stamp(deployment, newest)) return false;
    } else if (newSet && isSaturated(deployment, newSet)) {
      for (const set of oldSets) {
        if (set.spec.replicas > 0 && !this.#scale(deployment, set, 0)) return false;
      }
    } else if (spec.strategy.type === 'RollingUpdate') {
      if (!this.#scaleAll(deployment, active)) return false;
    }
    return this.#report(deployment);
  }

  #scaleAll(deployment: Deployment, active: readonly ReplicaSet[]): boolean {
    const sizes = scaleInProportion(
      deployment.spec,
      active.map((set) => {
        const max = set.metadata.annotations?.[MAX_REPLICAS];
        return {
          name: set.metadata.name,
          replicas: set.spec.replicas,
          ...(max !== undefined && { maxReplicas: Number(max) }),
          createdMs: createdMs(set),
        };
      }),
    );
    return active.every((set) =>
      this.#scale(deployment, set, sizes.get(set.metadata.name) ?? set.spec.replicas),
    );
  }

  #sizes({ spec }: Deployment): Labels {
    return {
      [DESIRED_REPLICAS]: String(spec.replicas),
      [MAX_REPLICAS]: String(spec.replicas + maxSurge(spec)),
    };
  }

  /** Notes on a set which size of the Deployment it was scaled for. */
  #stamp(deployment: Deployment, set: ReplicaSet): boolean {
    const annotations = { ...set.metadata.annotations, ...this.#sizes(deployment) };
    const metadata = { ...set.metadata, annotations };
    return this.#client.update('replicasets', { ...set, metadata }).ok;
  }

  #scale(deployment: Deployment, set: ReplicaSet, to: number): boolean {
    const from = set.spec.replicas;
    if (from === to) return this.#stamp(deployment, set);
    const { name } = set.metadata;
    const message = to > from ? scaledUp(name, from, to) : scaledDown(name, from, to);
    const decision = this.#decide(deployment, 'ScalingReplicaSet', message);
    return this.#kernel.because(decision, () => {
      const annotations = { ...set.metadata.annotations, ...this.#sizes(deployment) };
      const metadata = { ...set.metadata, annotations };
      const spec = { ...set.spec, replicas: to };
      return this.#client.update('replicasets', { ...set, metadata, spec }).ok;
    });
  }

  #decide(deployment: Deployment, reason: string, message: string): number {
    return this.#events.tell(deployment, { type: 'Normal', reason, message });
  }

  #cleanUp(deployment: Deployment, oldSets: readonly ReplicaSet[]): void {
    const limit = deployment.spec.revisionHistoryLimit ?? 10;
    for (const set of expiredSets(oldSets, limit)) this.#client.delete('replicasets', set);
  }

  /** Writes what the ReplicaSets now say into the Deployment's status. */
  #report(stale: Deployment): boolean {
    const { namespace = '', name, uid } = stale.metadata;
    const deployment = this.#client.get('deployments', namespace, name);
    if (!deployment) return true;
    const sets = this.#client.ownedBy('replicasets', uid);
    const { newSet, oldSets } = splitSets(deployment, sets);
    const counted = countStatus(deployment, newSet, sets);
    const active = [...oldSets, ...(newSet ? [newSet] : [])].filter((s) => s.spec.replicas > 0);
    let conditions = counted.conditions ?? [];
    const nowMs = this.#kernel.now;
    if (!hasProgressDeadline(deployment)) {
      conditions = conditions.filter((condition) => condition.type !== 'Progressing');
    } else if (!deployment.spec.paused) {
      const next = progress(deployment, counted, newSet, active.length, nowMs);
      if (next) conditions = this.#with(conditions, next, next.reason === 'ReplicaSetUpdated');
    }
    conditions = this.#with(conditions, availability(deployment, counted.availableReplicas ?? 0));
    const status = { ...counted, conditions };
    const recheck = recheckAfterMs(deployment, status, nowMs);
    if (recheck !== undefined && !deployment.spec.paused)
      this.#queue.add(keyOf(deployment), recheck);
    if (sameValue(status, deployment.status)) return true;
    this.#announce(deployment, status.conditions, deployment.status.conditions);
    return this.#client.updateStatus('deployments', { ...deployment, status }).ok;
  }

  /** A rollout that ends or stalls is a step that readers look for. */
  #announce(
    deployment: Deployment,
    now: readonly Condition[],
    before: readonly Condition[] = [],
  ): void {
    for (const { type, reason, message } of now) {
      if (findCondition(before, type)?.reason === reason) continue;
      this.#kernel.record({
        actor: NAME,
        verb: 'observe',
        object: describeObject(deployment),
        reason,
        message,
      });
    }
  }

  /** With `touch`, progress is noted by its time even when the words stay the same. */
  #with(conditions: readonly Condition[], next: Condition, touch = false): readonly Condition[] {
    const now = rfc3339(this.#kernel.now);
    const timed = { ...next, lastUpdateTime: now, lastTransitionTime: now };
    const set = setCondition(conditions, timed);
    if (!touch || set !== conditions) return set;
    return conditions.map((condition) =>
      condition.type === next.type ? { ...condition, lastUpdateTime: now } : condition,
    );
  }
}

const scaledUp = (name: string, from: number, to: number): string =>
  `Scaled up replica set ${name} from ${from} to ${to}`;

const scaledDown = (name: string, from: number, to: number): string =>
  `Scaled down replica set ${name} from ${from} to ${to}`;

function inherited({ metadata }: KubeObject): Labels {
  const entries = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries(
    entries.filter(([key]) => !OWN_ANNOTATIONS.has(key) || key === CHANGE_CAUSE),
  );
}

/** A status that the controller itself wrote is no news to it. */
function worthALook(object: Deployment, previous: Deployment | undefined): boolean {
  if (!previous) return true;
  return (
    object.metadata.generation !== previous.metadata.generation ||
    !sameValue(object.metadata.annotations, previous.metadata.annotations)
  );
}

function isSaturated({ spec }: Deployment, { metadata, spec: own, status }: ReplicaSet): boolean {
  const desired = Number(metadata.annotations?.[DESIRED_REPLICAS] ?? -1);
  const { replicas } = spec;
  return own.replicas === replicas && desired === replicas && status.availableReplicas === replicas;
}
