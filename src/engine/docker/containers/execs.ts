import type { EventType } from '../../sim/kernel.ts';
import type { Waiter } from '../../sim/process.ts';
import { LATER } from '../../sim/processes.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { Answers } from '../../containerd/api.ts';
import type { MachineFiles } from '../../machine/files.ts';
import { daemonOn } from '../actor.ts';
import { answer, fail } from '../answer.ts';
import type { EngineResponse, ExecCreateBody, ExecInspect, ExecStartBody } from '../api.ts';
import { environment, replaceOrAppendEnv } from './merge-config.ts';
import type { ContainerRooms } from './rooms.ts';
import { rowKey, type ContainerRow } from './row.ts';
import { startFailure } from './start-failure.ts';
import { isRefusal, type ContainerStore } from './store.ts';
import type { ExecArgs, ExecRequest } from './output.ts';

/** Further processes in running containers (moby/moby v29.7 `daemon/exec.go`). */
export interface ExecRow {
  readonly machine: string;
  readonly id: string;
  readonly container: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  readonly tty: boolean;
  readonly privileged: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly running: boolean;
  readonly exitCode: number | null;
}

export interface ExecEnd {
  readonly exitCode: number;
  /** Why it could not be started. */
  readonly failure?: string;
}

interface Ended {
  readonly machine: string;
  readonly id: string;
  readonly asker?: Waiter;
  readonly stream: number;
  readonly detach: boolean;
  /** An event that is told `end: ExecEnd`. */
  readonly then?: { readonly event: string; readonly payload: object };
  readonly answer?: Answers['exec'];
  /** Of the program that asked, when one did. */
  readonly ending?: { readonly result?: unknown };
}

/** A detached exec that was not refused by then counts as started. */
const DETACHED_MS = 200;
/** Execs that have ended are kept so long (`execCommandGC`, twice its interval at most). */
const KEPT_MS = 300_000;

export class Execs {
  readonly #rooms: ContainerRooms;
  readonly #store: ContainerStore;
  readonly #rows: Table<string, ExecRow>;
  readonly #byContainer: Index<string, ExecRow>;
  readonly #counts: Table<string, number>;
  readonly #ended: EventType<Ended>;
  readonly #detached: EventType<{ machine: string; id: string; asker: Waiter }>;
  readonly #forget: EventType<{ machine: string; id: string }>;

