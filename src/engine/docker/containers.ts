import type { EventType, Kernel } from '../sim/kernel.ts';
import { EPOCH_UNIX_MS } from '../sim/clock.ts';
import type { Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Index, Table } from '../sim/store.ts';
import type { Answers, ContainerExit, ContainerView, Signal } from '../containerd/api.ts';
import type { Containerd } from '../containerd/containerd.ts';
import type { Addresses } from '../net/address.ts';
import type { Http } from '../net/http.ts';
import type { ContainerSummary, CreateBody, EngineResponse, PortSummary } from './api.ts';
import { findImage, withTag } from './images.ts';
import { generatedName } from './names.ts';
import { humanDuration } from './units.ts';

/**
 * Containers as the daemon knows them: names, addresses on the default bridge, published ports,
 * stop with its grace. Models moby/moby v29 `daemon/{create,start,stop,kill,delete}.go` and
 * `libnetwork` for the bridge.
 */
interface Row {
  readonly machine: string;
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly body: CreateBody;
  readonly ip?: string;
  readonly waiters: readonly Waiter[];
}

type Bindings = NonNullable<CreateBody['PortBindings']>;

const STOP_GRACE_MS = 10_000;
const BRIDGE = '172.17.0.0/16';
const keyOf = (machine: string, id: string): string => `${machine} ${id}`;

const answer = (status: number, body: unknown = {}): EngineResponse => ({ status, body });
const fail = (status: number, message: string): EngineResponse => answer(status, { message });

