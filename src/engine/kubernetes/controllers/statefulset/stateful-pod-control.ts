import type { Pod } from '../../api/pod.ts';
import type { PersistentVolumeClaim } from '../../api/storage.ts';
import type { StatefulSet } from '../../api/workloads.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import type { Draft } from '../../apimachinery/object.ts';
import { isStale, ownersOf, retentionOf } from './claims.ts';
import {
  claimsOf,
  identityMatches,
  ordinalOf,
  storageMatches,
  volumesOf,
  withIdentity,
} from './identity.ts';

/**
 * A StatefulSet's Pods and claims as they are written, with the Events that say so
 * (pkg/controller/statefulset/stateful_pod_control.go, v1.36). Every operation gives why it failed,
 * undefined when it did not.
 */
type Failed = string | undefined;

export type MemberDraft = Draft<Pod> & { readonly metadata: { readonly name: string } };

export class StatefulPodControl {
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client, events: EventRecorder) {
    this.#client = client;
    this.#events = events;
  }

  /** Makes a Pod after its claims. */
  create(set: StatefulSet, draft: MemberDraft): Failed {
    const { name } = draft.metadata;
    const claims = this.createClaims(set, name);
    if (claims !== undefined) {
      this.#tellPod('create', set, name, claims);
      return claims;
    }
    const result = this.#client.create('pods', draft);
    if (!result.ok) {
      const { reason, message } = result.failure;
      if (reason !== 'AlreadyExists') this.#tellPod('create', set, name, message);
      return message;
    }
    const kept = this.keepClaims(set, result.value);
    if (kept !== undefined) {
      this.#tellPod('update', set, name, kept);
      return kept;
    }
    this.#tellPod('create', set, name);
    return undefined;
  }

  delete(set: StatefulSet, pod: Pod): Failed {
    const result = this.#client.delete('pods', pod);
    const failure = result.ok ? undefined : result.failure;
    this.#tellPod('delete', set, pod.metadata.name, failure?.message);
    return failure?.reason === 'NotFound' ? undefined : failure?.message;
  }

  /** Gives a Pod back what makes it a member of its set: labels, claims and their owners. */
  update(set: StatefulSet, pod: Pod): Failed {
    const { name } = pod.metadata;
    const consistent = identityMatches(set, pod) && storageMatches(set, pod);
    if (!storageMatches(set, pod)) {
      const claims = this.createClaims(set, name);
      if (claims !== undefined) {
        this.#tellPod('update', set, name, claims);
        return claims;
      }
    }
    const kept = this.keepClaims(set, pod);
    if (kept !== undefined) {
      this.#tellPod('update', set, name, kept);
      return kept;
    }
    if (consistent) return undefined;
    const volumes = volumesOf(set, ordinalOf(pod), pod.spec.volumes);
    const member = withIdentity(set, pod);
    const result = this.#client.update('pods', { ...member, spec: { ...pod.spec, volumes } });
    const failure = result.ok ? undefined : result.failure.message;
    this.#tellPod('update', set, name, failure);
    return failure;
  }

  /** Makes the claims of a Pod that are not there. */
  createClaims(set: StatefulSet, podName: string): Failed {
    const failures: string[] = [];
    for (const claim of claimsOf(set, ordinalOf({ metadata: { name: podName } }))) {
      const { name = '', namespace = '' } = claim.metadata;
      const there = this.#client.get('persistentvolumeclaims', namespace, name);
      if (there?.metadata.deletionTimestamp) failures.push(`pvc ${name} is being deleted`);
      if (there) continue;
      const result = this.#client.create('persistentvolumeclaims', claim);
      if (!result.ok) {
        failures.push(`failed to create PVC ${name}: ${result.failure.message}`);
        if (result.failure.reason === 'AlreadyExists') continue;
      }
      this.#tellClaim(set, podName, name, result.ok ? undefined : result.failure.message);
    }
    if (failures.length <= 1) return failures[0];
    return `[${[...new Set(failures)].join(', ')}]`;
  }

  /** Whether one of the Pod's claims still belongs to an earlier Pod of its name. */
  hasStaleClaim(set: StatefulSet, podName: string): boolean {
    if (retentionOf(set).whenScaled === 'Retain') return false;
    return this.#claims(set, podName).some((claim) => isStale(claim, podName));
  }

  /** Whether the Pod's claims have the owners that the retention policy wants. */
  claimsAreKept(set: StatefulSet, pod: Pod): boolean {
    return this.#claims(set, pod.metadata.name).every((claim) =>
      sameValue(ownersOf(claim, set, pod), claim.metadata.ownerReferences ?? []),
    );
  }

  /** Gives the Pod's claims the owners that the retention policy wants. */
  keepClaims(set: StatefulSet, pod: Pod): Failed {
    for (const claim of this.#claims(set, pod.metadata.name)) {
      const ownerReferences = ownersOf(claim, set, pod);
      if (sameValue(ownerReferences, claim.metadata.ownerReferences ?? [])) continue;
      const metadata = { ...claim.metadata, ownerReferences };
      const result = this.#client.update('persistentvolumeclaims', { ...claim, metadata });
      if (!result.ok) {
        const { name } = claim.metadata;
        return `could not update claim ${name} for delete policy ownerRefs: ${result.failure.message}`;
      }
    }
    return undefined;
  }

  #claims(set: StatefulSet, podName: string): PersistentVolumeClaim[] {
    return claimsOf(set, ordinalOf({ metadata: { name: podName } })).flatMap(({ metadata }) => {
      const { namespace = '', name = '' } = metadata;
      return this.#client.get('persistentvolumeclaims', namespace, name) ?? [];
    });
  }

  #tellPod(verb: string, set: StatefulSet, pod: string, failure?: string): void {
    const what = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`;
    this.#tell(set, verb, failure === undefined ? `${what} successful` : what, failure);
  }

  #tellClaim(set: StatefulSet, pod: string, claim: string, failure?: string): void {
    const { name } = set.metadata;
    const done = `create Claim ${claim} Pod ${pod} in StatefulSet ${name} success`;
    const tried = `create Claim ${claim} for Pod ${pod} in StatefulSet ${name}`;
    this.#tell(set, 'create', failure === undefined ? done : tried, failure);
  }

  #tell(set: StatefulSet, verb: string, words: string, failure: Failed): void {
    const title = verb.charAt(0).toUpperCase() + verb.slice(1);
    if (failure === undefined) {
      this.#events.tell(set, { type: 'Normal', reason: `Successful${title}`, message: words });
      return;
    }
    const message = `${words} failed error: ${failure}`;
    this.#events.tell(set, { type: 'Warning', reason: `Failed${title}`, message });
  }
}
