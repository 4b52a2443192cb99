import type { Table } from '../sim/store.ts';
import { statusOfSignal } from '../machine/signals.ts';
import type { StartFailure } from '../programs/find.ts';
import type { LogLine } from '../programs/program.ts';
import { contentWords } from './failures.ts';
import type {
  ContainerExit,
  ContainerView,
  CreateContainer,
  Failure,
  FaultKind,
  Signal,
} from './api.ts';
import type { Launch } from './launches.ts';
import type { ProcessEnd } from './process-tree.ts';
import { SECOND_PID } from './process-tree.ts';
import { endpointsOf, keyOf, type ContainerRow, type TaskRow, type Variables } from './rows.ts';
import type { Runtime } from './runtime.ts';

/**
 * Containers and their tasks. A container is what was asked for, with its image's configuration
 * taken in; its task is its processes while they run, and how they ended. A task may be started
 * again: files and log stay.
 *
 * Models containerd 2.2 `core/runtime/v2`, and for words and exit codes runc 1.4.
 */
type Done = { ok: true } | Failure;

const INIT_PATH = '/sbin/docker-init';

export class Tasks {
  readonly #runtime: Runtime;
  readonly #boots: Table<string, number>;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#boots = runtime.kernel.store.table<number>('containerd/boots');
    runtime.onFinished((key, end) => this.#end(key, end));
  }

  create(machine: string, spec: CreateContainer): { ok: true; id: string } | Failure {
    const { rows, content, kernel } = this.#runtime;
    const key = keyOf(machine, spec.id);
    const before = rows.containers.get(key);
    const replaces = spec.replace && before && rows.tasks.get(key)?.status !== 'running';
    if (before && !replaces) {
      const message = `container "${spec.id}": already exists`;
      return { ok: false, code: 'AlreadyExists', message };
    }
    const image = content.image(machine, spec.image, spec.platform);
    if (!image && !before) {
      return { ok: false, code: 'NotFound', message: `image "${spec.image}": not found` };
    }
    const config = image?.config.config;
    const entrypoint = spec.entrypoint ?? (replaces ? [] : (config?.Entrypoint ?? []));
    const cmd = spec.cmd ?? (spec.entrypoint || replaces ? [] : (config?.Cmd ?? []));
    const argv = together(entrypoint, cmd);
    if (argv.length === 0 && !replaces) {
      return { ok: false, code: 'InvalidArgument', message: 'no command specified' };
    }
    rows.containers.set(key, {
      machine,
      spec,
      argv,
      sharedEnv: replaces
        ? NO_VARIABLES
        : joinedEnv(config?.Env ?? NO_ENV, spec.sharedEnv ?? NO_VARIABLES),
      env: spec.env ?? NO_VARIABLES,
      chainId: before?.chainId ?? image?.chainId ?? '',
      architecture: before?.architecture ?? image?.config.architecture ?? '',
      user: spec.user ?? config?.User ?? '',
      workingDir: spec.workingDir ?? config?.WorkingDir ?? '',
      createdMs: before?.createdMs ?? kernel.now,
    });
    if (replaces) return { ok: true, id: spec.id };
    kernel.record({
      actor: `containerd/${machine}`,
      verb: 'create',
      object: spec.name,
      detail: { image: spec.image, ...(spec.ip === undefined ? {} : { ip: spec.ip }) },
    });
    return { ok: true, id: spec.id };
  }

  /** Makes the process; it runs so many milliseconds later, see {@link run}. */
  prepare(machine: string, id: string, startMs: number): { ok: true; pid: number } | Failure {
    const { rows, kernel, places, launches, tree } = this.#runtime;
    const key = keyOf(machine, id);
    const container = rows.containers.get(key);
    if (!container) return noContainer(id);
    const task = rows.tasks.get(key);
    if (task && task.status !== 'stopped') {
      return { ok: false, code: 'AlreadyExists', message: `task ${id}: already exists` };
    }
    const mounted = places.mount(key, container);
    if ('failed' in mounted) return createFailure(mounted);
    const before = places.plainTree(mounted);
    const user = launches.user(mounted, mounted.user, before);
    if (typeof user === 'string') return contentWords(user);
    const cwd = this.#enter(mounted);
    const launch = launches.findFirst(mounted, user, cwd, cwd === '/' ? before : undefined);
    if ('failed' in launch && !launch.late) return createFailure(launch);
    const startedMs = kernel.now + startMs;
    // A shim is started for it first.
    const pid = rows.nextPid(machine, 2);
    const wanted = 'failed' in launch ? EMPTY_LAUNCH : launch;
    const first = mounted.spec.init ? EMPTY_LAUNCH : wanted;
    const argv = mounted.spec.init ? [INIT_PATH, '--', ...mounted.argv] : mounted.argv;
    tree.addFirst(key, first, { argv, user, ppid: pid - 1, pid });
    rows.tasks.set(key, {
      status: 'starting',
      pid,
      startedMs,
      nextNsPid: SECOND_PID,
      cpuMs: 0,
      rxBytes: 0,
      txBytes: 0,
    });
    return { ok: true, pid };
  }