export class Containers {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #containerd: Containerd;
  readonly #addresses: Addresses;
  readonly #rows: Table<string, Row>;
  readonly #byName: Index<string, Row>;
  readonly #published: Table<string, { readonly id: string; readonly port: number }>;
  readonly #counts: Table<string, number>;
  readonly #exited: EventType<{ machine: string; id: string; exit: ContainerExit }>;
  readonly #started: EventType<{
    machine: string;
    id: string;
    asker: Waiter;
    answer: Answers['start'];
  }>;
  readonly #grace: EventType<{ machine: string; id: string; startedMs: number }>;

  constructor(
    kernel: Kernel,
    processes: Processes,
    rooms: { containerd: Containerd; http: Http; addresses: Addresses },
  ) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#containerd = rooms.containerd;
    this.#addresses = rooms.addresses;
    this.#rows = kernel.store.table<Row>('docker/containers');
    this.#byName = this.#rows.index((row) => [keyOf(row.machine, row.name)]);
    this.#published = kernel.store.table('docker/published');
    this.#counts = kernel.store.table<number>('docker/counts');
    this.#exited = kernel.event('docker/exited', (payload) => this.#end(payload));
    this.#started = kernel.event('docker/started', (payload) => this.#begun(payload));
    this.#grace = kernel.event('docker/grace', ({ machine, id, startedMs }) => {
      const view = this.#view(machine, id);
      if (view?.status === 'running' && view.startedMs === startedMs) {
        this.#containerd.answer(machine, { op: 'kill', id, signal: 'SIGKILL' });
      }
    });
    rooms.http.translator((from, to) => {
      const local = to.ip.startsWith('127.') || rooms.addresses.at(to.ip)?.owner === from.machine;
      const machine = local ? from.machine : rooms.addresses.at(to.ip)?.owner;
      const published = this.#published.get(`${machine ?? ''} ${to.port}`);
      const ip = published && this.#rows.get(keyOf(machine ?? '', published.id))?.ip;
      return ip === undefined ? undefined : { ip, port: published?.port ?? 0 };
    });
  }

  addMachine(machine: string): void {
    this.#addresses.addPool(`bridge/${machine}`, BRIDGE);
  }

  create(machine: string, body: CreateBody, wanted?: string): EngineResponse {
    const image = findImage(this.#containerd.content, machine, body.Image);
    if (image === undefined) return fail(404, `No such image: ${withTag(body.Image)}`);
    const count = (this.#counts.get(machine) ?? 0) + 1;
    const random = this.#kernel.random('docker', machine, 'container', count);
    const id = random.text(64, '0123456789abcdef');
    const name = wanted ?? generatedName(random);
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
      const only = 'only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed';
      return fail(400, `Invalid container name (${name}), ${only}`);
    }
    const taken = this.#byName.values(keyOf(machine, name))[0];
    if (taken) {
      const message =
        `Conflict. The container name "/${name}" is already in use by container "${taken.id}". ` +
        'You have to remove (or rename) that container to be able to reuse that name.';
      return fail(409, message);
    }
    this.#counts.set(machine, count);
    this.#rows.set(keyOf(machine, id), { machine, id, name, image, body, waiters: [] });
    this.#kernel.record({ actor: 'docker', verb: 'create', object: `container ${name}` });
    return answer(201, { Id: id });
  }

  start(machine: string, text: string, asker: Waiter): EngineResponse | typeof LATER {
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    const { id, name, body } = row;
    if (this.#view(machine, id)?.status === 'running') return answer(304);
    const conflict = this.#publish(machine, id, body.PortBindings ?? []);
    if (conflict !== undefined) {
      const message =
        'failed to set up container networking: driver failed programming external connectivity ' +
        `on endpoint ${name} (${id}): Bind for 0.0.0.0:${conflict} failed: port is already allocated`;
      return fail(500, message);
    }
    const ip = this.#addresses.allocate(`bridge/${machine}`, { machine, owner: name });
    if (ip === undefined)
      return fail(500, "no available IPv4 addresses on this network's address pools: bridge");
    this.#rows.set(keyOf(machine, id), { ...row, ip });
    if (this.#view(machine, id)) this.#containerd.answer(machine, { op: 'delete', id });
    const created = this.#containerd.answer(machine, {
      op: 'create',
      id,
      name: `container ${name}`,
      image: row.image,
      ip,
      ...(body.Entrypoint ? { entrypoint: body.Entrypoint } : {}),
      ...(body.Cmd ? { cmd: body.Cmd } : {}),
      env: Object.fromEntries((body.Env ?? []).map((pair) => splitPair(pair))),
      labels: body.Labels ?? {},
      exitEvent: { event: this.#exited.name, payload: { machine, id } },
    });
    if (!created.ok) return this.#notStarted(machine, id, created.message);
    const then = { event: this.#started.name, payload: { machine, id, asker } };
    this.#containerd.call(machine, { op: 'start', id }, then);
    return LATER;
  }

  stop(
    machine: string,
    text: string,
    seconds: string | undefined,
    asker: Waiter,
  ): EngineResponse | typeof LATER {
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    const view = this.#view(machine, row.id);
    if (view?.status !== 'running') return answer(304);
    const graceMs = seconds === undefined ? STOP_GRACE_MS : Number(seconds) * 1000;
    const image = this.#containerd.content.image(machine, row.image);
    const signal = (image?.config.config.StopSignal ?? 'SIGTERM') as Signal;
    this.#rows.set(keyOf(machine, row.id), { ...row, waiters: [...row.waiters, asker] });
    const { id } = row;
    this.#grace.after(graceMs, { machine, id, startedMs: view.startedMs ?? 0 });
    this.#containerd.answer(machine, { op: 'kill', id, signal });
    return LATER;
  }

  kill(machine: string, text: string, signal = 'SIGKILL'): EngineResponse {
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    if (this.#view(machine, row.id)?.status !== 'running') {
      return fail(409, `cannot kill container: ${text}: container ${row.id} is not running`);
    }
    const full = (signal.startsWith('SIG') ? signal : `SIG${signal}`) as Signal;
    this.#containerd.answer(machine, { op: 'kill', id: row.id, signal: full });
    return answer(204);
  }

  /** Answered with the exit code when it does not run any more. */
  wait(machine: string, text: string, asker: Waiter): EngineResponse | typeof LATER {
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    const view = this.#view(machine, row.id);
    if (view?.exit) return answer(200, { StatusCode: view.exit.exitCode });
    this.#rows.set(keyOf(machine, row.id), { ...row, waiters: [...row.waiters, asker] });
    return LATER;
  }

  logs(machine: string, text: string): EngineResponse {
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    return answer(200, this.#containerd.tasks.logs(machine, row.id) ?? []);
  }

  remove(machine: string, text: string, force: boolean): EngineResponse {
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    const { id, name } = row;
    if (this.#view(machine, id)?.status === 'running') {
      if (!force) {
        const advice = 'stop the container before removing or force remove';
        return fail(409, `cannot remove container "${name}": container is running: ${advice}`);
      }
      this.#containerd.answer(machine, { op: 'kill', id, signal: 'SIGKILL' });
    }
    this.#containerd.answer(machine, { op: 'delete', id });
    this.#rows.delete(keyOf(machine, id));
    this.#kernel.record({ actor: 'docker', verb: 'delete', object: `container ${name}` });
    return answer(204);
  }

  /** Newest first, as `docker ps` lists them. */
  list(machine: string, all: boolean): EngineResponse<ContainerSummary[]> {
    const rows = [...this.#rows.withPrefix(`${machine} `)].map(([, row]) => row);
    const body = rows
      .map((row) => ({ row, view: this.#view(machine, row.id) }))
      .filter(({ view }) => all || view?.status === 'running')
      .sort((a, b) => (b.view?.createdMs ?? 0) - (a.view?.createdMs ?? 0))
      .map(({ row, view }) => this.#summary(row, view));
    return { status: 200, body };
  }

  #summary(row: Row, view: ContainerView | undefined): ContainerSummary {
    const { id, name, body } = row;
    const running = view?.status === 'running';
    const state = running ? 'running' : view?.exit ? 'exited' : 'created';
    return {
      Id: id,
      Names: [`/${name}`],
      Image: body.Image,
      Command: (view?.argv ?? body.Cmd ?? []).join(' '),
      Created: Math.floor(((view?.createdMs ?? 0) + EPOCH_UNIX_MS) / 1000),
      State: state,
      Status: this.#status(view),
      Ports: running ? this.#ports(row) : [],
    };
  }

  #status(view: ContainerView | undefined): string {
    const { now } = this.#kernel;
    if (view?.exit) {
      const { exitCode, finishedMs } = view.exit;
      return `Exited (${exitCode}) ${humanDuration(now - finishedMs)} ago`;
    }
    return view?.startedMs === undefined ? 'Created' : `Up ${humanDuration(now - view.startedMs)}`;
  }

  #ports({ machine, image, body }: Row): PortSummary[] {
    const bound = (body.PortBindings ?? []).map(({ hostPort, port }): PortSummary => ({
      IP: '0.0.0.0',
      PrivatePort: port,
      PublicPort: hostPort,
      Type: 'tcp',
    }));
    const config = this.#containerd.content.image(machine, image)?.config.config;
    const exposed = Object.keys(config?.ExposedPorts ?? {})
      .filter((port) => port.endsWith('/tcp'))
      .map((port) => Number(port.slice(0, -4)))
      .filter((port) => !bound.some(({ PrivatePort }) => PrivatePort === port))
      .map((PrivatePort): PortSummary => ({ PrivatePort, Type: 'tcp' }));
    return [...bound, ...exposed];
  }

  #view(machine: string, id: string): ContainerView | undefined {
    return this.#containerd.tasks.view(machine, id);
  }

  #find(machine: string, text: string): Row | undefined {
    const named = this.#byName.values(keyOf(machine, text))[0];
    if (named) return named;
    if (!/^[0-9a-f]+$/.test(text)) return undefined;
    const [first] = [...this.#rows.withPrefix(keyOf(machine, text))];
    return first?.[1];
  }

  /** The host port that is taken already, or undefined. */
  #publish(machine: string, id: string, bindings: Bindings): number | undefined {
    const taken = bindings.find(({ hostPort }) => this.#published.has(`${machine} ${hostPort}`));
    if (taken) return taken.hostPort;
    for (const { hostPort, port } of bindings) {
      this.#published.set(`${machine} ${hostPort}`, { id, port });
    }
    return undefined;
  }

  /** Gives address and ports back. */
  #release(machine: string, id: string): Row | undefined {
    const key = keyOf(machine, id);
    const row = this.#rows.get(key);
    if (!row) return undefined;
    for (const { hostPort } of row.body.PortBindings ?? []) {
      if (this.#published.get(`${machine} ${hostPort}`)?.id === id) {
        this.#published.delete(`${machine} ${hostPort}`);
      }
    }
    if (row.ip !== undefined) this.#addresses.release(`bridge/${machine}`, row.ip);
    this.#rows.set(key, { ...row, ip: undefined, waiters: [] });
    return row;
  }

  #notStarted(machine: string, id: string, message: string): EngineResponse {
    this.#release(machine, id);
    return fail(/executable file not found|no such file/.test(message) ? 404 : 500, message);
  }

  #begun({
    machine,
    id,
    asker,
    answer: started,
  }: {
    machine: string;
    id: string;
    asker: Waiter;
    answer: Answers['start'];
  }): void {
    const response = started.ok ? answer(204) : this.#notStarted(machine, id, started.message);
    this.#processes.reply(asker, response);
  }

  #end({ machine, id, exit }: { machine: string; id: string; exit: ContainerExit }): void {
    const row = this.#release(machine, id);
    for (const waiter of row?.waiters ?? []) {
      this.#processes.reply(waiter, answer(200, { StatusCode: exit.exitCode }));
    }
  }
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
