import type { EventType, Kernel } from '../sim/kernel.ts';
import { Log } from '../sim/log.ts';
import { civilTime } from '../sim/clock.ts';
import type { Index, Table } from '../sim/store.ts';
import type { Address, Caller, Http, HttpRequest } from '../net/http.ts';
import type {
  LogLine,
  LogText,
  ProcessContext,
  ProcessPlan,
  ProgramModel,
  StartFailure,
} from '../programs/program.ts';
import { statusOfSignal } from '../machine/signals.ts';
import { modelOf, planProgram } from '../programs/registry.ts';
import type { FileTree } from '../oci/tree.ts';
import type { ContainerExit, ContainerView, CreateContainer, Failure, Signal } from './api.ts';
import type { Content } from './content.ts';
import { FIGURES } from './figures.ts';
import { treeView } from './tree-view.ts';

/**
 * Containers and their tasks. A container is what was asked for, with its image's configuration
 * taken in; its task is the process that runs, or ran. The process is a plan (programs/program.ts)
 * whose steps are events, so that a container which only waits costs nothing.
 *
 * Models containerd 2.2 `core/runtime/v2`, and for exit codes runc 1.4.
 */
interface ContainerRow {
  readonly machine: string;
  readonly spec: CreateContainer;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly chainId: string;
  readonly createdMs: number;
}

interface TaskRow {
  readonly status: 'starting' | 'running' | 'stopped';
  readonly pid: number;
  readonly startedMs: number;
  readonly plan: ProcessPlan;
  readonly ports: readonly number[];
  /** A signal was caught and the process is on its way out. */
  readonly ending?: true;
  readonly exit?: ContainerExit;
}

/** What a listener's server is told: a new object for each start, never the same for two. */
interface Served {
  readonly key: string;
  readonly pid: number;
}

const FIRST_PID = 2000;
const keyOf = (machine: string, id: string): string => `${machine} ${id}`;

const addressOf = ({ machine, spec }: ContainerRow, port: number): Address => ({
  ip: spec.ip ?? '',
  port,
  ...(spec.privateIp ? { on: machine } : {}),
});

export class Tasks {
  readonly #kernel: Kernel;
  readonly #http: Http;
  readonly #content: Content;
  readonly #containers: Table<string, ContainerRow>;
  readonly #tasks: Table<string, TaskRow>;
  readonly #logs: Table<string, Log<LogLine>>;
  readonly #pids: Table<string, number>;
  readonly #running: Index<string, TaskRow>;
  readonly #step: EventType<{ key: string; pid: number; from: number }>;
  readonly #exit: EventType<{ key: string; pid: number; exitCode: number; signal?: Signal }>;
  /** Plans of processes that start alike from one tree; pure, so they are made once. */
  readonly #plans = new WeakMap<FileTree, Map<string, ProcessPlan | StartFailure>>();

