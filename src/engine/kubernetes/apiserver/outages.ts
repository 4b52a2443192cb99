import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import { LATER, type Processes } from '../../sim/processes.ts';
import type { Table } from '../../sim/store.ts';
import type { ApiRequest } from '../api/requests.ts';
import { failed, type Failure } from '../apimachinery/status.ts';

/**
 * Requests from outside that came while etcd could not agree: they wait for it as long as a client
 * of etcd does, and are then refused (etcd-io/etcd server/etcdserver/v3_server.go, `ReqTimeout`: 5 s
 * and two election timeouts, v3.6).
 */
interface Waiting {
  readonly request: ApiRequest;
  readonly asker: Waiter;
  readonly untilMs: number;
  readonly outage: Failure;
}

const PATIENCE_MS = 7_000;
const LOOK_MS = 100;

export class Outages {
  readonly #kernel: Kernel;
  readonly #waiting: Table<number, Waiting>;
  readonly #look: EventType<{ pid: number }>;

  /** @param answer tries again; `undefined` while nothing has changed */
  constructor(
    kernel: Kernel,
    processes: Processes,
    cluster: string,
    answer: (request: ApiRequest, asker: Waiter) => unknown,
  ) {
    this.#kernel = kernel;
    this.#waiting = kernel.store.table<Waiting, number>(`apiserver/${cluster}/outages`);
    this.#look = kernel.event(`apiserver/${cluster}/after-outage`, ({ pid }) => {
      const waiting = this.#waiting.get(pid);
      if (!waiting) return;
      const { request, asker, untilMs, outage } = waiting;
      const late = kernel.now >= untilMs;
      const found = late ? failed(outage) : answer(request, asker);
      if (found === undefined) {
        this.#look.after(LOOK_MS, { pid });
        return;
      }
      this.#waiting.delete(pid);
      if (found !== LATER) processes.reply(asker, found);
    });
  }

  /** Keeps a request until it can be answered, or has waited too long. */
  keep(request: ApiRequest, asker: Waiter, outage: Failure): typeof LATER {
    const untilMs = this.#kernel.now + PATIENCE_MS;
    this.#waiting.set(asker.pid, { request, asker, untilMs, outage });
    this.#look.after(LOOK_MS, { pid: asker.pid });
    return LATER;
  }
}