  constructor(rooms: ContainerRooms, store: ContainerStore) {
    const { kernel, processes } = rooms;
    this.#rooms = rooms;
    this.#store = store;
    this.#rows = kernel.store.table<ExecRow>('docker/execs');
    this.#byContainer = this.#rows.index((row) => [rowKey(row.machine, row.container)]);
    this.#counts = kernel.store.table<number>('docker/exec-counts');
    this.#ended = kernel.event('docker/exec-ended', (payload) => this.#end(payload));
    this.#detached = kernel.event('docker/exec-detached', ({ asker }) =>
      processes.reply(asker, answer(200, {})),
    );
    this.#forget = kernel.event('docker/exec-forget', ({ machine, id }) => {
      if (!this.#rows.get(rowKey(machine, id))?.running) this.#rows.delete(rowKey(machine, id));
    });
  }

  /** `getActiveContainer`: why no process can be added to a container. */
  inactive({ id, state }: ContainerRow, name = id): EngineResponse | undefined {
    if (!state.running) return fail(409, `container ${id} is not running`);
    if (state.paused) {
      return fail(409, `Container ${name} is paused, unpause the container before exec`);
    }
    if (state.restarting) {
      return fail(409, `Container ${id} is restarting, wait until the container is running`);
    }
    return undefined;
  }

  create(machine: string, text: string, body: ExecCreateBody): EngineResponse {
    if ((body.Cmd ?? []).length === 0) return fail(400, 'No exec command specified');
    const row = this.#store.find(machine, text);
    if (isRefusal(row)) return fail(row.status, row.message);
    const inactive = this.inactive(row, text);
    if (inactive) return inactive;
    const unknown = userProblem(this.#rooms.files, `${machine}/${row.id}`, body.User ?? '');
    if (unknown !== undefined) return fail(400, unknown);
    return answer(201, { Id: this.add(row, body).id });
  }

  /** Notes a process that will be started; the container is known to run. */
  add(row: ContainerRow, body: ExecCreateBody): ExecRow {
    const { machine, config } = row;
    const count = (this.#counts.get(machine) ?? 0) + 1;
    this.#counts.set(machine, count);
    const random = this.#rooms.kernel.random('docker', machine, 'exec', count);
    const tty = body.Tty ?? false;
    const exec: ExecRow = {
      machine,
      id: random.text(64, '0123456789abcdef'),
      container: row.id,
      argv: body.Cmd ?? [],
      env: replaceOrAppendEnv(environment(config, tty), body.Env ?? []),
      user: body.User || config.User,
      workingDir: body.WorkingDir || config.WorkingDir,
      tty,
      privileged: body.Privileged ?? false,
      stdin: body.AttachStdin ?? false,
      stdout: body.AttachStdout ?? false,
      stderr: body.AttachStderr ?? false,
      running: false,
      exitCode: null,
    };
    this.#rows.set(rowKey(machine, exec.id), exec);
    this.#store.emit(row, `exec_create: ${wordsOf(exec)}`, { execID: exec.id });
    return exec;
  }

  /** `getExecConfig`, then whether it can be started. */
  startProblem(machine: string, id: string): EngineResponse | undefined {
    const exec = this.#rows.get(rowKey(machine, id));
    if (!exec) return fail(404, `No such exec instance: ${id}`);
    const row = this.#store.get(machine, exec.container);
    if (!row) return fail(404, `No such container: ${id}`);
    const inactive = this.inactive(row);
    if (inactive) return inactive;
    if (exec.exitCode !== null) return fail(409, `exec command ${id} has already run`);
    return exec.running ? fail(409, `exec command ${id} is already running`) : undefined;
  }

  /** `POST /exec/{id}/start`: its output goes to the stream; answered when it has ended. */
  start(
    machine: string,
    id: string,
    body: ExecStartBody,
    io: { readonly stream: number; readonly input: number },
    asker: Waiter,
  ): EngineResponse | typeof LATER {
    const problem = this.startProblem(machine, id);
    if (problem) return problem;
    const detach = body.Detach ?? false;
    const how = { detach, asker, ...(detach ? { stream: 0, input: 0 } : io) };
    this.#rooms.kernel.because(this.#record(machine, id), () => this.run(machine, id, how));
    if (detach) this.#detached.after(DETACHED_MS, { machine, id, asker });
    return LATER;
  }

  #record(machine: string, id: string): number {
    const exec = this.#rows.need(rowKey(machine, id));
    const object = `container ${this.#store.get(machine, exec.container)?.name ?? exec.container}`;
    const detail = { command: wordsOf(exec) };
    return this.#rooms.kernel.record({ actor: daemonOn(machine), verb: 'exec', object, detail });
  }

  /** Starts it; whoever is named is told when it has ended. */
  run(
    machine: string,
    id: string,
    how: Partial<Pick<Ended, 'asker' | 'then' | 'stream' | 'detach'>> & { input?: number },
  ): void {
    const exec = this.#rows.need(rowKey(machine, id));
    const { stream = 0, input = 0, detach = false, asker, then } = how;
    this.#rows.set(rowKey(machine, id), { ...exec, running: true });
    const row = this.#store.get(machine, exec.container)!;
    this.#store.emit(row, `exec_start: ${wordsOf(exec)}`, { execID: id });
    const { processes, containerd } = this.#rooms;
    const isFed = exec.stdin && input !== 0;
    if (isFed) {
      processes.spawn('docker/input', { machine, id: exec.container, execId: id, input });
    }
    const request: ExecRequest = {
      op: 'exec',
      id: exec.container,
      execId: id,
      argv: exec.argv,
      env: Object.fromEntries(exec.env.map(splitPair)),
      ...(exec.user === '' ? {} : { user: exec.user }),
      ...(exec.workingDir === '' ? {} : { cwd: exec.workingDir }),
      ...(exec.tty ? { tty: true } : {}),
      ...(isFed ? { openStdin: true } : {}),
    };
    const payload = { machine, id, stream, detach, ...(asker ? { asker } : {}), then };
    const ended = { event: this.#ended.name, payload };
    if (!asker || detach) {
      containerd.call(machine, { ...request, ...(stream === 0 ? {} : { output: stream }) }, ended);
      return;
    }
    const { stdout, stderr } = exec;
    const args: ExecArgs = { machine, request, stream, stdout, stderr };
    processes.spawn('docker/exec', args, { then: ended });
  }

  #end({ machine, id, asker, detach, then, answer: told, ending }: Ended): void {
    const said = told ?? (ending?.result as Answers['exec']);
    const key = rowKey(machine, id);
    const exec = this.#rows.get(key);
    const end: ExecEnd = said.ok
      ? { exitCode: said.exitCode }
      : { exitCode: said.exitCode ?? failedExit(said.message), failure: said.message };
    if (exec) {
      this.#rows.set(key, { ...exec, running: false, exitCode: end.exitCode });
      const row = this.#store.get(machine, exec.container);
      if (row && asker && !detach) this.#recordEnd(row, exec, end.exitCode);
      if (row && end.failure === undefined) {
        const more = { execID: id, exitCode: String(end.exitCode) };
        this.#store.emit(row, 'exec_die', more);
      }
      this.#forget.after(KEPT_MS, { machine, id });
    }
    if (then) this.#rooms.kernel.scheduleNamed(0, then.event, { ...then.payload, end });
    if (!asker) return;
    const { processes } = this.#rooms;
    if (detach) {
      const status = end.failure === undefined ? 200 : startFailure(end.failure).status;
      const body = end.failure === undefined ? {} : { message: end.failure };
      processes.reply(asker, answer(status, body));
      return;
    }
    processes.reply(asker, answer(200, {}));
  }

  #recordEnd({ machine, name }: ContainerRow, exec: ExecRow, exitCode: number): void {
    const detail = { command: wordsOf(exec), exitCode };
    const object = `container ${name}`;
    this.#rooms.kernel.record({ actor: daemonOn(machine), verb: 'exec-end', object, detail });
  }

  /** Of the container, those that run. */
  idsOf({ machine, id }: ContainerRow): string[] {
    const running = this.#byContainer.values(rowKey(machine, id)).filter((row) => row.running);
    return running.map((row) => row.id);
  }

  inspect(machine: string, id: string): EngineResponse {
    const exec = this.#rows.get(rowKey(machine, id));
    if (!exec || !this.#store.get(machine, exec.container)) {
      return fail(404, `No such exec instance: ${id}`);
    }
    const [entrypoint = '', ...words] = exec.argv;
    const body: ExecInspect = {
      ID: id,
      Running: exec.running,
      ExitCode: exec.exitCode,
      ProcessConfig: {
        tty: exec.tty,
        entrypoint,
        arguments: words,
        privileged: exec.privileged,
        ...(exec.user === '' ? {} : { user: exec.user }),
      },
      OpenStdin: exec.stdin,
      OpenStderr: exec.stderr,
      OpenStdout: exec.stdout,
      CanRemove: false,
      ContainerID: exec.container,
      DetachKeys: '',
      Pid: exec.running ? this.#pidOf(exec) : 0,
    };
    return answer(200, body);
  }

  /** On the machine; 0 before its process is there. */
  #pidOf({ machine, id, container }: ExecRow): number {
    const said = this.#rooms.containerd.answer(machine, { op: 'processes', id: container });
    const processes = said.ok ? said.processes : [];
    return processes.find(({ execId }) => execId === id)?.pid ?? 0;
  }

  /** The container is gone. */
  forget({ machine, id }: ContainerRow): void {
    for (const key of this.#byContainer.keys(rowKey(machine, id))) this.#rows.delete(key);
  }
}

/** `setExitCodeFromError`; what sets none counts as not invoked. */
function failedExit(message: string): number {
  const { exitCode } = startFailure(message);
  return exitCode === 128 ? 126 : exitCode;
}

/** Names must be known to the container; numbers need not (`getUser`; moby/sys `user.go`). */
function userProblem(files: MachineFiles, place: string, text: string): string | undefined {
  const [user = '', group = ''] = text.split(':');
  const knows = (path: string, name: string): boolean =>
    name === '' ||
    /^\d+$/.test(name) ||
    (files.read(place, path)?.content ?? '')
      .split('\n')
      .some((line) => line.startsWith(`${name}:`));
  if (!knows('/etc/passwd', user)) {
    return `unable to find user ${user}: no matching entries in passwd file`;
  }
  return knows('/etc/group', group)
    ? undefined
    : `unable to find group ${group}: no matching entries in group file`;
}

const wordsOf = ({ argv }: ExecRow): string => argv.join(' ');

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
