import { parseRfc3339, SECOND } from '../../../sim/clock.ts';
import type { Kernel } from '../../../sim/kernel.ts';
import { keyOf, splitKey } from '../../apimachinery/object.ts';
import type { Job } from '../../api/batch.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * Deletes Jobs so many seconds after they have finished, with their Pods
 * (pkg/controller/ttlafterfinished/ttlafterfinished_controller.go, v1.36).
 */
const NAME = 'ttl-after-finished-controller';

/** When a Job is to go; undefined while it is to stay. */
export function expiryMs({ spec, status, metadata }: Job): number | undefined {
  const { ttlSecondsAfterFinished: ttl } = spec;
  if (ttl === undefined || metadata.deletionTimestamp) return undefined;
  const ended = (status.conditions ?? []).find(
    (condition) =>
      (condition.type === 'Complete' || condition.type === 'Failed') && condition.status === 'True',
  );
  const endedMs = parseRfc3339(ended?.lastTransitionTime ?? '');
  return endedMs === undefined ? undefined : endedMs + ttl * SECOND;
}

export class TtlAfterFinishedController {
  readonly #client: Client;
  readonly #queue: WorkQueue;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'jobs',
      'jobs',
      ({ type, object, previous }) =>
        type !== 'DELETED' &&
        expiryMs(object) !== undefined &&
        (!previous || expiryMs(previous) !== expiryMs(object)),
      ({ object }) => this.#queue.add(keyOf(object)),
    );
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const job = this.#client.get('jobs', namespace, name);
    const dueMs = job && expiryMs(job);
    if (!job || dueMs === undefined) return true;
    const { now } = this.#client.kernel;
    if (dueMs > now) {
      this.#queue.add(key, dueMs - now);
      return true;
    }
    const result = this.#client.delete('jobs', job, { propagationPolicy: 'Foreground' });
    return result.ok || result.failure.reason === 'NotFound';
  }
}
