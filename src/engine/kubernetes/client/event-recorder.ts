import { EPOCH_UNIX_MS, rfc3339 } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import { eventTerm, sameEventTerm } from '../api/index-terms.ts';
import type { Event } from '../api/cluster-objects.ts';
import { describeObject, type KubeObject } from '../apimachinery/object.ts';
import type { Client } from './client.ts';

/**
 * Events about objects (staging/src/k8s.io/client-go/tools/record, v1.36): what `kubectl describe`
 * and `kubectl get events` show. An Event that was told before is counted up, not written again.
 *
 * Simplified: no rate limits and no aggregation of similar Events.
 */
export interface News {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Which part of the object: `spec.containers{web}`. */
  readonly fieldPath?: string;
  /** Plain facts for the trace. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export class EventRecorder {
  readonly #client: Client;
  readonly #component: string;
  readonly #host: string | undefined;

  /** @param component as Events name their source: `kubelet`, `default-scheduler` */
  constructor(client: Client, component: string, host?: string) {
    this.#client = client;
    this.#component = component;
    this.#host = host;
  }

  /** Notes news in the trace and as an Event; gives the trace record, the cause of what follows. */
  tell(object: KubeObject, news: News): number {
    const { kernel, user } = this.#client;
    const record = kernel.record({
      actor: user,
      verb: news.type === 'Warning' ? 'warn' : 'report',
      object: describeObject(object),
      reason: news.reason,
      message: news.message,
      ...(news.detail && { detail: news.detail }),
    });
    this.#write(object, news, rfc3339(kernel.now));
    return record;
  }

  #write(object: KubeObject, news: News, now: string): void {
    const event = this.#draft(object, news, now);
    const [known] = this.#client.byIndex('events', sameEventTerm(event));
    if (known) {
      const count = known.count + 1;
      this.#client.update('events', { ...known, count, lastTimestamp: now });
      return;
    }
    const { name, namespace, uid } = event.involvedObject;
    const { kernel } = this.#client;
    const draw = kernel.random('event', uid, kernel.now, this.#nth(uid));
    const metadata = { name: `${name}.${nanoseconds(kernel.now, draw)}`, namespace };
    this.#client.create('events', { ...event, metadata });
  }

  #draft(object: KubeObject, news: News, now: string): Omit<Event, 'metadata'> {
    const { reason, message, type, fieldPath } = news;
    const { name, namespace = 'default', uid } = object.metadata;
    const { apiVersion, kind } = object;
    const involved = { apiVersion, kind, namespace, name, uid };
    return {
      apiVersion: 'v1',
      kind: 'Event',
      involvedObject: { ...involved, ...(fieldPath && { fieldPath }) },
      source: { component: this.#component, ...(this.#host && { host: this.#host }) },
      reportingComponent: this.#component,
      reportingInstance: this.#host ?? '',
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      reason,
      message,
      type,
    };
  }

  #nth(uid: string): number {
    return this.#client.countByIndex('events', eventTerm(uid));
  }
}

/** The time since 1970 in hexadecimal nanoseconds, those below a millisecond drawn by lot. */
function nanoseconds(nowMs: number, draw: Random): string {
  const millis = BigInt(EPOCH_UNIX_MS + nowMs);
  return (millis * 1_000_000n + BigInt(draw.integer(0, 999_999))).toString(16);
}
