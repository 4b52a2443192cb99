import { resolvePath } from '../machine/command.ts';
import { mayAccess } from '../machine/walk.ts';
import type { StartFailure } from '../programs/find.ts';
import type { EventType } from '../sim/kernel.ts';
import { LATER } from '../sim/processes.ts';
import type { ExecProcess, Failure } from './api.ts';
import { failure } from './failures.ts';
import { FIGURES } from './figures.ts';
import { keyOf, placeOfKey, type Back, type ContainerRow } from './rows.ts';
import type { Runtime } from './runtime.ts';
import { noContainer } from './tasks.ts';
import type { User } from './users.ts';

/**
 * Further processes in a container that runs: `docker exec`, health checks, probes that execute.
 * Words are runc's (opencontainers/runc 1.4 `exec.go`, `libcontainer/process_linux.go`).
 */
interface Begun {
  readonly key: string;
  readonly pid: number;
  readonly request: ExecProcess;
}

export class Exec {
  readonly #runtime: Runtime;
  readonly #begun: EventType<Begun>;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#begun = runtime.kernel.event('containerd/exec', (begun) => this.#begin(begun));
  }

  /** Answers when the process has ended, or at once why there is none. */
  start(machine: string, request: ExecProcess, back: Back): Failure | typeof LATER {
    const answer = this.#start(machine, request, back);
    const { output } = request;
    if (answer !== LATER && output !== undefined) this.#runtime.processes.streams.close(output);
    return answer;
  }

  #start(machine: string, request: ExecProcess, back: Back): Failure | typeof LATER {
    const { rows, launches, tree, inputs } = this.#runtime;
    const key = keyOf(machine, request.id);
    const container = rows.containers.get(key);
    if (!container) return noContainer(request.id);
    const task = rows.tasks.get(key);
    if (task?.status !== 'running') {
      return failure('FailedPrecondition', 'cannot exec in a stopped container');
    }
    if (task.paused) {
      return failure(
        'FailedPrecondition',
        'cannot exec in a paused container (use --ignore-paused to override)',
      );
    }
    const user = launches.user(container, request.user ?? container.user);
    if (typeof user === 'string') return failure('InvalidArgument', user, 126);
    const words = this.#words(container, request, user);
    const away = this.#cannotEnter(key, words.cwd, user);
    if (away) return away;
    const launch = launches.find(container, words);
    if ('failed' in launch && !launch.late) return execFailure(launch);
    const { pidsLimit = FIGURES.pidsLimit } = rows.limits(key);
    if (rows.processesOf(key).length >= pidsLimit) {
      return execFailure({
        failed: true,
        exitCode: 126,
        message: "can't get final child's PID from pipe: EOF",
      });
    }
    const { execId, output, argv } = request;
    const stdin = request.openStdin ? { stdin: inputs.take(key, execId) } : {};
    const { tty = false } = request;
    const exec = { ...(execId !== undefined && { id: execId }), tty, back };
    const where = output === undefined ? {} : { output };
    const wanted = 'failed' in launch ? { found: { plan: 'idle', argv: [] } } : launch;
    const ppid = rows.process(key, task.pid)?.ppid ?? 0;
    const row = tree.add(key, wanted, { argv, user, ppid, exec: { ...exec, ...where }, ...stdin });
    this.#begun.after(FIGURES.execMs, { key, pid: row.pid, request });
    return LATER;
  }

  #words(container: ContainerRow, request: ExecProcess, user: User) {
    const { argv, env = {}, tty, cwd } = request;
    const own = container.workingDir === '' ? '/' : container.workingDir;
    return {
      argv,
      env: this.#runtime.launches.env(container, user, tty === true, env),
      cwd: cwd === undefined || cwd === '' ? own : resolvePath('/', cwd),
    };
  }

  #cannotEnter(key: string, cwd: string, user: User): Failure | undefined {
    const { files } = this.#runtime;
    const node = files.node(placeOfKey(key), cwd, true, user);
    const why = !node
      ? 'no such file or directory'
      : node.type !== 'dir'
        ? 'not a directory'
        : mayAccess(node, user, 1)
          ? undefined
          : 'permission denied';
    if (why === undefined) return undefined;
    const exitCode = why === 'permission denied' ? 126 : 127;
    const message = `chdir to cwd ("${cwd}") set in config.json failed: ${why}`;
    return execFailure({ failed: true, exitCode, message });
  }

  #begin({ key, pid, request }: Begun): void {
    const { rows, launches, tree, memory } = this.#runtime;
    const row = rows.process(key, pid);
    const container = rows.containers.get(key);
    if (!row || !container) return;
    const words = this.#words(container, request, row.user);
    const launch = launches.find(container, words);
    if ('failed' in launch) {
      const to = row.exec?.output;
      const text = `${launch.message}\n`;
      if (to !== undefined) this.#runtime.processes.streams.write(to, { stream: 'stderr', text });
      tree.end(row, { exitCode: launch.exitCode });
      return;
    }
    tree.begin(row, launch, words);
    memory.check(key);
  }
}

function execFailure({ message, exitCode }: StartFailure): Failure {
  const words = `OCI runtime exec failed: exec failed: unable to start container process: ${message}`;
  return failure('Unknown', `${words}: unknown`, exitCode);
}
