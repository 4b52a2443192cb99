import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import {
  ANY_ADDRESS,
  type Address,
  type Caller,
  type Http,
  type HttpRequest,
} from '../net/http.ts';
import type { MachineFiles } from '../machine/machine-files.ts';
import type {
  FileText,
  Client,
  LogText,
  NameAnswer,
  NameQuestion,
  ProcessContext,
  ProcessStep,
  ResolveStep,
  SignalResponse,
} from '../programs/program.ts';
import { modelNamed } from '../programs/registry.ts';
import type { Signal } from './api.ts';
import { placeView } from './container-view.ts';
import { FIGURES } from './figures.ts';
import type { Launches } from './launches.ts';
import { textOf, type Output } from './output.ts';
import type { Places } from './places.ts';
import type { Processors } from './processors.ts';
import {
  endpointsOf,
  hostnameOf,
  placeOfKey,
  type ContainerRow,
  type ProcessRow,
  type Rows,
} from './rows.ts';
import { treeView } from './tree-view.ts';

/**
 * Carries out plans (programs/program.ts): steps come as events, requests are answered by pure
 * functions. So a server that only waits costs nothing.
 */
export interface PlanRooms {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly http: Http;
  readonly files: MachineFiles;
  readonly rows: Rows;
  readonly places: Places;
  readonly output: Output;
  readonly processors: Processors;
  readonly launches: Launches;
}

/** What happens to a process beyond its plan. */
export interface PlanEvents {
  exit(row: ProcessRow, exitCode: number): void;
  memory(row: ProcessRow, bytes: number): void;
  signal(row: ProcessRow, signal: Signal): void;
  start(row: ProcessRow, command: string): void;
}

/** What a listener's server is told: a new object for each start, never the same for two. */
interface Served {
  readonly key: string;
  readonly pid: number;
}

/** So many names a program asks for before it answers a request. */
const LOOKUPS = 16;

export class Plans {
  readonly #rooms: PlanRooms;
  readonly #rows: Rows;
  readonly #events: PlanEvents;
  readonly #step: EventType<{ key: string; pid: number; from: number }>;
  readonly #exit: EventType<{ key: string; pid: number; exitCode: number }>;

