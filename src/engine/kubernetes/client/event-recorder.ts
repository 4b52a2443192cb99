import { rfc3339 } from '../../sim/clock.ts';
import { eventTerm } from '../api/index-terms.ts';
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
    const { reason, message, type, fieldPath } = news;
    const known = this.#client
      .byIndex('events', eventTerm(object.metadata.uid))
      .find(
        (event) =>
          event.reason === reason &&
          event.message === message &&
          event.involvedObject.fieldPath === fieldPath &&
          event.source.component === this.#component &&
          event.source.host === this.#host,
      );
    if (known) {
      const count = known.count + 1;
      this.#client.update('events', { ...known, count, lastTimestamp: now });
    } else {
      this.#client.create('events', {
        apiVersion: 'v1',
        kind: 'Event',
        ...this.#first(object, fieldPath, now),
        reason,
        message,
        type,
      });
    }
  }

  #first(object: KubeObject, fieldPath: string | undefined, now: string) {
    const { kernel } = this.#client;
    const { name, namespace = 'default', uid } = object.metadata;
    const { apiVersion, kind } = object;
    const draw = kernel.random('event', uid, kernel.moment.sequence, kernel.now, this.#nth(uid));
    const suffix = draw.text(16, '0123456789abcdef');
    const involved = { apiVersion, kind, namespace, name, uid };
    const source = { component: this.#component, ...(this.#host && { host: this.#host }) };
    return {
      metadata: { name: `${name}.${suffix}`, namespace },
      involvedObject: { ...involved, ...(fieldPath && { fieldPath }) },
      source,
      reportingComponent: this.#component,
      reportingInstance: this.#host ?? '',
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
    } satisfies Partial<Omit<Event, 'metadata'>> & { metadata: object };
  }

  #nth(uid: string): number {
    return this.#client.countByIndex('events', eventTerm(uid));
  }
}
