import { containerOf, machineOf } from '../machine/place.ts';
import { defaultAction, statusOfSignal } from '../machine/signals.ts';
import type { EnterAnswer, RunArgs, RunRequest } from '../programs/run.ts';
import type { StartFailure } from '../programs/find.ts';
import type { Worker } from '../programs/program.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Ending, Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { ProcessView, Signal } from './api.ts';
import { FIGURES } from './figures.ts';
import { memoryOf, type Launch, type Launches, type Words } from './launches.ts';
import type { Output } from './output.ts';
import type { Plans } from './plans.ts';
import {
  keyOf,
  machineOfKey,
  placeOfKey,
  type ContainerRow,
  type ExecRow,
  type ProcessRow,
  type Rows,
} from './rows.ts';
import type { User } from './users.ts';

/**
 * The processes of containers: who started whom, what they run, how they meet signals and how they
 * end (pid_namespaces(7), signal(7), moby v29 `daemon/kill.go`). A process is a plan or a command,
 * and a command is a durable process of the simulation.
 */
export interface Newcomer {
  readonly argv: readonly string[];
  readonly user: User;
  readonly ppid: number;
  readonly exec?: ExecRow;
  readonly stdin?: number;
}

export interface ProcessEnd {
  readonly exitCode: number;
  readonly signal?: Signal;
  readonly oomKilled?: boolean;
}

export interface ProcessTreeRooms {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly rows: Rows;
  readonly output: Output;
  readonly launches: Launches;
  /** A process began, and takes memory. */
  readonly grown: (key: string) => void;
  /** A process that burnt processors is gone. */
  readonly cooled: (key: string) => void;
}

/** What a process is started with; without variables it has those of its container. */
type FirstWords = Pick<Words, 'cwd'> & Partial<Pick<Words, 'env'>>;

const NO_PORTS: readonly number[] = [];

/** The pid in its namespace of what a first process starts first, as runc's threads leave it. */
export const SECOND_PID = 7;
const ANCESTORS = 64;
const CANNOT_FORK = "sh: can't fork: Resource temporarily unavailable";

export class ProcessTree {
  readonly #rooms: ProcessTreeRooms;
  readonly #rows: Rows;
  readonly #plans: () => Plans;
  readonly #finished: (key: string, end: ProcessEnd) => void;
  readonly #ended: EventType<{ key: string; pid: number; sim: number; ending: Ending }>;

