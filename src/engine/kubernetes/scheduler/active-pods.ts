/**
 * Pods whose turn it is to be tried, the most important first and among equals the one that came
 * first (PrioritySort, plugins/queuesort, v1.36): a binary heap. What is pushed is never taken out
 * before its turn; whoever takes one sees whether it still counts.
 */
export interface Ranked {
  readonly priority: number;
  readonly order: number;
}

export class ActivePods<T extends Ranked> {
  readonly #heap: T[] = [];

  clear(): void {
    this.#heap.length = 0;
  }

  get first(): T | undefined {
    return this.#heap[0];
  }

  push(pod: T): void {
    const heap = this.#heap;
    let at = heap.push(pod) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(pod, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = pod;
  }

  dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!comesBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

const comesBefore = (a: Ranked, b: Ranked): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.order < b.order);
