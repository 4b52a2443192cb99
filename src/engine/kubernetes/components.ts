import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import type { ComponentStates } from './api/requests.ts';

/**
 * The processes of a control plane that can stop on their own: kube-scheduler,
 * kube-controller-manager, and whoever else asks the API server. One that has stopped takes nothing
 * from its queues; started again, it lists and goes on from what it finds, as level-driven work can.
 */
interface ComponentRow {
  readonly sinceMs: number;
}

export class Components implements ComponentStates {
  readonly #kernel: Kernel;
  readonly #stopped: Table<string, ComponentRow>;
  readonly #listeners = new Map<string, (() => void)[]>();

  constructor(kernel: Kernel, cluster: string) {
    this.#kernel = kernel;
    this.#stopped = kernel.store.table<ComponentRow>(`components/${cluster}/stopped`);
  }

  isRunning(component: string): boolean {
    return !this.#stopped.has(component);
  }

  onStart(component: string, listener: () => void): void {
    this.#listeners.set(component, [...(this.#listeners.get(component) ?? []), listener]);
  }

  /** Stops a component, or starts it again; nothing when it is so already. */
  set(component: string, running: boolean): void {
    if (running === this.isRunning(component)) return;
    if (!running) {
      this.#stopped.set(component, { sinceMs: this.#kernel.now });
      return;
    }
    this.#stopped.delete(component);
    for (const listener of this.#listeners.get(component) ?? []) listener();
  }
}