  constructor(
    rooms: ProcessTreeRooms,
    plans: () => Plans,
    finished: (key: string, end: ProcessEnd) => void,
  ) {
    this.#rooms = rooms;
    this.#rows = rooms.rows;
    this.#plans = plans;
    this.#finished = finished;
    this.#ended = rooms.kernel.event('containerd/ended', ({ key, pid, sim, ending }) => {
      const row = this.#rows.process(key, pid);
      if (row?.sim !== sim) return;
      const { signal, result } = ending;
      if (signal !== undefined) this.end(row, { exitCode: statusOfSignal(signal), signal });
      else this.end(row, { exitCode: Number(result) & 255 });
    });
  }

  /** A process that does not run yet. */
  add(key: string, launch: Launch, newcomer: Newcomer): ProcessRow {
    const pid = this.#rows.nextPid(machineOfKey(key));
    const task = this.#rows.tasks.need(key);
    const nsPid = task.nextNsPid;
    this.#rows.tasks.set(key, { ...task, nextNsPid: nsPid + 1 });
    const { exec, stdin } = newcomer;
    const row: ProcessRow = {
      ...this.#fresh(key, launch, newcomer, pid, nsPid),
      ...(exec && { exec }),
      ...(stdin !== undefined && { stdin }),
    };
    this.#rows.setProcess(row);
    return row;
  }

  /** The first process of a container whose task is made for it; its pid is taken already. */
  addFirst(key: string, launch: Launch, newcomer: Newcomer & { readonly pid: number }): void {
    this.#rows.setProcess(this.#fresh(key, launch, newcomer, newcomer.pid, 1));
  }

  #fresh(
    key: string,
    launch: Launch,
    { argv, user, ppid }: Newcomer,
    pid: number,
    nsPid: number,
  ): ProcessRow {
    const startedMs = this.#rooms.kernel.now;
    const memoryBytes = memoryOf(launch);
    return { key, pid, nsPid, ppid, argv, user, startedMs, memoryBytes, cpuMs: 0 };
  }

  /** Lets a process begin what was found for it. */
  begin(row: ProcessRow, launch: Launch, { cwd, env }: FirstWords): void {
    const { found, plan } = launch;
    if (plan && 'plan' in found) {
      const { argv: words, plan: program } = found;
      const argv = plan.title === undefined ? row.argv : [plan.title];
      const startedMs = this.#rooms.kernel.now;
      const own = { argv, startedMs, plan, program, words, cwd, ports: NO_PORTS };
      const begun: ProcessRow = env ? { ...row, ...own, env } : { ...row, ...own };
      this.#rows.setProcess(begun);
      for (const worker of plan.workers ?? []) this.#addWorker(begun, worker);
      this.#plans().begin(begun);
    } else if ('command' in found) this.#beginCommand(row, found, cwd, env);
  }

  #beginCommand(
    row: ProcessRow,
    { command, argv }: Extract<Launch['found'], { readonly command: string }>,
    cwd: string,
    env: Words['env'] | undefined,
  ): void {
    const { key, pid, nsPid, user } = row;
    const { processes, output, kernel, launches } = this.#rooms;
    const container = this.#rows.containers.need(key);
    const { spec } = container;
    const tty = (row.exec ? row.exec.tty : spec.tty) === true;
    const target = row.exec ? { to: row.exec.output ?? 0 } : { key };
    const stdout = output.open(target, 'stdout');
    const stderr = tty ? stdout : output.open(target, 'stderr');
    const machine = placeOfKey(key);
    const variables = env ?? launches.envOf(container, row);
    const args = { machine, argv, env: variables, cwd, command, nsPid };
    const closes = tty ? [stdout] : [stdout, stderr];
    const sim = processes.spawn(
      'programs/run',
      {
        ...args,
        ...this.#budget(key),
        ...(tty && row.stdin !== undefined && { tty }),
        ...(nsPid === 1 && { init: true }),
      },
      { io: { stdin: row.stdin ?? 0, stdout, stderr, closes }, group: machine },
    );
    processes.follow(sim, { event: this.#ended.name, payload: { key, pid, sim } });
    const cpuMs = FIGURES.commandCpuMs;
    const startedMs = kernel.now;
    this.#rows.setProcess({ ...row, user, command, sim, cpuMs, startedMs });
  }

  #addWorker({ key, pid: ppid, user: own }: ProcessRow, { title, pid: nsPid, user }: Worker): void {
    const container = this.#rows.containers.need(key);
    const task = this.#rows.tasks.need(key);
    const nextNsPid = Math.max(task.nextNsPid, nsPid + 1);
    this.#rows.tasks.set(key, { ...task, nextNsPid });
    const found = user === undefined ? own : this.#rooms.launches.user(container, user);
    this.#rows.setProcess({
      key,
      pid: this.#rows.nextPid(machineOfKey(key)),
      nsPid,
      ppid,
      argv: [title],
      user: typeof found === 'string' ? own : found,
      startedMs: this.#rooms.kernel.now,
      memoryBytes: 0,
      cpuMs: 0,
      isWorker: true,
    });
  }

  /** Starts a command that a plan names, as a child of its process. */
  startBeside(beside: ProcessRow, command: string): void {
    const { key, pid, user, cwd = '/' } = beside;
    const env = this.#rooms.launches.envOf(this.#rows.containers.need(key), beside);
    const launch: Launch = { found: { command, argv: [command] } };
    const row = this.add(key, launch, { argv: [command], user, ppid: pid });
    this.begin(row, launch, { env, cwd });
  }

  /** A worker under its parent's own title, with the next pid. */
  addCopy(row: ProcessRow): void {
    const { nextNsPid } = this.#rows.tasks.need(row.key);
    this.#addWorker(row, { title: row.argv.join(' '), pid: nextNsPid });
  }

  /** How many processes a shell and all below it may start. */
  #budget(key: string): { budget: number } {
    return { budget: this.#rows.limits(key).pidsLimit ?? FIGURES.pidsLimit };
  }

  /** The process a durable one belongs to: itself, or the nearest that started it. */
  of(sim: number): ProcessRow | undefined {
    let at = sim;
    for (let i = 0; i < ANCESTORS && at !== 0; i++) {
      const row = this.#rows.processOfSim(at);
      if (row) return row;
      at = this.#rooms.processes.parentOf(at);
    }
    return undefined;
  }

  /**
   * What a process started by a program of the container itself runs. One that is known already
   * has become another program: `exec`.
   */
  enter(request: Extract<RunRequest, { op: 'enter' }>, asker: Waiter): EnterAnswer {
    const key = keyOf(machineOf(request.machine), containerOf(request.machine) ?? '');
    const container = this.#rows.containers.get(key);
    const task = this.#rows.tasks.get(key);
    if (!container || !task) return { exitCode: 1, message: 'no such container' };
    const before = this.#rows.processOfSim(asker.pid);
    const parent = this.of(this.#rooms.processes.parentOf(asker.pid));
    const { pidsLimit = FIGURES.pidsLimit } = this.#rows.limits(key);
    if (!before && this.#rows.processesOf(key).length >= pidsLimit) {
      return { exitCode: 2, message: CANNOT_FORK };
    }
    const words: Words = { argv: request.argv, env: request.env, cwd: request.cwd };
    const launch = this.#findOrScript(container, words);
    if ('failed' in launch) return refusal(launch, request);
    const inherited = (before ?? parent)?.user ?? this.#rows.process(key, task.pid)?.user;
    if (!inherited) return { exitCode: 1, message: 'no such process' };
    const user = this.#rooms.launches.become(container, inherited, request.user);
    if (typeof user === 'string') return { exitCode: 1, message: user };
    const fresh = { argv: request.argv, user, ppid: parent?.pid ?? task.pid };
    const row = before
      ? this.#replaced({ ...before, user }, request.argv, launch)
      : this.add(key, launch, fresh);
    const { pid } = row;
    const { found, plan } = launch;
    this.#rooms.processes.follow(asker.pid, {
      event: this.#ended.name,
      payload: { key, pid, sim: asker.pid },
    });
    const begun: ProcessRow = {
      ...row,
      sim: asker.pid,
      cpuMs: row.cpuMs + FIGURES.commandCpuMs,
      ...('command' in found && { command: found.command }),
    };
    this.#rows.setProcess(begun);
    this.#rooms.grown(key);
    if (plan) {
      const output = { stdout: request.stdout, stderr: request.stderr };
      this.begin({ ...begun, output }, launch, words);
      return { pid };
    }
    const { nsPid } = row;
    return 'command' in found
      ? { command: found.command, argv: found.argv, nsPid, init: nsPid === 1 }
      : { exitCode: 126, message: '' };
  }

  /** A text file that is no program is a script to a shell (POSIX, execvp). */
  #findOrScript(container: ContainerRow, words: Words): Launch | StartFailure {
    const { launches } = this.#rooms;
    const launch = launches.find(container, words);
    if (!('failed' in launch) || !launch.message.endsWith('exec format error')) return launch;
    const [file = '', ...rest] = words.argv;
    return launches.find(container, { ...words, argv: ['/bin/sh', file, ...rest] });
  }

  /** The same process with another program in it: execve(2). */
  #replaced(row: ProcessRow, argv: readonly string[], launch: Launch): ProcessRow {
    const { caught: _caught, command: _command, ignored: _ignored, ...kept } = row;
    return { ...kept, argv, memoryBytes: memoryOf(launch) };
  }

  /** Answers when a plan has ended. */
  wait(key: string, pid: number, asker: Waiter): typeof LATER | number {
    const row = this.#rows.process(key, pid);
    if (!row?.plan) return 0;
    this.#rows.setProcess({ ...row, waiter: asker });
    return LATER;
  }

  /**
   * A signal comes to a process. The first process of a container gets only those it handles,
   * except SIGKILL from outside.
   */
  signal(row: ProcessRow, signal: Signal, fromInside = false): void {
    if (signal === 'SIG0') return;
    if (signal === 'SIGKILL') {
      if (fromInside && row.nsPid === 1) return;
      this.end(row, { exitCode: statusOfSignal(signal), signal });
      return;
    }
    if (row.initOf !== undefined) {
      const child = this.#rows.process(row.key, row.initOf);
      if (child) this.signal(child, signal);
      return;
    }
    if (row.ignored?.includes(signal)) return;
    if (row.plan) this.#signalPlan(row, signal);
    else if (row.caught?.includes(signal) || this.#endsBy(row, signal)) {
      this.#interrupt(row, signal);
    }
  }

  #interrupt({ sim }: ProcessRow, signal: Signal): void {
    if (sim !== undefined) this.#rooms.processes.signal(sim, signal);
  }

  /** What the kernel does with a signal nobody handles. */
  #endsBy({ nsPid }: ProcessRow, signal: Signal): boolean {
    // Simplified: SIGSTOP and SIGTSTP stop nothing.
    return nsPid !== 1 && defaultAction(signal) === 'end';
  }

  #signalPlan(row: ProcessRow, signal: Signal): void {
    const plans = this.#plans();
    if (this.#rows.tasks.get(row.key)?.paused) return plans.holdSignal(row, signal);
    const response = plans.response(row, signal);
    if (response === 'ignore' || row.ending) return;
    if (response) plans.respond(row, response);
    else if (this.#endsBy(row, signal)) {
      this.end(row, { exitCode: statusOfSignal(signal), signal });
    }
  }

  /** A process is gone; with the first one goes its container. */
  end(row: ProcessRow, end: ProcessEnd): void {
    const { key, pid, sim } = row;
    const task = this.#rows.tasks.get(key);
    if (!this.#rows.process(key, pid) || !task) return;
    if (task.pid === pid) {
      this.#finished(key, end);
      return;
    }
    this.#remove(row, end);
    this.#rows.tasks.set(key, { ...task, cpuMs: task.cpuMs + row.cpuMs });
    if (sim !== undefined && !row.plan) this.#rooms.processes.signal(sim, 'SIGKILL');
    for (const child of this.#rows.processesOf(key)) {
      if (child.ppid !== pid) continue;
      if (child.isWorker) this.#rows.deleteProcess(child);
      else this.#rows.setProcess({ ...child, ppid: task.pid });
    }
    if (row.burning !== undefined) this.#rooms.cooled(key);
    const first = this.#rows.process(key, task.pid);
    if (first?.initOf === pid) this.#finished(key, { exitCode: end.exitCode });
  }

  /** Every process of a container ends; gives the processor time they had. */
  endAll(key: string, end: ProcessEnd): number {
    let cpuMs = 0;
    for (const row of this.#rows.processesOf(key)) {
      cpuMs += row.cpuMs;
      this.#remove(row, end);
    }
    this.#rooms.processes.killGroup(placeOfKey(key));
    return cpuMs;
  }

  #remove(row: ProcessRow, { exitCode }: ProcessEnd): void {
    const { processes } = this.#rooms;
    this.#plans().closePorts(row);
    this.#rows.deleteProcess(row);
    if (row.waiter) processes.reply(row.waiter, exitCode);
    if (row.stdin !== undefined) processes.streams.close(row.stdin);
    const { output, back } = row.exec ?? {};
    if (output !== undefined) processes.streams.close(output);
    if (back) this.tell(back, { ok: true, exitCode });
  }

  tell(back: NonNullable<ExecRow['back']>, answer: unknown): void {
    const { processes, kernel } = this.#rooms;
    if ('asker' in back) processes.reply(back.asker, answer);
    else kernel.scheduleNamed(0, back.then.event, { ...back.then.payload, answer });
  }

  /** The processes of a container as the machine sees them. */
  list(key: string, memoryOfRow: (row: ProcessRow) => number): ProcessView[] {
    return this.#rows.processesOf(key).map((row) => ({
      pid: row.pid,
      nsPid: row.nsPid,
      ppid: row.ppid,
      // The machine knows no names of the container's.
      user: row.user.uid === 0 ? 'root' : String(row.user.uid),
      argv: row.argv,
      startedMs: row.startedMs,
      cpuMs: row.cpuMs,
      memoryBytes: memoryOfRow(row),
      ...(row.exec?.id !== undefined && { execId: row.exec.id }),
    }));
  }
}

/** What the one says who could not start it: busybox' `env`, or a shell. */
function refusal(failure: StartFailure, { argv, by }: RunArgs): EnterAnswer {
  const { exitCode, message } = failure;
  const denied = /permission denied|is a directory/.test(message);
  const why = denied ? 'Permission denied' : 'No such file or directory';
  const [name = ''] = argv;
  const said = by === undefined ? `sh: ${name}: ${why}` : `${by}: can't execute '${name}': ${why}`;
  return { exitCode: exitCode === 126 || denied ? 126 : 127, message: said };
}