  constructor(rooms: PlanRooms, events: PlanEvents) {
    this.#rooms = rooms;
    this.#rows = rooms.rows;
    this.#events = events;
    this.#step = rooms.kernel.event('containerd/step', ({ key, pid, from }) =>
      this.#take(key, pid, from),
    );
    this.#exit = rooms.kernel.event('containerd/exit', ({ key, pid, exitCode }) => {
      const row = this.#rows.process(key, pid);
      if (!row) return;
      if (this.#isPaused(key)) this.#hold(row, { exitCode });
      else events.exit(row, exitCode);
    });
    rooms.http.server('containerd', (served: Served, request, caller, at, upstream, note) =>
      this.#serve(served, request, caller, {
        port: at.port,
        ...(upstream !== undefined && { upstream }),
        ...(note !== undefined && { note }),
      }),
    );
  }

  begin(row: ProcessRow): void {
    this.#schedule(row, 0, 0);
  }

  /** How a plan meets a signal; undefined when it leaves it to the kernel. */
  response(row: ProcessRow, signal: Signal): SignalResponse | undefined {
    const model = modelNamed(row.program ?? '');
    const { state, startedMs } = row;
    const asked = model.signalled?.(this.#context(row), signal, {
      timeMs: this.#rooms.kernel.now,
      startedMs,
      ...(state !== undefined && { state }),
    });
    return asked ?? row.plan?.signals[signal];
  }

  /** It says and writes what it has to and is on its way out, unless it stays. */
  respond(row: ProcessRow, response: Exclude<SignalResponse, 'ignore'>): void {
    if (row.ending) return;
    if ('stays' in response) {
      for (const line of response.log) this.#say(row, line);
      return this.#resolveAgain(row, response.resolves ?? []);
    }
    for (const line of response.log ?? []) this.#say(row, line);
    for (const text of response.writes ?? []) this.#writeFile(row, text);
    // It takes no more connections from here on, and finishes what it has begun.
    this.closePorts(row);
    const { key, pid } = row;
    this.#rows.setProcess({ ...row, ports: [], ending: true });
    this.#exit.after(response.afterMs, { key, pid, exitCode: response.exitCode });
  }

  /** Keeps a signal until the container goes on. */
  holdSignal(row: ProcessRow, signal: Signal): void {
    this.#hold(row, { signals: [...(row.held?.signals ?? []), signal] });
  }

  /** Goes on after a pause; gives the signals that came meanwhile. */
  resume(row: ProcessRow): readonly Signal[] {
    const { held, ...rest } = row;
    if (!held) return [];
    this.#rows.setProcess(rest);
    const { key, pid } = row;
    if (held.step !== undefined) this.#step.after(0, { key, pid, from: held.step });
    if (held.exitCode !== undefined) this.#exit.after(0, { key, pid, exitCode: held.exitCode });
    return held.signals;
  }

  /** A container goes on: its servers answer what they were asked meanwhile. */
  wake(key: string): void {
    const container = this.#rows.containers.need(key);
    for (const { ports = [] } of this.#rows.processesOf(key)) {
      for (const port of ports) {
        const own = addressesOf(container, port);
        for (const at of [...own, loopbackOf(container, port)]) this.#rooms.http.wake(at);
      }
    }
  }

  closePorts({ key, ports = [] }: ProcessRow): void {
    if (ports.length === 0) return;
    const container = this.#rows.containers.need(key);
    for (const port of ports) {
      for (const address of addressesOf(container, port)) this.#rooms.http.close(address);
      this.#rooms.http.close(loopbackOf(container, port));
    }
  }

  /** Opens or closes the ports of a container at one address more or less. */
  reach(key: string, address: Omit<Address, 'port'>, open: boolean): void {
    const { http } = this.#rooms;
    for (const { pid, ports = [] } of this.#rows.processesOf(key)) {
      for (const port of ports) {
        if (open) http.listen({ ...address, port }, this.#listener(key, pid));
        else http.close({ ...address, port });
      }
    }
  }

  #isPaused(key: string): boolean {
    return this.#rows.tasks.get(key)?.paused === true;
  }

  #hold(row: ProcessRow, more: { step?: number; exitCode?: number; signals?: Signal[] }): void {
    const held = { signals: [], ...row.held, ...more };
    this.#rows.setProcess({ ...row, held });
  }

  /** Schedules the steps from one position on that come at the same time. */
  #schedule({ key, pid, plan }: ProcessRow, from: number, sinceMs: number): void {
    const next = plan?.steps[from];
    if (next) this.#step.after(Math.max(0, next.afterMs - sinceMs), { key, pid, from });
  }

  #take(key: string, pid: number, from: number): void {
    const row = this.#rows.process(key, pid);
    if (!row?.plan || row.ending) return;
    if (this.#isPaused(key)) return this.#hold(row, { step: from });
    const { steps } = row.plan;
    const atMs = steps[from]?.afterMs ?? 0;
    let at = from;
    for (; steps[at]?.afterMs === atMs; at++) {
      const step = steps[at];
      const now = this.#rows.process(key, pid);
      if (!now || now.ending) return;
      if (step?.do === 'log') this.#say(now, step);
      else if (step?.do === 'listen') {
        if (!this.#listen(now, step.port)) return this.#instead(now, step);
      } else if (step?.do === 'resolve') {
        const { resolved } = now;
        const hosts = resolved?.atMs === this.#rooms.kernel.now ? resolved.hosts : {};
        if (!this.#resolve(now, [step], hosts)) return this.#turn(now, step.missing);
      } else if (step?.do === 'write') this.#writeFile(now, step);
      else if (step?.do === 'memory') this.#events.memory(now, step.bytes);
      else if (step?.do === 'start') this.#events.start(now, step.command);
      else if (step?.do === 'signal') this.#signal(now, step.pid, step.signal);
      else if (step?.do === 'exit') return this.#events.exit(now, step.code);
    }
    const now = this.#rows.process(key, pid);
    if (now) this.#schedule(now, at, atMs);
  }

  /** Keeps the addresses of names; false where one of them stands for nothing. */
  #resolve(
    row: ProcessRow,
    steps: readonly ResolveStep[],
    before: Readonly<Record<string, readonly string[]>> = {},
  ): boolean {
    const { http, kernel } = this.#rooms;
    const place = placeOfKey(row.key);
    if (steps.some(({ host }) => http.isUnknown(host, place))) return false;
    const found = steps.map(({ host }) => [host, http.lookup(host, place)] as const);
    const hosts = { ...before, ...Object.fromEntries(found) };
    this.#rows.setProcess({ ...row, resolved: { atMs: kernel.now, hosts } });
    return true;
  }

  /** A plan that stays looks its names up anew; where one is missing it keeps what it knew. */
  #resolveAgain(row: ProcessRow, steps: readonly ResolveStep[]): void {
    const { http } = this.#rooms;
    const missing = steps.find(({ host }) => http.isUnknown(host, placeOfKey(row.key)));
    if (!missing) return void this.#resolve(row, steps);
    for (const step of missing.missing) if (step.do === 'log') this.#say(row, step);
  }

  #listener(key: string, pid: number) {
    const { machine, spec } = this.#rows.containers.need(key);
    const payload: Served = { key, pid };
    return { machine, name: spec.name, server: 'containerd', payload };
  }

  /** Goes on with other steps from here. */
  #turn(row: ProcessRow, steps: readonly ProcessStep[]): void {
    if (!row.plan) return;
    const next = { ...row, plan: { ...row.plan, steps } };
    this.#rows.setProcess(next);
    this.#schedule(next, 0, 0);
  }

  /** The port is taken: what a process does then, or it ends. */
  #instead(row: ProcessRow, { port, taken }: Extract<ProcessStep, { do: 'listen' }>): void {
    if (taken) return this.#turn(row, taken);
    const text = `bind: Address already in use: port ${port}`;
    this.#say(row, { stream: 'stderr', text });
    this.#events.exit(row, 1);
  }

  /** Opens a port at all addresses; false when somebody has one of them. */
  #listen(row: ProcessRow, port: number): boolean {
    const container = this.#rows.containers.need(row.key);
    const addresses = addressesOf(container, port);
    if (addresses.length === 0) return true;
    const listener = this.#listener(row.key, row.pid);
    const { http, kernel } = this.#rooms;
    const taken = addresses.find((address) => !http.listen(address, listener));
    if (taken) {
      for (const address of addresses) {
        if (http.listenerAt(address)?.payload === listener.payload) http.close(address);
      }
      return false;
    }
    this.#rows.setProcess({ ...row, ports: [...(row.ports ?? []), port] });
    const { name } = container.spec;
    const ip = addresses[0]?.ip ?? '';
    kernel.record({ actor: name, verb: 'listen', object: name, detail: { ip, port } });
    return true;
  }

  #context(row: ProcessRow): ProcessContext {
    const container = this.#rows.containers.need(row.key);
    const { launches } = this.#rooms;
    return {
      argv: row.words ?? row.argv,
      get env() {
        return launches.envOf(container, row);
      },
      hostname: hostnameOf(container),
      files: this.filesOf(row.key, container),
      ...(row.cwd !== undefined && { cwd: row.cwd }),
    };
  }

  /** The files of a container as a plan sees them. */
  filesOf(key: string, container: ContainerRow) {
    const { places, files } = this.#rooms;
    const tree = places.plainTree(container);
    return tree ? treeView(tree) : placeView(files, placeOfKey(key));
  }

  #serve(
    { key, pid }: Served,
    request: HttpRequest,
    caller: Caller,
    asked: Pick<Client, 'port' | 'upstream' | 'note'>,
  ) {
    const row = this.#rows.process(key, pid);
    const task = this.#rows.tasks.get(key);
    if (!row || !task || task.paused || task.fault === 'hang') return undefined;
    const { kernel, processors } = this.#rooms;
    const { state, startedMs, resolved } = row;
    const client = {
      ...asked,
      ip: caller.ip ?? '127.0.0.1',
      timeMs: kernel.now,
      startedMs,
      ...(state !== undefined && { state }),
      ...(resolved !== undefined && { resolved }),
    };
    const served = this.#answerOf(row, request, client);
    if (!served) return undefined;
    if ('forward' in served) {
      const { name } = this.#rows.containers.need(key).spec;
      for (const line of served.log ?? []) this.#say(row, line);
      if (served.state !== undefined) this.#rows.setProcess({ ...row, state: served.state });
      return { forward: { from: { machine: placeOfKey(key), name }, ...served.forward } };
    }
    for (const line of [served.log ?? []].flat()) this.#say(row, line);
    for (const text of served.writes ?? []) this.#writeFile(row, text);
    const { times = 1 } = request;
    const cpuMs = served.cpuMs ?? FIGURES.requestCpuMs;
    const remembers = served.state !== undefined && { state: served.state };
    this.#rows.setProcess({ ...row, cpuMs: row.cpuMs + cpuMs * times, ...remembers });
    this.#rows.tasks.set(key, {
      ...task,
      rxBytes: task.rxBytes + FIGURES.requestBytes * times,
      txBytes: task.txBytes + (served.response.body.length + FIGURES.requestBytes) * times,
    });
    const slow = task.fault === 'slow' ? FIGURES.slowMs : 0;
    const { response, afterMs } = served;
    return { response, afterMs: afterMs + slow + processors.extraMs(key, cpuMs, times) };
  }

  /** What a program answers, once it was told what the names stand for that it asks for. */
  #answerOf(row: ProcessRow, request: HttpRequest, client: Client) {
    const model = modelNamed(row.program ?? '');
    const answers: NameAnswer[] = [];
    for (let i = 0; i < LOOKUPS; i++) {
      const served = model.serve?.(this.#context(row), request, { ...client, answers });
      if (!served || !('lookup' in served)) return served;
      answers.push(this.#named(row, served.lookup));
    }
    return undefined;
  }

  /** Simplified: asking takes no time. */
  #named({ key }: ProcessRow, { name, server }: NameQuestion): NameAnswer {
    const place = placeOfKey(key);
    const answer = this.#rooms.http.query({ name: `${name}.`, type: 'A', place, server });
    if (answer === 'silent') return { name, ips: 'silent', ttl: 0 };
    const records = answer.answers.filter(({ type }) => type === 'A');
    const ttl = Math.min(...records.map((record) => record.ttl), Infinity);
    return { name, ips: records.flatMap(({ data }) => data), ttl: records.length > 0 ? ttl : 0 };
  }

  #say({ key, nsPid, output, exec }: ProcessRow, words: LogText): void {
    const line = { ...words, text: words.text.replaceAll('{pid}', String(nsPid)) };
    const { processes, kernel } = this.#rooms;
    if (!output && exec) {
      const chunk = { stream: line.stream, text: `${textOf(line, kernel.now)}\n` };
      if (exec.output !== undefined) processes.streams.write(exec.output, chunk);
      return;
    }
    if (!output) return this.#rooms.output.line(key, line);
    processes.streams.write(output[line.stream], `${textOf(line, kernel.now)}\n`);
  }

  #signal({ key }: ProcessRow, nsPid: number, signal: Signal): void {
    const target = this.#rows.processesOf(key).find((row) => row.nsPid === nsPid);
    if (target) this.#events.signal(target, signal);
  }

  #writeFile({ key, user }: ProcessRow, { path, content }: FileText): void {
    const { files } = this.#rooms;
    const place = placeOfKey(key);
    const directory = path.slice(0, path.lastIndexOf('/'));
    if (directory !== '') files.makeDirectory(place, directory, { parents: true }, user);
    files.writeFile(place, path, content, 0o644, user);
  }
}

function addressesOf(container: ContainerRow, port: number): Address[] {
  const { machine, spec } = container;
  if (spec.hostNetwork) return [{ ip: ANY_ADDRESS, port, on: machine }];
  const endpoints = endpointsOf(container);
  if (endpoints.length === 0) return [loopbackOf(container, port)];
  return endpoints.map((endpoint) => ({
    ip: endpoint.ip,
    port,
    ...(endpoint.private && { on: machine }),
  }));
}

/** A container without a network listens for itself alone. */
const loopbackOf = ({ machine, spec }: ContainerRow, port: number): Address => ({
  ...{ ip: '127.0.0.1', port },
  on: `${machine}/${spec.id}`,
});