  /** The snapshots under the containers of a machine, by chain ID. */
  snapshots(machine: string): string[] {
    const containers = this.#runtime.rows.containers.withPrefix(`${machine} `);
    return [...containers].map(([, { chainId }]) => chainId);
  }

  /** The process begins; false when it was killed before. */
  run(machine: string, id: string, pid: number): boolean {
    const { rows, kernel, memory } = this.#runtime;
    const key = keyOf(machine, id);
    const task = rows.tasks.get(key);
    if (task?.pid !== pid || task.status !== 'starting') return false;
    rows.tasks.set(key, { ...task, status: 'running', startedMs: kernel.now });
    const container = rows.containers.need(key);
    const record = kernel.record({
      actor: `containerd/${machine}`,
      verb: 'start',
      object: container.spec.name,
      detail: { pid },
    });
    kernel.because(record, () => {
      this.#begin(key, container, pid);
      memory.check(key, container);
    });
    return true;
  }

  /** The working directory of a container; runc makes it where there is none. */
  #enter({ machine, spec, workingDir }: ContainerRow): string {
    if (workingDir === '' || workingDir === '/') return '/';
    const { files } = this.#runtime;
    const place = `${machine}/${spec.id}`;
    if (!files.node(place, workingDir)) files.makeDirectory(place, workingDir, { parents: true });
    return workingDir;
  }

  #begin(key: string, container: ContainerRow, pid: number): void {
    const { rows, tree, output, inputs } = this.#runtime;
    const { spec, argv } = container;
    const first = rows.process(key, pid);
    if (!first) return;
    const words = { cwd: this.#enter(container) };
    const launch = this.#runtime.launches.findFirst(container, first.user, words.cwd);
    if ('failed' in launch) {
      output.line(key, { stream: 'stderr', text: launch.message });
      tree.end(first, { exitCode: launch.exitCode });
      return;
    }
    const stdin = spec.openStdin ? inputs.take(key, undefined) : undefined;
    const own = stdin === undefined ? {} : { stdin };
    if (!spec.init) {
      if (stdin === undefined) return tree.begin(first, launch, words);
      const row = { ...first, ...own };
      rows.setProcess(row);
      return tree.begin(row, launch, words);
    }
    const { user } = first;
    const child = tree.add(key, launch, { argv, user, ppid: pid, ...own });
    rows.setProcess({ ...first, initOf: child.pid });
    tree.begin(child, launch, words);
  }

  kill(machine: string, id: string, signal: Signal, execId?: string): Done {
    const { rows, kernel, tree } = this.#runtime;
    const key = keyOf(machine, id);
    const task = rows.tasks.get(key);
    if (!task) return noContainer(id);
    const row = this.#runtime.processNamed(key, execId);
    if (task.status === 'stopped' || !row) {
      return { ok: false, code: 'NotFound', message: 'process already finished: not found' };
    }
    const { spec } = rows.containers.need(key);
    const detail = { signal };
    const actor = `containerd/${machine}`;
    const record = kernel.record({ actor, verb: 'signal', object: spec.name, detail });
    kernel.because(record, () => {
      if (task.status === 'starting') {
        tree.end(row, { exitCode: statusOfSignal(signal), signal });
      } else tree.signal(row, signal);
    });
    return { ok: true };
  }

  delete(machine: string, id: string): Done {
    const { rows, kernel } = this.#runtime;
    const key = keyOf(machine, id);
    const container = rows.containers.get(key);
    if (!container) return noContainer(id);
    const task = rows.tasks.get(key);
    if (task && task.status !== 'stopped') {
      const message = `cannot delete running task ${id}: failed precondition`;
      return { ok: false, code: 'FailedPrecondition', message };
    }
    rows.containers.delete(key);
    rows.tasks.delete(key);
    this.#runtime.forget(key);
    const actor = `containerd/${machine}`;
    kernel.record({ actor, verb: 'delete', object: container.spec.name });
    return { ok: true };
  }

  view(machine: string, id: string): ContainerView | undefined {
    const { rows } = this.#runtime;
    const key = keyOf(machine, id);
    const container = rows.containers.get(key);
    return container && viewOf(container, rows.tasks.get(key));
  }

  list(machine: string): ContainerView[] {
    const { rows } = this.#runtime;
    return [...rows.containers.withPrefix(`${machine} `)].map(([key, container]) =>
      viewOf(container, rows.tasks.get(key)),
    );
  }

  runningCount(machine: string): number {
    return this.#runtime.rows.runningOn(machine).length;
  }

  logs(machine: string, id: string, from = 0): LogLine[] | undefined {
    const key = keyOf(machine, id);
    if (!this.#runtime.rows.containers.has(key)) return undefined;
    return this.#runtime.output.lines(key, from);
  }

  /** How many lines a container's log ever had: where its next line will stand. */
  logEnd(machine: string, id: string): number {
    return this.#runtime.output.count(keyOf(machine, id));
  }

  /** What is wrong with a container that runs; undefined when nothing is. */
  faultOf(machine: string, id: string): FaultKind | undefined {
    return this.#runtime.rows.tasks.get(keyOf(machine, id))?.fault;
  }

  /** The machine lost its power: every process is gone, and nobody is told. */
  powerOff(machine: string): void {
    const { rows } = this.#runtime;
    this.#boots.set(machine, this.boots(machine) + 1);
    for (const key of rows.runningOn(machine)) {
      const exit = { ...this.#stop(key, { exitCode: UNSEEN_EXIT }), unseen: true } as const;
      rows.tasks.set(key, { ...rows.tasks.need(key), exit });
    }
  }

  /** How often a machine has lost its power. */
  boots(machine: string): number {
    return this.#boots.get(machine) ?? 0;
  }

  /** The first process is gone, and everything with it. */
  #end(key: string, end: ProcessEnd): void {
    const { rows, kernel } = this.#runtime;
    const task = rows.tasks.get(key);
    if (!task || task.status === 'stopped') return;
    const exit = this.#stop(key, end);
    const { machine, spec } = rows.containers.need(key);
    const { exitCode, signal, oomKilled } = exit;
    const record = kernel.record({
      actor: `containerd/${machine}`,
      verb: 'exit',
      object: spec.name,
      ...(oomKilled && { reason: 'OOMKilled' }),
      detail: { exitCode, ...(signal === undefined ? {} : { signal }) },
    });
    const { exitEvent } = spec;
    if (!exitEvent) return;
    kernel.because(record, () =>
      kernel.scheduleNamed(0, exitEvent.event, { ...exitEvent.payload, exit }),
    );
  }

  #stop(key: string, { exitCode, signal, oomKilled }: ProcessEnd): ContainerExit {
    const { rows, kernel, tree, output, processors } = this.#runtime;
    const cpuMs = tree.endAll(key, { exitCode: statusOfSignal('SIGKILL') });
    output.finish(key);
    processors.forget(key);
    const { paused: _paused, fault: _fault, ...task } = rows.tasks.need(key);
    const exit: ContainerExit = {
      id: rows.containers.need(key).spec.id,
      exitCode,
      ...(signal === undefined ? {} : { signal }),
      oomKilled: oomKilled === true || task.oomKilled === true,
      startedMs: task.startedMs,
      finishedMs: kernel.now,
    };
    rows.tasks.set(key, { ...task, status: 'stopped', cpuMs: task.cpuMs + cpuMs, exit });
    return exit;
  }
}