  constructor(kernel: Kernel, http: Http, content: Content) {
    this.#kernel = kernel;
    this.#http = http;
    this.#content = content;
    this.#containers = kernel.store.table<ContainerRow>('containerd/containers');
    this.#tasks = kernel.store.table<TaskRow>('containerd/tasks');
    this.#logs = kernel.store.table<Log<LogLine>>('containerd/logs');
    this.#pids = kernel.store.table<number>('containerd/pids');
    this.#running = this.#tasks.index((row, key) =>
      row.status === 'stopped' ? [] : [key.split(' ')[0] ?? ''],
    );
    this.#step = kernel.event('containerd/step', ({ key, pid, from }) =>
      this.#take(key, pid, from),
    );
    this.#exit = kernel.event('containerd/exit', ({ key, pid, exitCode, signal }) =>
      this.#end(key, pid, exitCode, signal),
    );
    http.server('containerd', (served: Served, request, caller) =>
      this.#serve(served, request, caller),
    );
  }

  create(machine: string, spec: CreateContainer): { ok: true; id: string } | Failure {
    const key = keyOf(machine, spec.id);
    const before = this.#containers.get(key);
    if (before && spec.replace && this.#tasks.get(key)?.status !== 'running') {
      const argv = [...(spec.entrypoint ?? []), ...(spec.cmd ?? [])];
      this.#containers.set(key, { ...before, spec, argv, env: { ...before.env, ...spec.env } });
      return { ok: true, id: spec.id };
    }
    if (before) {
      const message = `container "${spec.id}": already exists`;
      return { ok: false, code: 'AlreadyExists', message };
    }
    const image = this.#content.image(machine, spec.image);
    if (!image) return { ok: false, code: 'NotFound', message: `image "${spec.image}": not found` };
    const { config } = image.config;
    const entrypoint = spec.entrypoint ?? config.Entrypoint ?? [];
    const cmd = spec.cmd ?? (spec.entrypoint ? [] : (config.Cmd ?? []));
    const argv = [...entrypoint, ...cmd];
    if (argv.length === 0) {
      return { ok: false, code: 'InvalidArgument', message: 'no command specified' };
    }
    const env = { ...parseEnv(config.Env ?? []), ...spec.env };
    const createdMs = this.#kernel.now;
    const { chainId } = image;
    this.#containers.set(key, { machine, spec, argv, env, chainId, createdMs });
    this.#kernel.record({
      actor: `containerd/${machine}`,
      verb: 'create',
      object: spec.name,
      detail: { image: spec.image, ...(spec.ip === undefined ? {} : { ip: spec.ip }) },
    });
    return { ok: true, id: spec.id };
  }

  /** Makes the process; it runs {@link FIGURES.startMs} later, see {@link run}. */
  prepare(machine: string, id: string): { ok: true; pid: number } | Failure {
    const key = keyOf(machine, id);
    const container = this.#containers.get(key);
    if (!container) return missing(id);
    const task = this.#tasks.get(key);
    if (task && task.status !== 'stopped') {
      return { ok: false, code: 'AlreadyExists', message: `task ${id}: already exists` };
    }
    const plan = this.#plan(container);
    if ('failed' in plan) {
      const message =
        'failed to create task for container: failed to create shim task: OCI runtime create ' +
        'failed: runc create failed: unable to start container process: ' +
        `error during container init: ${plan.message}: unknown`;
      return { ok: false, code: 'Unknown', message };
    }
    const pid = (this.#pids.get(machine) ?? FIRST_PID) + 1;
    this.#pids.set(machine, pid);
    const startedMs = this.#kernel.now + FIGURES.startMs;
    this.#tasks.set(key, { status: 'starting', pid, startedMs, plan, ports: [] });
    return { ok: true, pid };
  }

  /** The process begins; false when it was killed before. */
  run(machine: string, id: string, pid: number): boolean {
    const key = keyOf(machine, id);
    const task = this.#tasks.get(key);
    if (task?.pid !== pid || task.status !== 'starting') return false;
    this.#tasks.set(key, { ...task, status: 'running', startedMs: this.#kernel.now });
    const { spec } = this.#containers.need(key);
    const record = this.#kernel.record({
      actor: `containerd/${machine}`,
      verb: 'start',
      object: spec.name,
      detail: { pid },
    });
    this.#kernel.because(record, () => this.#schedule(key, task, 0, 0));
    return true;
  }

  kill(machine: string, id: string, signal: Signal): { ok: true } | Failure {
    const key = keyOf(machine, id);
    const task = this.#tasks.get(key);
    if (!task) return missing(id);
    if (task.status === 'stopped') {
      const message = `process already finished: not found`;
      return { ok: false, code: 'NotFound', message };
    }
    const { spec } = this.#containers.need(key);
    const detail = { signal };
    const actor = `containerd/${machine}`;
    const record = this.#kernel.record({ actor, verb: 'signal', object: spec.name, detail });
    this.#kernel.because(record, () => this.#signal(key, task, signal));
    return { ok: true };
  }

  #signal(key: string, task: TaskRow, signal: Signal): void {
    const { pid } = task;
    const killed = statusOfSignal(signal);
    if (signal === 'SIGKILL' || task.status === 'starting') {
      this.#end(key, pid, killed, signal);
      return;
    }
    const response = task.plan.signals[signal];
    if (response === 'ignore' || task.ending) return;
    if (!response) {
      this.#end(key, pid, killed, signal);
      return;
    }
    for (const line of response.log ?? []) this.#log(key, line);
    // It takes no more connections from here on, and finishes what it has begun.
    const container = this.#containers.need(key);
    for (const port of task.ports) this.#http.close(addressOf(container, port));
    this.#tasks.set(key, { ...task, ports: [], ending: true });
    this.#exit.after(response.afterMs, { key, pid, exitCode: response.exitCode });
  }

  delete(machine: string, id: string): { ok: true } | Failure {
    const key = keyOf(machine, id);
    const container = this.#containers.get(key);
    if (!container) return missing(id);
    const task = this.#tasks.get(key);
    if (task && task.status !== 'stopped') {
      const message = `cannot delete running task ${id}: failed precondition`;
      return { ok: false, code: 'FailedPrecondition', message };
    }
    this.#containers.delete(key);
    this.#tasks.delete(key);
    this.#logs.delete(key);
    const actor = `containerd/${machine}`;
    this.#kernel.record({ actor, verb: 'delete', object: container.spec.name });
    return { ok: true };
  }

  view(machine: string, id: string): ContainerView | undefined {
    const key = keyOf(machine, id);
    const container = this.#containers.get(key);
    return container && this.#view(container, this.#tasks.get(key));
  }

  list(machine: string): ContainerView[] {
    return [...this.#containers.withPrefix(`${machine} `)].map(([key, container]) =>
      this.#view(container, this.#tasks.get(key)),
    );
  }

  runningCount(machine: string): number {
    return this.#running.count(machine);
  }

  logs(machine: string, id: string, from = 0): LogLine[] | undefined {
    const key = keyOf(machine, id);
    if (!this.#containers.has(key)) return undefined;
    return this.#logs.get(key)?.toArray(from) ?? [];
  }

  /** The machine lost its power: every process is gone, and nobody is told. */
  powerOff(machine: string): void {
    for (const key of this.#running.keys(machine)) {
      const task = this.#tasks.need(key);
      this.#stop(key, task, 137, 'SIGKILL');
    }
  }

  #view(container: ContainerRow, task: TaskRow | undefined): ContainerView {
    const { spec, argv, createdMs } = container;
    const started = task && task.status !== 'starting';
    return {
      id: spec.id,
      name: spec.name,
      image: spec.image,
      argv,
      status: started ? (task.status === 'running' ? 'running' : 'stopped') : 'created',
      ...(task?.status === 'running' ? { pid: task.pid } : {}),
      ...(spec.ip === undefined ? {} : { ip: spec.ip }),
      labels: spec.labels ?? {},
      createdMs,
      ...(started ? { startedMs: task.startedMs } : {}),
      ...(task?.exit ? { exit: task.exit } : {}),
    };
  }

  #context({ machine, spec, argv, env, chainId }: ContainerRow): ProcessContext {
    const tree = this.#content.tree(machine, chainId);
    return { argv, env, hostname: spec.hostname ?? spec.id.slice(0, 12), files: treeView(tree) };
  }

  #plan(container: ContainerRow): ProcessPlan | StartFailure {
    const context = this.#context(container);
    if (modelOf(container.argv).usesHostname) return planProgram(context);
    const tree = this.#content.tree(container.machine, container.chainId);
    let plans = this.#plans.get(tree);
    if (!plans) this.#plans.set(tree, (plans = new Map<string, ProcessPlan | StartFailure>()));
    const key = JSON.stringify([container.argv, container.env]);
    let plan = plans.get(key);
    if (!plan) plans.set(key, (plan = planProgram(context)));
    return plan;
  }

  /** Schedules the steps from one position on that come at the same time. */
  #schedule(key: string, { pid, plan }: TaskRow, from: number, sinceMs: number): void {
    const next = plan.steps[from];
    if (next) this.#step.after(Math.max(0, next.afterMs - sinceMs), { key, pid, from });
  }

  #take(key: string, pid: number, from: number): void {
    const task = this.#tasks.get(key);
    if (task?.pid !== pid || task.status !== 'running' || task.ending) return;
    const { steps } = task.plan;
    const atMs = steps[from]?.afterMs ?? 0;
    let at = from;
    for (; steps[at]?.afterMs === atMs; at++) {
      const step = steps[at];
      if (step?.do === 'log') this.#log(key, step);
      else if (step?.do === 'listen') this.#listen(key, step.port);
      else if (step?.do === 'exit') {
        this.#end(key, pid, step.code);
        return;
      }
    }
    const now = this.#tasks.get(key);
    if (now?.pid === pid && now.status === 'running') this.#schedule(key, now, at, atMs);
  }

  #listen(key: string, port: number): void {
    const container = this.#containers.need(key);
    const { machine, spec } = container;
    const task = this.#tasks.need(key);
    const { ip, name } = spec;
    if (ip === undefined) return;
    const payload: Served = { key, pid: task.pid };
    if (
      !this.#http.listen(addressOf(container, port), {
        machine,
        name,
        server: 'containerd',
        payload,
      })
    ) {
      this.#log(key, {
        stream: 'stderr',
        text: `bind() to 0.0.0.0:${port} failed (98: Address in use)`,
      });
      this.#end(key, task.pid, 1);
      return;
    }
    this.#tasks.set(key, { ...task, ports: [...task.ports, port] });
    this.#kernel.record({ actor: name, verb: 'listen', object: name, detail: { ip, port } });
  }

  #serve({ key, pid }: Served, request: HttpRequest, caller: Caller) {
    const container = this.#containers.get(key);
    const task = this.#tasks.get(key);
    if (!container || task?.pid !== pid) return undefined;
    const model: ProgramModel = modelOf(container.argv);
    const client = { ip: caller.ip ?? '127.0.0.1', timeMs: this.#kernel.now };
    const served = model.serve?.(this.#context(container), request, client);
    if (!served) return undefined;
    if (served.log) this.#log(key, served.log);
    return served;
  }

  #log(key: string, { stream, text, stamped }: LogText): void {
    const log = this.#logs.get(key) ?? Log.empty<LogLine>();
    if (log.length >= FIGURES.logLimit) return;
    const timeMs = this.#kernel.now;
    const full = stamped ? `${slashes(timeMs)} ${text}` : text;
    this.#logs.set(key, log.append({ timeMs, stream, text: full }));
  }

  #end(key: string, pid: number, exitCode: number, signal?: Signal): void {
    const task = this.#tasks.get(key);
    if (task?.pid !== pid || task.status === 'stopped') return;
    const exit = this.#stop(key, task, exitCode, signal);
    const { machine, spec } = this.#containers.need(key);
    const record = this.#kernel.record({
      actor: `containerd/${machine}`,
      verb: 'exit',
      object: spec.name,
      detail: { exitCode, ...(signal === undefined ? {} : { signal }) },
    });
    const { exitEvent } = spec;
    if (!exitEvent) return;
    this.#kernel.because(record, () =>
      this.#kernel.scheduleNamed(0, exitEvent.event, { ...exitEvent.payload, exit }),
    );
  }

  #stop(key: string, task: TaskRow, exitCode: number, signal?: Signal): ContainerExit {
    const container = this.#containers.need(key);
    const { spec } = container;
    for (const port of task.ports) this.#http.close(addressOf(container, port));
    const exit: ContainerExit = {
      id: spec.id,
      exitCode,
      ...(signal === undefined ? {} : { signal }),
      oomKilled: false,
      startedMs: task.startedMs,
      finishedMs: this.#kernel.now,
    };
    this.#tasks.set(key, { ...task, status: 'stopped', ports: [], exit });
    return exit;
  }
}

const missing = (id: string): Failure => ({
  ok: false,
  code: 'NotFound',
  message: `container "${id}" in namespace "default": not found`,
});

function parseEnv(pairs: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    env[at === -1 ? pair : pair.slice(0, at)] = at === -1 ? '' : pair.slice(at + 1);
  }
  return env;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026/01/05 00:00:07`, as nginx's error log has it. */
function slashes(timeMs: number): string {
  const t = civilTime(timeMs);
  const day = `${t.year}/${two(t.month)}/${two(t.day)}`;
  return `${day} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
}
