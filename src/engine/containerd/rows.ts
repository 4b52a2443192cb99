import type { ProcessPlan, Resolved } from '../programs/program.ts';
import type { Mount } from '../machine/place.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Waiter } from '../sim/process.ts';
import type { Index, Table } from '../sim/store.ts';
import type { ContainerExit, CreateContainer, FaultKind, Limits, Signal } from './api.ts';
import { FIGURES } from './figures.ts';
import type { User } from './users.ts';

/** What the runtime keeps: a row for each container, task and process, keyed by machine first. */
export interface Endpoint {
  readonly ip: string;
  readonly private?: true;
}

export type Variables = Readonly<Record<string, string>>;

export interface ContainerRow {
  readonly machine: string;
  readonly spec: CreateContainer;
  readonly argv: readonly string[];
  /** Its image's variables and those it shares with others; under its own. */
  readonly sharedEnv: Variables;
  readonly env: Variables;
  readonly chainId: string;
  /** Of its image; what the machine's processor does not run ends at once. */
  readonly architecture: string;
  readonly user: string;
  readonly workingDir: string;
  readonly createdMs: number;
  /** Changed since it was made. */
  readonly limits?: Limits;
  readonly endpoints?: readonly Endpoint[];
  /** Put together at each start; undefined: its own root alone. */
  readonly mounts?: readonly Mount[];
}

export interface TaskRow {
  readonly status: 'starting' | 'running' | 'stopped';
  /** The pid of its first process on the machine. */
  readonly pid: number;
  readonly startedMs: number;
  readonly nextNsPid: number;
  readonly paused?: true;
  readonly oomKilled?: true;
  readonly fault?: FaultKind;
  /** Processor time of processes that ended, and bytes it received and sent. */
  readonly cpuMs: number;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly exit?: ContainerExit;
}

export interface ProcessRow {
  /** Of its container. */
  readonly key: string;
  readonly pid: number;
  readonly nsPid: number;
  readonly ppid: number;
  readonly argv: readonly string[];
  readonly user: User;
  readonly startedMs: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
  /** Threads of it that run without end. */
  readonly burning?: number;
  /** A command: what it is called, and the durable process that is it. */
  readonly command?: string;
  readonly sim?: number;
  /** Signals it catches, and those it ignores. */
  readonly caught?: readonly Signal[];
  readonly ignored?: readonly Signal[];
  /** A plan, and what of it has come about. */
  readonly plan?: ProcessPlan;
  /** The name of its model, and the words and variables its plan was made with. */
  readonly program?: string;
  readonly words?: readonly string[];
  readonly env?: Variables;
  readonly cwd?: string;
  /** The addresses of the names that its plan looked up. */
  readonly resolved?: Resolved;
  /** What its program remembers. */
  readonly state?: unknown;
  readonly ports?: readonly number[];
  readonly ending?: true;
  readonly held?: Held;
  /** Where a plan that is no first process writes. */
  readonly output?: { readonly stdout: number; readonly stderr: number };
  readonly waiter?: Waiter;
  /** It lives and ends with its parent, and does nothing by itself. */
  readonly isWorker?: true;
  /** docker-init: the process it forwards signals to and ends with. */
  readonly initOf?: number;
  readonly exec?: ExecRow;
  /** Grows since then. */
  readonly leakSinceMs?: number;
  readonly stdin?: number;
}

/** What a paused plan does once it goes on. */
export interface Held {
  readonly step?: number;
  readonly exitCode?: number;
  readonly signals: readonly Signal[];
}

/** Who is told how an exec'd process ends. */
export interface ExecRow {
  readonly id?: string;
  readonly tty?: boolean;
  readonly output?: number;
  readonly back?: Back;
}

export interface Then {
  readonly event: string;
  readonly payload: object;
}

export type Back = { readonly then: Then } | { readonly asker: Waiter };

export const keyOf = (machine: string, id: string): string => `${machine} ${id}`;
export const placeOfKey = (key: string): string => key.replace(' ', '/');
export const machineOfKey = (key: string): string => key.slice(0, key.indexOf(' '));
export const keyOfPlace = (place: string): string => place.replace('/', ' ');

export class Rows {
  readonly containers: Table<string, ContainerRow>;
  readonly tasks: Table<string, TaskRow>;
  /** The processes of each container, by pid: most have one. */
  readonly #processes: Table<string, readonly ProcessRow[]>;
  readonly #bySim: Index<string, readonly ProcessRow[]>;
  /** Containers with processes that grow, by machine. */
  readonly #leaking: Index<string, readonly ProcessRow[]>;
  /** What the processes of a machine hold, growth left out. */
  readonly #held: Table<string, number>;
  readonly #pids: Table<string, number>;
  /** How a world is built, and not what happens in it: kept beside the tables. */
  readonly #processors = new Map<string, number>();

