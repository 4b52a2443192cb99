import type { EventType, Kernel } from '../sim/kernel.ts';
import { EPOCH_UNIX_MS } from '../sim/clock.ts';
import type { Waiter } from '../sim/process.ts';
import { LATER, type Processes } from '../sim/processes.ts';
import type { Random } from '../sim/random.ts';
import type { Index, Table } from '../sim/store.ts';
import type { Answers, ContainerExit, ContainerView } from '../containerd/api.ts';
import type { Containerd } from '../containerd/containerd.ts';
import type { Addresses } from '../net/address.ts';
import type { Http } from '../net/http.ts';
import type { ContainerSummary, CreateBody, EngineResponse } from './api.ts';
import type { PublishedPort } from './publish.ts';
import { findImage, withTag } from './images.ts';
import { generatedName } from './names.ts';
import { Ports } from './ports.ts';
import { parseSignal } from './signals.ts';
import { humanDuration } from './units.ts';

/**
 * Containers as the daemon knows them: names, addresses on the default bridge, published ports,
 * stop with its grace. Models moby/moby v29.7 `daemon/{create,start,stop,kill,delete,names}.go` and
 * `daemon/libnetwork` for the bridge.
 */
interface Row {
  readonly machine: string;
  readonly id: string;
  readonly name: string;
  /** The image's name in full, and its manifest at the time. */
  readonly image: string;
  readonly digest: string;
  readonly body: CreateBody;
  readonly createdMs: number;
  readonly ip?: string;
  readonly waiters: readonly Waiter[];
}