/** Of a container whose end nobody saw (containerd v2.3 `internal/cri/server/helpers.go`). */
const UNSEEN_EXIT = 255;

/** A process that does nothing by itself. */
const EMPTY_LAUNCH: Launch = { found: { plan: 'idle', argv: [] } };

export const noContainer = (id: string): Failure => ({
  ok: false,
  code: 'NotFound',
  message: `container "${id}" in namespace "default": not found`,
});

function createFailure({ message, exitCode }: StartFailure): Failure {
  const words =
    'failed to create task for container: failed to create shim task: OCI runtime create ' +
    'failed: runc create failed: unable to start container process: ' +
    `error during container init: ${message}: unknown`;
  return { ok: false, code: 'Unknown', message: words, exitCode };
}

function viewOf(container: ContainerRow, task: TaskRow | undefined): ContainerView {
  const { spec, argv, createdMs } = container;
  const started = task && task.status !== 'starting';
  const [endpoint] = endpointsOf(container);
  return {
    id: spec.id,
    name: spec.name,
    image: spec.image,
    argv,
    status: !started ? 'created' : statusOf(task),
    ...(task?.status === 'running' ? { pid: task.pid } : {}),
    ...(endpoint && { ip: endpoint.ip }),
    labels: spec.labels ?? {},
    createdMs,
    ...(started ? { startedMs: task.startedMs } : {}),
    ...(task?.exit ? { exit: task.exit } : {}),
    ...(task?.oomKilled && { oomKilled: true }),
  };
}

const statusOf = ({ status, paused }: TaskRow) =>
  status !== 'running' ? 'stopped' : paused ? 'paused' : 'running';

/** The words of both, in one list; the very list where the other has none. */
function together(first: readonly string[], then: readonly string[]): readonly string[] {
  if (then.length === 0) return first;
  return first.length === 0 ? then : [...first, ...then];
}

const NO_ENV: readonly string[] = [];
const NO_VARIABLES: Variables = {};
const joined = new WeakMap<readonly string[], WeakMap<Variables, Variables>>();

/** The image's variables with those that containers share; made once for all of them. */
function joinedEnv(image: readonly string[], shared: Variables): Variables {
  let byShared = joined.get(image);
  if (!byShared) joined.set(image, (byShared = new WeakMap<Variables, Variables>()));
  let env = byShared.get(shared);
  if (!env) byShared.set(shared, (env = { ...parseEnv(image), ...shared }));
  return env;
}

function parseEnv(pairs: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    env[at === -1 ? pair : pair.slice(0, at)] = at === -1 ? '' : pair.slice(at + 1);
  }
  return env;
}