  constructor(kernel: Kernel) {
    this.containers = kernel.store.table<ContainerRow>('containerd/containers');
    this.tasks = kernel.store.table<TaskRow>('containerd/tasks');
    this.#processes = kernel.store.table<readonly ProcessRow[]>('containerd/processes');
    this.#pids = kernel.store.table<number>('containerd/pids');
    this.#bySim = this.#processes.index((rows) =>
      rows.some(isCommand) ? rows.filter(isCommand).map(({ sim }) => String(sim)) : NONE,
    );
    this.#leaking = this.#processes.index((rows, key) =>
      rows.some(grows) ? [machineOfKey(key)] : NONE,
    );
    this.#held = kernel.store.table<number>('containerd/held');
  }

  /** Gives a machine so many processors. */
  setProcessors(machine: string, count: number): void {
    this.#processors.set(machine, count);
  }

  processorsOf(machine: string): number {
    return this.#processors.get(machine) ?? FIGURES.onlineCpus;
  }

  /** A new pid of the machine; of so many in a row, the last. */
  nextPid(machine: string, count = 1): number {
    const pid = (this.#pids.get(machine) ?? FIRST_PID) + count;
    this.#pids.set(machine, pid);
    return pid;
  }

  /** Counts up from 1. */
  next(counter: string): number {
    const count = (this.#pids.get(`/${counter}`) ?? 0) + 1;
    this.#pids.set(`/${counter}`, count);
    return count;
  }

  process(key: string, pid: number): ProcessRow | undefined {
    return this.processesOf(key).find((row) => row.pid === pid);
  }

  /** A process as it is now; a new one has the greatest pid of its machine. */
  setProcess(row: ProcessRow): void {
    const { key, pid, memoryBytes } = row;
    const rows = this.processesOf(key);
    const before = rows.find((one) => one.pid === pid);
    const others = rows.length - (before ? 1 : 0);
    const next =
      others === 0
        ? [row]
        : before
          ? rows.map((one) => (one === before ? row : one))
          : [...rows, row];
    this.#processes.set(key, next);
    this.#hold(key, memoryBytes - (before?.memoryBytes ?? 0));
  }

  deleteProcess({ key, pid }: ProcessRow): void {
    const rows = this.processesOf(key);
    const before = rows.find((one) => one.pid === pid);
    if (!before) return;
    if (rows.length === 1) this.#processes.delete(key);
    else {
      this.#processes.set(
        key,
        rows.filter((one) => one !== before),
      );
    }
    this.#hold(key, -before.memoryBytes);
  }

  /** What the processes of a machine hold, growth left out. */
  heldOn(machine: string): number {
    return this.#held.get(machine) ?? 0;
  }

  #hold(key: string, moreBytes: number): void {
    if (moreBytes === 0) return;
    const machine = machineOfKey(key);
    const bytes = this.heldOn(machine) + moreBytes;
    if (bytes === 0) this.#held.delete(machine);
    else this.#held.set(machine, bytes);
  }

  /** The processes of a container, by pid. */
  processesOf(key: string): readonly ProcessRow[] {
    return this.#processes.get(key) ?? NO_PROCESSES;
  }

  /** The processes of a machine that grow. */
  leakingOn(machine: string): ProcessRow[] {
    return this.#leaking.values(machine).flatMap((rows) => rows.filter(grows));
  }

  processOfSim(sim: number): ProcessRow | undefined {
    for (const rows of this.#bySim.values(String(sim))) {
      const found = rows.find((row) => row.sim === sim);
      if (found) return found;
    }
    return undefined;
  }

  /** The containers of a machine whose tasks have not stopped. */
  runningOn(machine: string): string[] {
    const keys: string[] = [];
    for (const [key, { status }] of this.tasks.withPrefix(`${machine} `)) {
      if (status !== 'stopped') keys.push(key);
    }
    return keys;
  }

  limits(key: string): Limits {
    return limitsOf(this.containers.get(key));
  }
}

const FIRST_PID = 2000;
const NO_PROCESSES: readonly ProcessRow[] = [];
const NONE: readonly string[] = [];

const isCommand = ({ sim }: ProcessRow): boolean => sim !== undefined;
export const grows = ({ leakSinceMs }: ProcessRow): boolean => leakSinceMs !== undefined;

const UNLIMITED: Limits = {};

export const limitsOf = (container: ContainerRow | undefined): Limits =>
  container?.limits ?? container?.spec ?? UNLIMITED;

/** What a container calls itself: its id's beginning where nobody named it. */
export const hostnameOf = ({ spec }: ContainerRow): string => spec.hostname ?? spec.id.slice(0, 12);

/** Where a container listens and can be reached. */
export const endpointsOf = ({ spec, endpoints }: ContainerRow): readonly Endpoint[] =>
  endpoints ?? [
    ...(spec.ip === undefined
      ? []
      : [{ ip: spec.ip, ...(spec.privateIp && ({ private: true } as const)) }]),
    ...(spec.ips ?? []),
  ];
