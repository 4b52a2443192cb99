import type { EventType } from '../../sim/kernel.ts';
import type { Container } from '../api/pod.ts';
import type { Hooks } from './hooks.ts';
import { nodeOf, type About, type PodTable } from './pod-table.ts';
import { isUp, type PodWork } from './pod-worker-row.ts';
import { isSidecar } from './restart-policy.ts';

/**
 * How a container is stopped (pkg/kubelet/kuberuntime/kuberuntime_container.go `killContainer`,
 * kuberuntime_termination_order.go, v1.36): its preStop hook, then its turn, then the image's stop
 * signal, and SIGKILL when what is left of the grace is over, at least two seconds later.
 */
const LEAST_GRACE_MS = 2000;

export class ContainerStops {
  readonly #pods: PodTable;
  readonly #hooks: () => Hooks;
  readonly #due: EventType<About>;

  constructor(pods: PodTable, hooks: () => Hooks) {
    this.#pods = pods;
    this.#hooks = hooks;
    this.#due = pods.world.kernel.event(`${pods.name}/kill`, (about) => this.#late(about));
  }

  /** Begins to stop a container that is up; nothing when it is on its way down already. */
  begin(about: About, graceMs: number, message: string | undefined): void {
    const { key, container: name } = about;
    const work = this.#pods.rows.get(key);
    const state = work?.containers[name];
    if (state?.id !== about.id || !isUp(state) || state.stop) return;
    const { kernel } = this.#pods.world;
    const deadlineMs = kernel.now + graceMs;
    const found = this.#pods.find(key, name);
    const hook = graceMs > 0 && state.stage !== 'starting' && found?.container.lifecycle?.preStop;
    const record =
      found && message !== undefined
        ? this.#pods.reports.tell(nodeOf(found.pod), found.pod, name, 'Killing', message)
        : kernel.cause;
    kernel.because(record, () => {
      if (!hook) return this.#take(about, deadlineMs);
      const ticket = this.#due.after(graceMs, about);
      this.#pods.change(key, name, { stop: { step: 'hook', deadlineMs, ticket } });
      this.#hooks().run({ ...about, hook: 'preStop' }, hook, found.container, found.work);
    });
  }

  /** The preStop hook is over. */
  hookOver(about: About, isFine: boolean): void {
    const found = this.#pods.findStart(about);
    const { stop } = found?.state ?? {};
    if (!found || stop?.step !== 'hook') return;
    if (!isFine) {
      const { reports } = this.#pods;
      const message = 'PreStopHook failed';
      reports.warn(nodeOf(found.pod), found.pod, about.container, 'FailedPreStopHook', message);
    }
    this.#take(about, stop.deadlineMs);
  }

  /** Waits for its turn, if it has one, and is then signalled. */
  #take(about: About, deadlineMs: number): void {
    const { key, container: name } = about;
    const { kernel } = this.#pods.world;
    this.#calledOff(key, name);
    if (deadlineMs <= kernel.now || this.#hasTurn(key, name)) {
      return this.#signal(about, deadlineMs);
    }
    const ticket = this.#due.after(deadlineMs - kernel.now, about);
    this.#pods.change(key, name, { stop: { step: 'turn', deadlineMs, ticket } });
  }

  #signal(about: About, deadlineMs: number): void {
    const { key, container: name, id } = about;
    const { kernel, runtime } = this.#pods.world;
    this.#calledOff(key, name);
    const { node } = this.#pods.rows.need(key);
    const leftMs = Math.max(LEAST_GRACE_MS, deadlineMs - kernel.now);
    const ticket = this.#due.after(leftMs, about);
    this.#pods.change(key, name, { stop: { step: 'signalled', deadlineMs, ticket } });
    const image = this.#specOf(key, name)?.image;
    const own = image === undefined ? undefined : runtime.image(node, image);
    const stopSignal = own?.stopSignal ?? 'SIGTERM';
    runtime.kill(node, id, stopSignal);
  }

  /** A grace is over: of the hook, of the turn, or of the signal. */
  #late(about: About): void {
    const { key, container: name, id } = about;
    const work = this.#pods.rows.get(key);
    const state = work?.containers[name];
    if (!work || state?.id !== id || !state.stop || !isUp(state)) return;
    if (state.stop.step === 'signalled') {
      this.#pods.world.runtime.kill(work.node, id, 'SIGKILL');
    } else this.#signal(about, state.stop.deadlineMs);
  }

  /** Sidecars go last, in reverse order; what has stopped gives the next one its turn. */
  #hasTurn(key: string, name: string): boolean {
    const work = this.#pods.rows.need(key);
    if (!work.ending) return true;
    const { containers = [], initContainers = [] } = this.#pods.podOf(work)?.spec ?? {};
    const at = initContainers.findIndex((one) => one.name === name);
    if (at === -1) return true;
    const before = [...containers, ...initContainers.slice(at + 1).filter(isSidecar)];
    return before.every((one) => !isStillUp(work, one));
  }

  /** Looks whose turn has come after something has stopped. */
  giveTurns(key: string): void {
    const work = this.#pods.rows.get(key);
    for (const [container, { stop, id = '' }] of Object.entries(work?.containers ?? {})) {
      if (stop?.step === 'turn' && this.#hasTurn(key, container)) {
        this.#signal({ key, container, id }, stop.deadlineMs);
      }
    }
  }

  /** A shorter grace than before counts from now on. */
  shorten(key: string, deadlineMs: number): void {
    const { kernel } = this.#pods.world;
    for (const [name, { stop, id = '' }] of Object.entries(this.#pods.rows.need(key).containers)) {
      if (!stop || stop.deadlineMs <= deadlineMs) continue;
      this.#calledOff(key, name);
      const leftMs = Math.max(deadlineMs - kernel.now, LEAST_GRACE_MS);
      const ticket = this.#due.after(leftMs, { key, container: name, id });
      this.#pods.change(key, name, { stop: { ...stop, deadlineMs, ticket } });
    }
  }

  /** What was due of a stop is not any more: it has ended, or goes on otherwise. */
  #calledOff(key: string, name: string): void {
    const ticket = this.#pods.rows.need(key).containers[name]?.stop?.ticket;
    if (ticket) this.#pods.world.kernel.cancel(ticket);
  }

  ended(key: string, name: string): void {
    this.#calledOff(key, name);
  }

  #specOf(key: string, name: string): Container | undefined {
    return this.#pods.find(key, name)?.container;
  }
}

const isStillUp = (work: PodWork, { name }: Container): boolean => {
  const state = work.containers[name];
  return state !== undefined && isUp(state);
};
