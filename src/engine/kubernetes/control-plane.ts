import type { Links } from '../net/link.ts';
import type { Raft } from '../raft/raft.ts';
import { SECOND } from '../sim/clock.ts';
import type { EventType, Kernel, Ticket } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import type { Components } from './components.ts';
import { SLOW_WRITE_MS, type EtcdDisks } from './etcd-disks.ts';

/**
 * The processes of a control plane on their machines: which of them run, who of several is the
 * leader, and from where the API can be reached.
 *
 * kube-scheduler and kube-controller-manager work one at a time. The one that holds the lease
 * works; when it is gone, its lease runs out and another takes it
 * (staging/src/k8s.io/client-go/tools/leaderelection/leaderelection.go, v1.36).
 *
 * Simplified: a lease is written when it changes hands, not every two seconds.
 */
export const CONTROL_PLANE_PROCESSES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
] as const;

export type ControlPlaneProcess = (typeof CONTROL_PLANE_PROCESSES)[number];

/** Those of which one works and the others wait. */
const ELECTED: readonly ControlPlaneProcess[] = ['kube-controller-manager', 'kube-scheduler'];

/** `--leader-elect-lease-duration`, `-renew-deadline` and `-retry-period`. */
const LEASE_MS = 15 * SECOND;
const RENEW_DEADLINE_MS = 10 * SECOND;
const RETRY_MS = 2 * SECOND;

/** Why a request does not get through: nobody listens, nobody answers, or etcd cannot agree. */
export type Unreachable = 'refused' | 'timeout' | 'no-quorum';

interface LeaseRow {
  readonly holder?: string;
  /** When the lease of the last holder runs out. */
  readonly freeAtMs: number;
  /** The next try to take it, or the end of a holder that cannot renew it. */
  readonly timer?: Ticket;
  /** How often it changed hands. */
  readonly transitions: number;
}

export interface ControlPlaneOptions {
  readonly cluster: string;
  /** Machines that run a control plane, in order. */
  readonly machines: readonly string[];
  readonly components: Components;
  readonly disks: EtcdDisks;
  /** The group of etcd's members, one on each machine; left out with a single member. */
  readonly raft?: Raft;
  /** A lease has a new holder. */
  readonly onLease: (process: ControlPlaneProcess, holder: string, transitions: number) => void;
}

export class ControlPlane {
  readonly #kernel: Kernel;
  readonly #links: Links;
  readonly #options: ControlPlaneOptions;
  /** Processes that do not run: `etcd/control-1`. */
  readonly #stopped: Table<string, true>;
  readonly #leases: Table<string, LeaseRow>;
  readonly #due: EventType<{ process: ControlPlaneProcess }>;

