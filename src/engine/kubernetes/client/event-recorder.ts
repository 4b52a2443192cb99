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
  readonly #source: string;
  readonly #correlator: EventCorrelator;

  /** @param component as Events name their source: `kubelet`, `default-scheduler` */
  constructor(client: Client, component: string, host?: string) {
    this.#client = client;
    this.#component = component;
    this.#host = host;
    this.#source = `${component}|${host ?? ''}`;
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
      detail: news.detail,
    });
    this.#write(object, news);
    return record;
  }

  #write(object: KubeObject, news: News): void {
    const { now } = this.#client.kernel;
    const { apiVersion, kind } = object;
    const { name, namespace = 'default', uid } = object.metadata;
    const { type, reason, fieldPath: part = '' } = news;
    const host = this.#host;
    const source = this.#source;
    const telling = { source, about: uid || name, type, reason, part, message: news.message };
    const told = this.#correlator.correlate(telling, this.#component !== SCHEDULER);
    if (!told) return;
    const { count, message, firstMs, nth } = told;
    const involved = { apiVersion, kind, namespace, name, uid };
    this.#client.note({
      involved,
      component: this.#component,
      host,
      type,
      reason,
      message,
      part,
      count,
      firstMs,
      lastMs: now,
      nth,
    });
  }
}