const STOP_GRACE_MS = 10_000;
const NAME_TRIES = 6;
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
  readonly #ports: Ports;
  readonly #counts: Table<string, number>;
  readonly #exited: EventType<{ machine: string; id: string; exit: ContainerExit }>;
  readonly #started: EventType<{
    machine: string;
    id: string;
    asker: Waiter;
    answer: Answers['start'];
  }>;
  readonly #autoRemove: EventType<{ machine: string; id: string }>;
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
    this.#ports = new Ports(kernel);
    this.#counts = kernel.store.table<number>('docker/counts');
    this.#exited = kernel.event('docker/exited', (payload) => this.#end(payload));
    this.#started = kernel.event('docker/started', (payload) => this.#begun(payload));
    this.#autoRemove = kernel.event('docker/auto-remove', ({ machine, id }) => {
      const row = this.#rows.get(keyOf(machine, id));
      if (row && this.#view(machine, id)?.status !== 'running') this.#delete(row);
    });
    this.#grace = kernel.event('docker/grace', ({ machine, id, startedMs }) => {
      const view = this.#view(machine, id);
      if (view?.status === 'running' && view.startedMs === startedMs) {
        this.#containerd.answer(machine, { op: 'kill', id, signal: 'SIGKILL' });
      }
    });
    rooms.http.translator((from, to) => {
      const loopback = to.ip.startsWith('127.');
      const owner = rooms.addresses.at(to.ip)?.owner;
      const machine = loopback || owner === from.machine ? from.machine : owner;
      const published = machine === undefined ? undefined : this.#ports.at(machine, to);
      const ip = published && this.#rows.get(keyOf(machine ?? '', published.id))?.ip;
      return ip === undefined ? undefined : { ip, port: published?.port ?? 0, on: machine ?? '' };
    });
  }

  addMachine(machine: string): void {
    this.#addresses.addPool(`bridge/${machine}`, BRIDGE, machine);
  }

  create(machine: string, body: CreateBody, wanted?: string): EngineResponse {
    const image = findImage(this.#containerd.content, machine, body.Image ?? '');
    if (image === undefined) return fail(404, `No such image: ${withTag(body.Image ?? '')}`);
    const count = (this.#counts.get(machine) ?? 0) + 1;
    const random = this.#kernel.random('docker', machine, 'container', count);
    const id = random.text(64, '0123456789abcdef');
    const name = wanted ?? this.#freeName(machine, random, id);
    if (!/^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
      const only = 'only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed';
      return fail(400, `Invalid container name (${name}), ${only}`);
    }
    const bare = name.replace(/^\//, '');
    const taken = this.#byName.values(keyOf(machine, bare))[0];
    if (taken) {
      const message =
        `Conflict. The container name "/${bare}" is already in use by container "${taken.id}". ` +
        'You have to remove (or rename) that container to be able to reuse that name.';
      return fail(409, message);
    }
    this.#counts.set(machine, count);
    const createdMs = this.#kernel.now;
    const digest = this.#containerd.content.digestOf(machine, image) ?? '';
    const row = { machine, id, name: bare, image, digest, body, createdMs, waiters: [] };
    this.#rows.set(keyOf(machine, id), row);
    this.#kernel.record({ actor: 'docker', verb: 'create', object: `container ${bare}` });
    return answer(201, { Id: id });
  }

  /** A made-up name that nobody has; after some tries, the start of the id. */
  #freeName(machine: string, random: Random, id: string): string {
    for (let retry = 0; retry < NAME_TRIES; retry++) {
      const name = generatedName(random, retry);
      if (this.#byName.count(keyOf(machine, name)) === 0) return name;
    }
    return id.slice(0, 12);
  }

  start(machine: string, text: string, asker: Waiter): EngineResponse | typeof LATER {
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    const { id, name, body } = row;
    if (this.#view(machine, id)?.status === 'running') return answer(304);
    const problem = this.#ports.publish(machine, id, publishedPorts(body));
    if (problem !== undefined) {
      const message =
        'failed to set up container networking: driver failed programming external connectivity ' +
        `on endpoint ${name} (${id}): ${problem}`;
      return this.#notStarted(row, message);
    }
    const ip = this.#addresses.allocate(`bridge/${machine}`, { machine, owner: name });
    if (ip === undefined) {
      const none = 'no available addresses on this pool';
      return this.#notStarted(row, `failed to set up container networking: ${none}`);
    }
    const own = { ...row, ip };
    this.#rows.set(keyOf(machine, id), own);
    if (this.#view(machine, id)) this.#containerd.answer(machine, { op: 'delete', id });
    const created = this.#containerd.answer(machine, {
      op: 'create',
      id,
      name: `container ${name}`,
      image: row.image,
      ip,
      privateIp: true,
      ...(body.Entrypoint ? { entrypoint: body.Entrypoint } : {}),
      ...(body.Cmd ? { cmd: body.Cmd } : {}),
      env: Object.fromEntries((body.Env ?? []).map((pair) => splitPair(pair))),
      labels: body.Labels ?? {},
      exitEvent: { event: this.#exited.name, payload: { machine, id } },
    });
    if (!created.ok) return this.#notStarted(own, created.message);
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
    if (!Number.isSafeInteger(graceMs))
      return fail(400, `strconv.Atoi: parsing "${seconds ?? ''}": invalid syntax`);
    const image = this.#containerd.content.image(machine, row.image);
    const signal = parseSignal(image?.config.config.StopSignal ?? 'SIGTERM') ?? 'SIGTERM';
    this.#rows.set(keyOf(machine, row.id), { ...row, waiters: [...row.waiters, asker] });
    const { id } = row;
    // A negative grace is no end of it.
    if (graceMs >= 0) this.#grace.after(graceMs, { machine, id, startedMs: view.startedMs ?? 0 });
    this.#containerd.answer(machine, { op: 'kill', id, signal });
    return LATER;
  }

  kill(machine: string, text: string, name = 'SIGKILL'): EngineResponse {
    const signal = parseSignal(name);
    if (!signal) return fail(400, `invalid signal: ${name}`);
    const row = this.#find(machine, text);
    if (!row) return fail(404, `No such container: ${text}`);
    if (this.#view(machine, row.id)?.status !== 'running') {
      return fail(409, `cannot kill container: ${text}: container ${row.id} is not running`);
    }
    this.#containerd.answer(machine, { op: 'kill', id: row.id, signal });
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
    const { id } = row;
    if (this.#view(machine, id)?.status === 'running') {
      if (!force) {
        const advice = 'stop the container before removing or force remove';
        return fail(409, `cannot remove container "${text}": container is running: ${advice}`);
      }
      this.#containerd.answer(machine, { op: 'kill', id, signal: 'SIGKILL' });
    }
    this.#delete(row);
    return answer(204);
  }

  #delete({ machine, id, name }: Row): void {
    this.#release(machine, id);
    this.#containerd.answer(machine, { op: 'delete', id });
    this.#rows.delete(keyOf(machine, id));
    this.#kernel.record({ actor: 'docker', verb: 'delete', object: `container ${name}` });
  }

  /** A container made of an image, running ones first. */
  usersOf(machine: string, digest: string): { id: string; running: boolean }[] {
    return [...this.#rows.withPrefix(`${machine} `)]
      .filter(([, row]) => row.digest === digest)
      .map(([, { id }]) => ({ id, running: this.#view(machine, id)?.status === 'running' }))
      .sort((a, b) => Number(b.running) - Number(a.running));
  }

  /** Newest first, as `docker ps` lists them. */
  list(machine: string, all: boolean): EngineResponse<ContainerSummary[]> {
    const rows = [...this.#rows.withPrefix(`${machine} `)].map(([, row]) => row);
    const body = rows
      .map((row) => ({ row, view: this.#view(machine, row.id) }))
      .filter(({ view }) => all || view?.status === 'running')
      .sort((a, b) => b.row.createdMs - a.row.createdMs)
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
      Image: body.Image ?? '',
      ImageID: row.digest,
      Command: (view?.argv ?? body.Cmd ?? []).join(' '),
      Created: Math.floor((row.createdMs + EPOCH_UNIX_MS) / 1000),
      State: state,
      Status: this.#status(view),
      Ports: running ? this.#ports.summary(row, this.#exposed(row)) : [],
      Labels: body.Labels ?? {},
      HostConfig: {},
      NetworkSettings: { Networks: {} },
      Mounts: [],
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

  #exposed({ machine, image }: Row): string[] {
    const config = this.#containerd.content.image(machine, image)?.config.config;
    return Object.keys(config?.ExposedPorts ?? {});
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

  /** Gives address and ports back. */
  #release(machine: string, id: string): Row | undefined {
    const key = keyOf(machine, id);
    const row = this.#rows.get(key);
    if (!row) return undefined;
    this.#ports.release(machine, id);
    if (row.ip !== undefined) this.#addresses.release(`bridge/${machine}`, row.ip);
    this.#rows.set(key, { ...row, ip: undefined, waiters: [] });
    return row;
  }

  #notStarted(row: Row, message: string): EngineResponse {
    this.#release(row.machine, row.id);
    if (row.body.HostConfig?.AutoRemove) this.#delete(row);
    return fail(startStatus(message), message);
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
    const row = this.#rows.get(keyOf(machine, id));
    const message = started.ok ? '' : started.message;
    const failed = row ? this.#notStarted.bind(this, row) : (text: string) => fail(500, text);
    this.#processes.reply(asker, started.ok ? answer(204) : failed(message));
  }

  #end({ machine, id, exit }: { machine: string; id: string; exit: ContainerExit }): void {
    const row = this.#release(machine, id);
    for (const waiter of row?.waiters ?? []) {
      this.#processes.reply(waiter, answer(200, { StatusCode: exit.exitCode }));
    }
    if (row?.body.HostConfig?.AutoRemove) this.#autoRemove.after(0, { machine, id });
  }
}

/** What cannot be run is the caller's mistake (moby `daemon/errors.go`, `setExitCodeFromError`). */
const startStatus = (message: string): number =>
  /executable file not found|no such file or directory|permission denied|is a directory/.test(
    message,
  )
    ? 400
    : 500;

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function publishedPorts({ HostConfig }: CreateBody): PublishedPort[] {
  return Object.entries(HostConfig?.PortBindings ?? {}).flatMap(([key, bindings]) => {
    const [port = '', protocol = 'tcp'] = key.split('/');
    return (bindings ?? []).map(({ HostIp = '', HostPort = '' }) => ({
      hostIp: HostIp,
      hostPort: Number(HostPort),
      port: Number(port),
      protocol,
    }));
  });
}
