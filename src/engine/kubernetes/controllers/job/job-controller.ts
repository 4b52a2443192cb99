import type { Kernel } from '../../../sim/kernel.ts';
import type { Table } from '../../../sim/store.ts';
import { JOB_TRACKING_FINALIZER, type Job, type JobStatus } from '../../api/batch.ts';
import { isPodReady, type Pod } from '../../api/pod.ts';
import type { ApiDoor, WatchEvent } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';
import { controllerOf, keyOf, splitKey } from '../../apimachinery/object.ts';
import { claimPods } from '../claim.ts';
import { isNamespaceTerminating, PodControl } from '../pod-control.ts';
import type { BackoffRecord } from './backoff.ts';
import { completionIndexOf } from './indexes.ts';
import { jobPod } from './job-pod.ts';
import { syncJob, type Hands } from './sync.ts';
import { isJobFinished, isTracked } from './view.ts';

/** Job -> Pods that run to their end (pkg/controller/job/job_controller.go, v1.36). */
const NAME = 'job-controller';

/** News of Pods is gathered for so long before a Job is looked at (`SyncJobBatchPeriod`). */
const BATCH_MS = 1000;

const MANAGER = 'kubernetes.io/job-controller';

export class JobController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #pods: PodControl;
  readonly #queue: WorkQueue;
  /** Pods whose Job is gone or done, and that still wait to be counted. */
  readonly #orphans: WorkQueue;
  readonly #backoffs: Table<string, BackoffRecord>;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, NAME);
    this.#pods = new PodControl(this.#client, this.#events);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#orphans = new WorkQueue(this.#client, `${NAME}/${cluster}/orphans`, (key) =>
      this.#syncOrphan(key),
    );
    this.#backoffs = kernel.store.table<BackoffRecord>(`${NAME}/${cluster}/backoffs`);
    this.#watch();
  }

  #watch(): void {
    this.#client.watch(
      'jobs',
      'jobs',
      ({ type, object, previous }) => type === 'DELETED' || worthALook(object, previous),
      ({ type, object }) => {
        if (type !== 'DELETED') this.#queue.add(keyOf(object));
        else this.#forget(object);
      },
    );
    this.#client.watch('pods', 'pods', concerns, ({ object, previous }) => {
      const owner = controllerOf(object);
      if (owner?.kind === 'Job') {
        this.#queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`, BATCH_MS);
      }
      const before = previous && controllerOf(previous);
      if (before?.kind === 'Job' && before.uid !== owner?.uid) {
        this.#queue.add(`${object.metadata.namespace ?? ''}/${before.name}`, BATCH_MS);
      }
      if (isTracked(object) && this.#isOrphan(object)) this.#orphans.add(keyOf(object));
    });
  }

  /** The Job that manages a Pod, if it is there and has not finished. */
  #isOrphan(pod: Pod): boolean {
    const owner = controllerOf(pod);
    if (!owner) return true;
    if (owner.kind !== 'Job') return false;
    const job = this.#client.get('jobs', pod.metadata.namespace ?? '', owner.name);
    return job?.metadata.uid !== owner.uid || isJobFinished(job);
  }

  #forget(job: Job): void {
    this.#backoffs.delete(keyOf(job));
    for (const pod of this.#client.ownedBy('pods', job.metadata.uid)) {
      if (isTracked(pod)) this.#orphans.add(keyOf(pod));
    }
  }

  /** Nobody counts this Pod any more: lets it go. */
  #syncOrphan(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const pod = this.#client.get('pods', namespace, name);
    return !pod || !isTracked(pod) || !this.#isOrphan(pod) || this.#release(pod);
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const job = this.#client.get('jobs', namespace, name);
    if (!job || isJobFinished(job)) {
      this.#backoffs.delete(key);
      return true;
    }
    const { managedBy, selector } = job.spec;
    if (managedBy !== undefined && managedBy !== MANAGER) return true;
    const pods = selector
      ? claimPods(this.#client, { owner: job, selector, finalizer: JOB_TRACKING_FINALIZER })
      : this.#client.ownedBy('pods', job.metadata.uid);
    const nowMs = this.#kernel.now;
    const outcome = syncJob(job, pods, this.#backoffs.get(key), nowMs, this.#handsFor(job));
    this.#keepBackoff(key, outcome.backoff);
    if (outcome.againInMs !== undefined) this.#queue.add(key, outcome.againInMs);
    return outcome.ok;
  }

  #keepBackoff(key: string, record: BackoffRecord): void {
    if (sameValue(record, this.#backoffs.get(key))) return;
    if (record.failures === 0) this.#backoffs.delete(key);
    else this.#backoffs.set(key, record);
  }

  #handsFor(job: Job): Hands {
    return {
      create: (view, index) => {
        const replaced = index === undefined ? undefined : view.replaced.get(index);
        const result = this.#pods.create(job, job.spec.template, jobPod(job, index, replaced));
        return result.ok || isNamespaceTerminating(result.failure);
      },
      remove: (pod, counted) =>
        (counted || this.#release(pod)) && this.#pods.delete(job, pod) === undefined,
      release: (pod) => this.#release(pod),
      write: (status) => this.#write(job, status),
      tell: (news) => {
        this.#events.tell(job, news);
      },
    };
  }

  #release(pod: Pod): boolean {
    const { namespace = '', name, uid } = pod.metadata;
    const there = this.#client.get('pods', namespace, name);
    if (there?.metadata.uid !== uid || !isTracked(there)) return true;
    const finalizers = there.metadata.finalizers?.filter((one) => one !== JOB_TRACKING_FINALIZER);
    const metadata = { ...there.metadata, finalizers };
    return this.#client.update('pods', { ...there, metadata }).ok;
  }

  #write({ metadata: { namespace = '', name } }: Job, status: JobStatus): boolean {
    const job = this.#client.get('jobs', namespace, name);
    if (!job || sameValue(status, job.status)) return job !== undefined;
    return this.#client.updateStatus('jobs', { ...job, status }).ok;
  }
}

/** A status that the controller itself wrote is no news to it. */
function worthALook(job: Job, previous: Job | undefined): boolean {
  return (
    job.metadata.generation !== previous?.metadata.generation ||
    job.metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp ||
    (previous !== undefined && isJobFinished(job) !== isJobFinished(previous))
  );
}

const isOfJob = (pod: Pod): boolean => controllerOf(pod)?.kind === 'Job';

/** A Pod of a Job came, went, started, ended, or became ready or not. */
function concerns({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (!isOfJob(object) && !(previous && isOfJob(previous)) && !isTracked(object)) return false;
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    isPodReady(object) !== isPodReady(previous) ||
    object.status.phase !== previous.status.phase ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    completionIndexOf(object) !== completionIndexOf(previous) ||
    restartsOf(object) !== restartsOf(previous) ||
    !sameValue(object.metadata.ownerReferences, previous.metadata.ownerReferences) ||
    !sameValue(object.metadata.labels, previous.metadata.labels)
  );
}

const restartsOf = ({ status }: Pod): number =>
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].reduce(
    (sum, { restartCount }) => sum + restartCount,
    0,
  );
