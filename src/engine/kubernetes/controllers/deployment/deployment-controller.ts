import { rfc3339 } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import type { PodPhase } from '../../api/pod.ts';
import type { ApiDoor } from '../../api/requests.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../api/workloads.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import {
  controllerOf,
  describeObject,
  findCondition,
  keyOf,
  splitKey,
} from '../../apimachinery/object.ts';
import { deadlineInMs, hasProgressDeadline, isComplete, pauseCondition } from './progress.ts';
import { isScalingEvent, scaledSizes } from './proportional.ts';
import { oldPodsRunning, toEmpty } from './recreate.ts';
import { ReplicaSets } from './replica-sets.ts';
import { expiredSets, splitSets, type Sets } from './revisions.ts';
import { scaleNew, scaleOld, sizeOf } from './rolling.ts';
import { countStatus, rolloutStatus, withCondition } from './status.ts';

/**
 * Deployment -> ReplicaSets (pkg/controller/deployment, v1.36). Level-driven: every look at a
 * Deployment starts from the present objects and takes one step; the change that the step makes
 * brings the next look.
 */
const NAME = 'deployment-controller';

export class DeploymentController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #sets: ReplicaSets;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#sets = new ReplicaSets(kernel, this.#client, new EventRecorder(this.#client, NAME));
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#watch();
  }

  #watch(): void {
    this.#client.watch(
      'deployments',
      'deployments',
      ({ type, object, previous }) => type !== 'DELETED' && worthALook(object, previous),
      ({ object }) => this.#queue.add(keyOf(object)),
    );
    this.#client.watch(
      'replicasets',
      'replicasets',
      ({ object, previous }) => ownerOf(object, previous) !== undefined,
      ({ object, previous }) => {
        const owner = ownerOf(object, previous)?.name ?? '';
        this.#queue.add(`${object.metadata.namespace ?? ''}/${owner}`);
      },
    );
    this.#client.watch(
      'replicasets',
      'orphans',
      ({ type, object }) => type !== 'DELETED' && !controllerOf(object),
      ({ object }) => this.#enqueueAdopters(object),
    );
    // A Recreate rollout goes on when the last old Pod has gone.
    this.#client.watch(
      'pods',
      'gone',
      ({ type, object }) => type === 'DELETED' && controllerOf(object)?.kind === 'ReplicaSet',
      ({ object }) => {
        const { namespace = '' } = object.metadata;
        const set = this.#client.get('replicasets', namespace, controllerOf(object)?.name ?? '');
        const owner = set && controllerOf(set);
        if (owner?.kind !== 'Deployment') return;
        const deployment = this.#client.get('deployments', namespace, owner.name);
        if (deployment?.spec.strategy.type === 'Recreate') this.#queue.add(keyOf(deployment));
      },
    );
  }

  #enqueueAdopters({ metadata }: ReplicaSet): void {
    for (const deployment of this.#client.scan('deployments', metadata.namespace)) {
      if (selectorMatches(deployment.spec.selector, metadata.labels)) {
        this.#queue.add(keyOf(deployment));
      }
    }
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const deployment = this.#client.get('deployments', namespace, name);
    if (!deployment) return true;
    if (!this.#notePause(deployment)) return false;
    const sets = this.#sets.claim(deployment);
    const split = splitSets(deployment, sets);
    if (deployment.metadata.deletionTimestamp) return this.#report(deployment, false);
    const { newSet } = split;
    const revised = newSet && this.#sets.revise(deployment, split);
    if (newSet && !revised) return false;
    const present = { newSet: revised, oldSets: split.oldSets };
    if (deployment.spec.paused || isScalingEvent(deployment, sets)) {
      return this.#scale(deployment, present);
    }
    return deployment.spec.strategy.type === 'Recreate'
      ? this.#recreate(deployment, present)
      : this.#roll(deployment, present);
  }

  /** Says that a rollout was paused, or goes on; its deadline does not run meanwhile. */
  #notePause(deployment: Deployment): boolean {
    const { status, spec } = deployment;
    if (!hasProgressDeadline(deployment)) return true;
    const known = findCondition(status.conditions, 'Progressing');
    const next = pauseCondition(spec.paused ?? false, known);
    if (!next) return true;
    const now = rfc3339(this.#kernel.now);
    const conditions = withCondition(status.conditions ?? [], next, now);
    return this.#write(deployment, { ...status, conditions });
  }

  /** Brings the sizes in line with a new number of replicas, without going on with a rollout. */
  #scale(deployment: Deployment, split: Sets): boolean {
    const sizes = scaledSizes(deployment, split);
    for (const set of split.newSet ? [...split.oldSets, split.newSet] : split.oldSets) {
      const size = sizes.get(set.metadata.name);
      if (size !== undefined && !this.#sets.scale(deployment, set, size)) return false;
    }
    if (deployment.spec.paused) this.#cleanUp(deployment, split.oldSets);
    return this.#report(deployment, false);
  }

  #roll(deployment: Deployment, { newSet: found, oldSets }: Sets): boolean {
    const newSet = found ?? this.#sets.create(deployment, oldSets);
    if (!newSet) return false;
    const { spec } = deployment;
    const up = scaleNew(spec, sizeOf(newSet), oldSets.map(sizeOf));
    if (up) return this.#sets.scale(deployment, newSet, up.to) && this.#report(deployment, true);
    const downs = scaleOld(spec, sizeOf(newSet), oldSets.map(sizeOf));
    for (const { name, to } of downs) {
      const set = oldSets.find((old) => old.metadata.name === name);
      if (set && !this.#sets.scale(deployment, set, to)) return false;
    }
    if (downs.length === 0 && isComplete(deployment, deployment.status)) {
      this.#cleanUp(deployment, oldSets);
    }
    return this.#report(deployment, true);
  }

  /** All old Pods go before the first new one comes. */
  #recreate(deployment: Deployment, { newSet: found, oldSets }: Sets): boolean {
    const active = toEmpty(oldSets);
    if (active.length > 0) {
      for (const set of active) if (!this.#sets.scale(deployment, set, 0)) return false;
      return this.#report(deployment, true);
    }
    if (oldPodsRunning(found?.metadata.uid, oldSets, this.#phasesOf(oldSets))) {
      return this.#report(deployment, true);
    }
    const newSet = found ?? this.#sets.create(deployment, oldSets);
    if (!newSet || !this.#sets.scale(deployment, newSet, deployment.spec.replicas)) return false;
    if (isComplete(deployment, deployment.status)) this.#cleanUp(deployment, oldSets);
    return this.#report(deployment, true);
  }

  #phasesOf(sets: readonly ReplicaSet[]): Map<string, PodPhase[]> {
    const phases = sets.map(({ metadata: { uid } }): [string, PodPhase[]] => [
      uid,
      this.#client.ownedBy('pods', uid).map(({ status }) => status.phase),
    ]);
    return new Map(phases);
  }

  #cleanUp(deployment: Deployment, oldSets: readonly ReplicaSet[]): void {
    const limit = deployment.spec.revisionHistoryLimit ?? 10;
    for (const set of expiredSets(oldSets, limit)) this.#client.delete('replicasets', set);
  }

  /**
   * Writes what the ReplicaSets now say into the Deployment's status.
   *
   * @param rolling whether this look went on with a rollout, so that its progress is judged
   */
  #report(stale: Deployment, rolling: boolean): boolean {
    const { namespace = '', name, uid } = stale.metadata;
    const deployment = this.#client.get('deployments', namespace, name);
    if (!deployment) return true;
    const sets = this.#client.ownedBy('replicasets', uid);
    const { newSet } = splitSets(deployment, sets);
    const nowMs = this.#kernel.now;
    const now = rfc3339(nowMs);
    const status = rolling
      ? rolloutStatus(deployment, newSet, sets, { nowMs, now })
      : countStatus(deployment, newSet, sets, now);
    if (sameValue(status, deployment.status)) {
      if (rolling) this.#awaitDeadline(deployment, status);
      return true;
    }
    return this.#write(deployment, status) && this.#awaitAnyDeadline(stale, rolling);
  }

  /** Comes back a second after the deadline of a rollout that gets nowhere. */
  #awaitDeadline(deployment: Deployment, status: DeploymentStatus): void {
    const leftMs = deadlineInMs(deployment, status, this.#kernel.now);
    if (leftMs !== undefined) this.#queue.add(keyOf(deployment), leftMs + 1000);
  }

  #awaitAnyDeadline({ metadata }: Deployment, rolling: boolean): boolean {
    const now = this.#client.get('deployments', metadata.namespace ?? '', metadata.name);
    if (now && rolling) this.#awaitDeadline(now, now.status);
    return true;
  }

  #write(deployment: Deployment, status: DeploymentStatus): boolean {
    this.#announce(deployment, status);
    return this.#client.updateStatus('deployments', { ...deployment, status }).ok;
  }

  /** A rollout that ends or stalls is a step that readers look for. */
  #announce(deployment: Deployment, { conditions = [] }: DeploymentStatus): void {
    for (const { type, reason, message } of conditions) {
      if (findCondition(deployment.status.conditions, type)?.reason === reason) continue;
      const object = describeObject(deployment);
      this.#kernel.record({ actor: NAME, verb: 'observe', object, reason, message });
    }
  }
}

function ownerOf(set: ReplicaSet, previous: ReplicaSet | undefined) {
  for (const version of previous ? [set, previous] : [set]) {
    const owner = controllerOf(version);
    if (owner?.kind === 'Deployment') return owner;
  }
  return undefined;
}

/** A status that the controller itself wrote is no news to it. */
function worthALook(object: Deployment, previous: Deployment | undefined): boolean {
  if (!previous) return true;
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    object.status.collisionCount !== previous.status.collisionCount ||
    !sameValue(object.metadata.annotations, previous.metadata.annotations)
  );
}
