import { EPOCH_UNIX_MS, rfc3339 } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import type { Event } from '../api/cluster-objects.ts';
import { describeObject, type KubeObject } from '../apimachinery/object.ts';
import type { Client } from './client.ts';
import { EventCorrelator } from './event-correlator.ts';

/**
 * Events about objects (staging/src/k8s.io/client-go/tools/record, v1.36): what `kubectl describe`
 * and `kubectl get events` show. An Event that was told before is counted up, not written again;
 * see event-correlator.ts.
 *
 * Simplified: what is remembered outlasts a stop of the component. The scheduler tells its Events by
 * the newer API in life, which leaves none out; here they are written in the older form.
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

/** Its Events are neither combined nor left out. */
const SCHEDULER = 'default-scheduler';

export class EventRecorder {
  readonly #client: Client;
  readonly #component: string;
  readonly #host: string | undefined;
  readonly #correlator: EventCorrelator;

  /** @param component as Events name their source: `kubelet`, `default-scheduler` */
  constructor(client: Client, component: string, host?: string) {
    this.#client = client;
    this.#component = component;
    this.#host = host;
    this.#correlator = EventCorrelator.of(client.kernel);
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
    const { kernel } = this.#client;
    const { name, namespace = 'default', uid } = object.metadata;
    const told = this.#correlator.correlate(
      {
        source: `${this.#component}|${this.#host ?? ''}|${uid || name}`,
        kind: `${news.type} ${news.reason}`,
        part: news.fieldPath ?? '',
        message: news.message,
        timestamp: now,
        newName: (nth) => {
          const draw = kernel.random('event', uid, kernel.now, nth);
          return `${name}.${nanoseconds(kernel.now, nth, draw)}`;
        },
      },
      this.#component !== SCHEDULER,
    );
    if (!told) return;
    const { count, message, called, firstTimestamp } = told;
    const known = told.name && this.#client.get('events', namespace, told.name);
    if (known) {
      this.#client.update('events', { ...known, count, message, lastTimestamp: now });
      return;
    }
    const event = this.#draft(object, { ...news, message }, now);
    const metadata = { name: called, namespace };
    this.#client.note({ ...event, count, firstTimestamp, metadata });
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
}

/**
 * The time since 1970 in hexadecimal nanoseconds: within a millisecond by turns, the last three
 * digits drawn by lot.
 */
function nanoseconds(nowMs: number, nth: number, draw: Random): string {
  const millis = BigInt(EPOCH_UNIX_MS + nowMs);
  const below = (nth % 1000) * 1000 + draw.integer(0, 999);
  return (millis * 1_000_000n + BigInt(below)).toString(16);
}
