import { rfc3339 } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import {
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  POD_TEMPLATE_HASH,
  REVISION,
  type Deployment,
  type ReplicaSet,
} from '../../api/workloads.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import {
  controllerOf,
  controllerReference,
  findCondition,
  type Condition,
  type Draft,
  type Labels,
} from '../../apimachinery/object.ts';
import type { Failure } from '../../apimachinery/status.ts';
import { maxSurge } from './fenceposts.ts';
import { hasProgressDeadline } from './progress.ts';
import {
  newSetAnnotations,
  nextRevision,
  replicasAnnotationsNeedUpdate,
  sameTemplate,
  templateHash,
  type Sets,
} from './revisions.ts';
import { newSetReplicas } from './rolling.ts';
import { withCondition } from './status.ts';

/**
 * A Deployment's ReplicaSets as it writes them: claimed, made, numbered, scaled
 * (pkg/controller/deployment/sync.go, v1.36).
 */
export class ReplicaSets {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(kernel: Kernel, client: Client, events: EventRecorder) {
    this.#kernel = kernel;
    this.#client = client;
    this.#events = events;
  }

  /** Its own ReplicaSets that it still selects, and those without an owner that it selects. */
  claim(deployment: Deployment): ReplicaSet[] {
    const { uid, namespace = '', deletionTimestamp } = deployment.metadata;
    const { selector } = deployment.spec;
    const own: ReplicaSet[] = [];
    for (const set of this.#client.ownedBy('replicasets', uid)) {
      if (selectorMatches(selector, set.metadata.labels)) own.push(set);
      else if (!deletionTimestamp && !set.metadata.deletionTimestamp) this.#release(uid, set);
    }
    if (deletionTimestamp) return own;
    for (const set of this.#client.orphans('replicasets', namespace, selector)) {
      if (set.metadata.deletionTimestamp) continue;
      const ownerReferences = [
        ...(set.metadata.ownerReferences ?? []),
        controllerReference(deployment),
      ];
      const metadata = { ...set.metadata, ownerReferences };
      const adopted = this.#client.update('replicasets', { ...set, metadata });
      if (adopted.ok) own.push(adopted.value);
    }
    return own;
  }

