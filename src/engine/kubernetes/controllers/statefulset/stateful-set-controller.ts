import type { Kernel } from '../../../sim/kernel.ts';
import type { Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import type { StatefulSet } from '../../api/workloads.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { controllerOf, keyOf, splitKey } from '../../apimachinery/object.ts';
import { nextAvailableInMs } from '../availability.ts';
import { claimPods } from '../claim.ts';
import { slowStart } from '../slow-start.ts';
import { identityMatches, isMember, memberDraft, podNameOf, storageMatches } from './identity.ts';
import {
  firstUnavailable,
  isRunningAndAvailable,
  isRunningAndReady,
  isTerminating,
  membershipOf,
  needsCurrentRevision,
  podsToUpdate,
  statusOf,
  type Membership,
  type Moment,
  type Revisions,
  type Slot,
} from './replicas.ts';
import { RevisionKeeper } from './revisions.ts';
import { StatefulPodControl } from './stateful-pod-control.ts';

/**
 * StatefulSet -> Pods with a name, a place in order and claims of their own
 * (pkg/controller/statefulset/stateful_set{,_control}.go, v1.36). OrderedReady takes one step at a
 * time and waits for it; Parallel takes all at once. Scaling comes before updating.
 */
const NAME = 'statefulset-controller';

/** What one look came to: go on, wait for something, or try again. */
type Outcome = 'on' | 'wait' | 'failed';

/** A set in one look. */
interface Look {
  readonly set: StatefulSet;
  readonly revisions: Revisions;
  readonly members: Membership;
  readonly moment: Moment;
  readonly ordered: boolean;
}

export class StatefulSetController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #pods: StatefulPodControl;
  readonly #revisions: RevisionKeeper;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#pods = new StatefulPodControl(this.#client, new EventRecorder(this.#client, NAME));
    this.#revisions = new RevisionKeeper(this.#client);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'statefulsets',
      'statefulsets',
      ({ type, object, previous }) =>
        type !== 'DELETED' &&
        (object.metadata.generation !== previous?.metadata.generation ||
          object.metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp),
      ({ object }) => this.#queue.add(keyOf(object)),
    );
    this.#client.watch('pods', 'pods', concerns, (event) => {
      for (const owner of owners(event)) {
        this.#queue.add(`${event.object.metadata.namespace ?? ''}/${owner}`);
      }
    });
    this.#client.watch(
      'pods',
      'orphans',
      ({ type, object }) => type === 'ADDED' && !controllerOf(object),
      ({ object }) => this.#enqueueAdopters(object),
    );
  }

  #enqueueAdopters(pod: Pod): void {
    for (const set of this.#client.scan('statefulsets', pod.metadata.namespace)) {
      if (selectorMatches(set.spec.selector, pod.metadata.labels)) this.#queue.add(keyOf(set));
    }
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get('statefulsets', namespace, name);
    if (!set) return true;
    const { selector, minReadySeconds } = set.spec;
    const claim = { owner: set, selector, adopts: (pod: Pod) => isMember(set, pod) };
    const pods = claimPods(this.#client, claim).filter((pod) => isMember(set, pod));
    const revisions = this.#revisions.keep(set, pods);
    if (!revisions) return false;
    const moment = { minReadySeconds, nowMs: this.#kernel.now };
    const members = membershipOf(set, pods);
    const ordered = set.spec.podManagementPolicy !== 'Parallel';
    const outcome = set.metadata.deletionTimestamp
      ? 'wait'
      : this.#act({ set, revisions, members, moment, ordered });
    return this.#report(set, revisions) && outcome !== 'failed';
  }

  #act(look: Look): Outcome {
    const { members } = look;
    const first = this.#each(look, members.slots, (slot) => this.#fill(look, slot));
    if (first !== 'on') return first;
    const second = this.#each(look, members.condemned, (pod) => this.#keepClaims(look, pod));
    if (second !== 'on') return second;
    const third = this.#each(look, members.condemned, (pod) => this.#condemn(look, pod));
    if (third !== 'on') return third;
    if (members.cut) {
      this.#queue.add(keyOf(look.set));
      return 'on';
    }
    return this.#update(look);
  }

  /** In order until one has to wait, or all in batches. */
  #each<T>({ ordered }: Look, all: readonly T[], step: (one: T) => Outcome): Outcome {
    if (ordered) {
      for (const one of all) {
        const outcome = step(one);
        if (outcome !== 'on') return outcome;
      }
      return 'on';
    }
    const done = slowStart(all.length, 1, (i) => step(all[i] as T) !== 'failed');
    return done === all.length ? 'on' : 'failed';
  }

  /** Brings one place of the set to a Pod that runs (`processReplica`). */
  #fill(look: Look, { ordinal, pod }: Slot): Outcome {
    const { set, moment, ordered } = look;
    if (!pod) return this.#create(look, ordinal);
    const { phase } = pod.status;
    if (phase === 'Failed' || phase === 'Succeeded') {
      if (isTerminating(pod)) return 'wait';
      return this.#pods.delete(set, pod) === undefined ? 'wait' : 'failed';
    }
    if (phase === 'Pending' && this.#pods.createClaims(set, pod.metadata.name) !== undefined) {
      return 'failed';
    }
    if (ordered && (isTerminating(pod) || !isRunningAndAvailable(pod, moment))) return 'wait';
    const consistent = identityMatches(set, pod) && storageMatches(set, pod);
    if (consistent && this.#pods.claimsAreKept(set, pod)) return 'on';
    return this.#pods.update(set, pod) === undefined ? 'on' : 'failed';
  }

  #create({ set, revisions, ordered }: Look, ordinal: number): Outcome {
    if (this.#pods.hasStaleClaim(set, podNameOf(set, ordinal))) return 'wait';
    const current = needsCurrentRevision(set, ordinal);
    const draft = memberDraft(set, current ? revisions.current : revisions.update, ordinal);
    if (this.#pods.create(set, draft) !== undefined) return 'failed';
    return ordered ? 'wait' : 'on';
  }

  #keepClaims({ set }: Look, pod: Pod): Outcome {
    if (this.#pods.claimsAreKept(set, pod)) return 'on';
    return this.#pods.keepClaims(set, pod) === undefined ? 'on' : 'failed';
  }

  /** Takes away a Pod beyond the wanted number (`processCondemned`). */
  #condemn({ set, members, moment, ordered }: Look, pod: Pod): Outcome {
    if (isTerminating(pod)) return ordered ? 'wait' : 'on';
    const healthy = isRunningAndReady(pod) && isRunningAndAvailable(pod, moment);
    const first = firstUnavailable(members, (ordinal) => podNameOf(set, ordinal), moment);
    if (ordered && !healthy && pod.metadata.name !== first) return 'wait';
    if (this.#pods.delete(set, pod) !== undefined) return 'failed';
    return ordered ? 'wait' : 'on';
  }

  #update({ set, revisions, members, moment }: Look): Outcome {
    for (const pod of podsToUpdate(set, members.slots, revisions.update.metadata.name, moment)) {
      if (this.#pods.delete(set, pod) !== undefined) return 'failed';
    }
    return 'on';
  }

  #report(stale: StatefulSet, revisions: Revisions): boolean {
    const { namespace = '', name, uid } = stale.metadata;
    const set = this.#client.get('statefulsets', namespace, name);
    if (!set) return true;
    const nowMs = this.#kernel.now;
    const pods = this.#client.ownedBy('pods', uid).filter((pod) => isMember(set, pod));
    const status = statusOf(set, pods, revisions, nowMs);
    const waitMs = nextAvailableInMs(pods, set.spec.minReadySeconds, nowMs);
    if (waitMs !== undefined) this.#queue.add(keyOf(set), waitMs);
    if (sameValue(status, set.status)) return true;
    return this.#client.updateStatus('statefulsets', { ...set, status }).ok;
  }
}

const isOfSet = (pod: Pod): boolean => controllerOf(pod)?.kind === 'StatefulSet';

/** A Pod of a StatefulSet came, went or changed: asked for every Pod of the cluster. */
function concerns({ object, previous }: WatchEvent<Pod>): boolean {
  return isOfSet(object) || (previous !== undefined && isOfSet(previous));
}

/** The StatefulSets that a Pod belongs or belonged to. */
function owners({ object, previous }: WatchEvent<Pod>): string[] {
  const names = (previous ? [object, previous] : [object])
    .map(controllerOf)
    .flatMap((owner) => (owner?.kind === 'StatefulSet' ? owner.name : []));
  return [...new Set(names)];
}
