import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import { LATER, type Processes } from '../../sim/processes.ts';
import type { ApiRequest } from '../api/requests.ts';

/** Writes from outside that wait for etcd's disk before they are done. */
export class SlowWrites {
  readonly #due: EventType<{ request: ApiRequest; asker: Waiter }>;

  /** @param answer does the request; `LATER` when it answers by itself */
  constructor(
    kernel: Kernel,
    processes: Processes,
    cluster: string,
    answer: (request: ApiRequest, asker: Waiter) => unknown,
  ) {
    this.#due = kernel.event(`apiserver/${cluster}/slow-write`, ({ request, asker }) => {
      const found = answer(request, asker);
      if (found !== LATER) processes.reply(asker, found);
    });
  }

  delay(request: ApiRequest, asker: Waiter, delayMs: number): typeof LATER {
    this.#due.after(delayMs, { request, asker });
    return LATER;
  }
}