  constructor(kernel: Kernel, links: Links, options: ControlPlaneOptions) {
    const name = `control-plane/${options.cluster}`;
    this.#kernel = kernel;
    this.#links = links;
    this.#options = options;
    this.#stopped = kernel.store.table<true>(`${name}/stopped`);
    this.#leases = kernel.store.table<LeaseRow>(`${name}/leases`);
    this.#due = kernel.event(`${name}/lease`, ({ process }) => {
      const { holder } = this.#change(process, { timer: undefined });
      if (holder === undefined) this.#acquire(process);
      else if (!this.#canRenew(holder)) this.#lose(process);
    });
    links.onChange(() => this.review());
  }

  get machines(): readonly string[] {
    return this.#options.machines;
  }

  /** The first machine leads to begin with. */
  start(): void {
    const [first = ''] = this.machines;
    for (const process of ELECTED) this.#take(process, first);
  }

  isRunning(process: ControlPlaneProcess, machine: string): boolean {
    return this.#links.isUp(machine, machine) && !this.#stopped.has(`${process}/${machine}`);
  }

  /** Whether somebody stopped a process that would run on its machine. */
  isStopped(process: ControlPlaneProcess, machine: string): boolean {
    return this.#stopped.has(`${process}/${machine}`);
  }

  holder(process: ControlPlaneProcess): string | undefined {
    return this.#leases.get(process)?.holder;
  }

  /** Stops a process on a machine, or starts it again. */
  set(process: ControlPlaneProcess, machine: string, running: boolean): void {
    const key = `${process}/${machine}`;
    if (running) this.#stopped.delete(key);
    else this.#stopped.set(key, true);
    if (process === 'etcd') this.#options.raft?.setUp(machine, this.isRunning('etcd', machine));
    this.review();
  }

  /** Its disk has become slow, or is as it was. */
  setSlowDisk(machine: string, slow: boolean): void {
    if (this.machines.includes(machine)) this.#options.disks.setSlow(machine, slow);
  }

  /**
   * How much longer than usual a write takes: until the disk of the member that leads has it and,
   * at the same time, as many others as make a quorum have answered that theirs have.
   */
  writeMs(): number {
    const { raft } = this.#options;
    const [first = ''] = this.machines;
    const leader = raft ? this.machines.find((one) => raft.leaderFor(one) === one) : first;
    if (leader === undefined) return 0;
    const others = this.machines
      .filter((one) => one !== leader && this.#links.isUp(leader, one))
      .map((one) => 2 * this.#links.delayMs(leader, one) + this.#diskMs(one))
      .sort((a, b) => a - b);
    const needed = Math.floor(this.machines.length / 2);
    return Math.max(this.#diskMs(leader), needed === 0 ? 0 : (others[needed - 1] ?? 0));
  }

  #diskMs(machine: string): number {
    return this.#options.disks.isSlow(machine) ? SLOW_WRITE_MS : 0;
  }

  /** A machine's processes went down with it, or come up with it. */
  machineChanged(machine: string): void {
    if (!this.machines.includes(machine)) return;
    this.#options.raft?.setUp(machine, this.isRunning('etcd', machine));
    this.review();
  }

  /** Why the API cannot be used from a machine, or from anywhere; undefined when it can. */
  unreachable(from?: string): Unreachable | undefined {
    const { raft, disks } = this.#options;
    if (this.#stopped.size === 0 && this.#links.isWhole && !raft && disks.areFree) return undefined;
    const linked = this.machines.filter((machine) => this.#links.isUp(from ?? machine, machine));
    if (linked.length === 0) return 'timeout';
    const serving = linked.filter((machine) => this.isRunning('kube-apiserver', machine));
    if (serving.length === 0) return 'refused';
    return serving.some((machine) => this.#canStore(machine)) ? undefined : 'no-quorum';
  }

  /** Looks who works and who does not, after whatever changed. */
  review(): void {
    for (const process of ELECTED) {
      const lease = this.#leases.get(process);
      if (!lease) continue;
      const { holder, timer } = lease;
      if (holder === undefined) {
        if (!timer) this.#retry(process);
      } else if (!this.isRunning(process, holder)) this.#lose(process);
      else if (this.#canRenew(holder)) this.#forgetTimer(process);
      else if (!timer) {
        this.#change(process, { timer: this.#due.after(RENEW_DEADLINE_MS, { process }) });
      }
    }
  }

  #canStore(machine: string): boolean {
    const { raft, disks } = this.#options;
    if (raft) return raft.leaderFor(machine) !== undefined;
    return this.isRunning('etcd', machine) && !disks.isBusy(machine);
  }

  #canRenew(machine: string): boolean {
    return this.unreachable(machine) === undefined;
  }

  #change(process: ControlPlaneProcess, change: Partial<LeaseRow>): LeaseRow {
    return this.#leases.update(process, (row) => ({ ...row, ...change }));
  }

  #forgetTimer(process: ControlPlaneProcess): void {
    const { timer } = this.#leases.need(process);
    if (!timer) return;
    this.#kernel.cancel(timer);
    this.#change(process, { timer: undefined });
  }

  /** It was renewed up to a retry period ago; until it runs out nobody else may take it. */
  #lose(process: ControlPlaneProcess): void {
    const { holder = '' } = this.#leases.need(process);
    this.#forgetTimer(process);
    const agoMs = this.#draw(process).integer(0, RETRY_MS);
    this.#change(process, { holder: undefined, freeAtMs: this.#kernel.now + LEASE_MS - agoMs });
    const object = `Lease kube-system/${process}`;
    const record = this.#kernel.record({
      actor: process,
      verb: 'stop',
      object,
      detail: { holder },
    });
    this.#kernel.because(record, () => {
      this.#options.components.set(process, false);
      this.#retry(process);
    });
  }

  /** Everyone who waits looks every two seconds whether the lease is free. */
  #retry(process: ControlPlaneProcess): void {
    const { freeAtMs } = this.#leases.need(process);
    const waitMs = Math.max(0, freeAtMs - this.#kernel.now);
    const delayMs = waitMs + this.#draw(process).integer(1, RETRY_MS);
    this.#change(process, { timer: this.#due.after(delayMs, { process }) });
  }

  #acquire(process: ControlPlaneProcess): void {
    const able = this.machines.filter(
      (machine) => this.isRunning(process, machine) && this.#canRenew(machine),
    );
    // Nobody can: the next change brings another look.
    if (able.length > 0) this.#take(process, this.#draw(process).pick(able));
  }

  #take(process: ControlPlaneProcess, holder: string): void {
    const transitions = (this.#leases.get(process)?.transitions ?? -1) + 1;
    this.#leases.set(process, { holder, freeAtMs: 0, transitions });
    const object = `Lease kube-system/${process}`;
    const record = this.#kernel.record({
      actor: process,
      verb: 'lead',
      object,
      detail: { holder },
    });
    this.#kernel.because(record, () => {
      this.#options.onLease(process, holder, transitions);
      this.#options.components.set(process, true);
    });
  }

  #draw(process: ControlPlaneProcess) {
    return this.#kernel.random('lease', this.#options.cluster, process, this.#kernel.now);
  }
}