  #release(owner: string, set: ReplicaSet): void {
    const ownerReferences = set.metadata.ownerReferences?.filter(({ uid }) => uid !== owner);
    const metadata = { ...set.metadata, ownerReferences };
    this.#client.update('replicasets', { ...set, metadata });
  }

  /** Brings the new set's annotations up to date, if it is there; false when it could not. */
  revise(deployment: Deployment, { newSet, oldSets }: Sets): ReplicaSet | undefined {
    if (!newSet) return undefined;
    const { annotations: known } = newSet.metadata;
    const annotations = newSetAnnotations(deployment, known, nextRevision(oldSets));
    const { minReadySeconds } = deployment.spec;
    let revised = newSet;
    if (
      !sameValue(annotations, known ?? {}) ||
      (newSet.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)
    ) {
      const metadata = { ...newSet.metadata, annotations };
      const spec = { ...newSet.spec, minReadySeconds };
      const result = this.#client.update('replicasets', { ...newSet, metadata, spec });
      if (!result.ok) return undefined;
      revised = result.value;
    }
    this.#noteRevision(deployment, revised);
    this.#noteProgress(deployment, {
      reason: 'FoundNewReplicaSet',
      message: `Found new replica set "${revised.metadata.name}"`,
    });
    return revised;
  }

  /**
   * Makes the ReplicaSet of the present template. Undefined when it could not: a name that another
   * template has is counted as a collision, and the next look tries another hash.
   */
  create(deployment: Deployment, oldSets: readonly ReplicaSet[]): ReplicaSet | undefined {
    const draft = this.#draft(deployment, oldSets);
    const { name = '' } = draft.metadata;
    const { replicas } = draft.spec;
    const result = this.#client.create('replicasets', draft);
    if (!result.ok) return this.#afterFailure(deployment, draft, result.failure);
    if (replicas > 0) this.#tellScaling(deployment, name, 0, replicas);
    this.#noteRevision(deployment, result.value);
    this.#noteProgress(
      deployment,
      { reason: 'NewReplicaSetCreated', message: `Created new replica set "${name}"` },
      true,
    );
    return result.value;
  }

  #draft(deployment: Deployment, oldSets: readonly ReplicaSet[]): Draft<ReplicaSet> {
    const { spec, metadata, status } = deployment;
    const hash = templateHash(spec.template, status.collisionCount);
    const hashLabel = { [POD_TEMPLATE_HASH]: hash };
    const labels: Labels = { ...spec.template.metadata?.labels, ...hashLabel };
    const held = oldSets.reduce((sum, set) => sum + set.spec.replicas, 0);
    const matchLabels = { ...spec.selector.matchLabels, ...hashLabel };
    return {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace,
        labels,
        annotations: {
          ...newSetAnnotations(deployment, undefined, nextRevision(oldSets)),
          ...sizesOf(deployment),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas: newSetReplicas(spec, 0, held),
        ...(spec.minReadySeconds && { minReadySeconds: spec.minReadySeconds }),
        selector: { ...spec.selector, matchLabels },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    };
  }

  #afterFailure(
    deployment: Deployment,
    { metadata, spec }: Draft<ReplicaSet>,
    failure: Failure,
  ): ReplicaSet | undefined {
    const { name = '', namespace = '' } = metadata;
    if (failure.reason === 'AlreadyExists') {
      const there = this.#client.get('replicasets', namespace, name);
      if (!there) return undefined;
      const mine = controllerOf(there)?.uid === deployment.metadata.uid;
      if (mine && sameTemplate(there.spec.template, spec.template)) return there;
      const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
      const status = { ...deployment.status, collisionCount };
      this.#client.updateStatus('deployments', { ...this.#fresh(deployment), status });
      return undefined;
    }
    const message = `Failed to create new replica set "${name}": ${failure.message}`;
    this.#events.tell(deployment, { type: 'Warning', reason: 'ReplicaSetCreateError', message });
    if (hasProgressDeadline(deployment)) {
      const reason = 'ReplicaSetCreateError';
      this.#setCondition(deployment, { type: 'Progressing', status: 'False', reason, message });
    }
    return undefined;
  }

  /** The Deployment carries its new set's revision. */
  #noteRevision(deployment: Deployment, newSet: ReplicaSet): void {
    const revision = newSet.metadata.annotations?.[REVISION] ?? '';
    const fresh = this.#fresh(deployment);
    if (fresh.metadata.annotations?.[REVISION] === revision) return;
    const annotations = { ...fresh.metadata.annotations, [REVISION]: revision };
    // Written with the status, so that it does not count as another generation.
    const metadata = { ...fresh.metadata, annotations };
    this.#client.updateStatus('deployments', { ...fresh, metadata });
  }

  /** That there is a new set: told once for a set that is found, always for one that is made. */
  #noteProgress(
    deployment: Deployment,
    words: { readonly reason: string; readonly message: string },
    always = false,
  ): void {
    const { conditions } = this.#fresh(deployment).status;
    if (!hasProgressDeadline(deployment)) return;
    if (!always && findCondition(conditions, 'Progressing')) return;
    this.#setCondition(deployment, { type: 'Progressing', status: 'True', ...words });
  }

  #setCondition(deployment: Deployment, condition: Condition): void {
    const fresh = this.#fresh(deployment);
    const now = rfc3339(this.#kernel.now);
    const conditions = withCondition(fresh.status.conditions ?? [], condition, now);
    if (conditions === fresh.status.conditions) return;
    const status = { ...fresh.status, conditions };
    this.#client.updateStatus('deployments', { ...fresh, status });
  }

  #fresh(deployment: Deployment): Deployment {
    const { namespace = '', name } = deployment.metadata;
    return this.#client.get('deployments', namespace, name) ?? deployment;
  }

  /** Gives a set a size, and notes on it for which size of the Deployment. */
  scale(deployment: Deployment, set: ReplicaSet, to: number): boolean {
    const from = set.spec.replicas;
    const sizes = sizesOf(deployment);
    const { annotations: known } = set.metadata;
    const [desired, max] = [Number(sizes[DESIRED_REPLICAS]), Number(sizes[MAX_REPLICAS])];
    const stale = replicasAnnotationsNeedUpdate(known, desired, max);
    if (from === to && !stale) return true;
    const metadata = { ...set.metadata, annotations: { ...known, ...sizes } };
    const spec = from === to ? set.spec : { ...set.spec, replicas: to };
    const write = () => this.#client.update('replicasets', { ...set, metadata, spec }).ok;
    if (from === to) return write();
    const decision = this.#tellScaling(deployment, set.metadata.name, from, to);
    return this.#kernel.because(decision, write);
  }

  #tellScaling(deployment: Deployment, name: string, from: number, to: number): number {
    const direction = to > from ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`;
    const reason = 'ScalingReplicaSet';
    return this.#events.tell(deployment, { type: 'Normal', reason, message });
  }
}

function sizesOf({ spec }: Deployment): Labels {
  return {
    [DESIRED_REPLICAS]: String(spec.replicas),
    [MAX_REPLICAS]: String(spec.replicas + maxSurge(spec)),
  };
}
