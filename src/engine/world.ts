import { Builders } from './build/builder.ts';
import { addCompare } from './compare/install.ts';
import type { ImageView } from './containerd/api.ts';
import { Containerd } from './containerd/containerd.ts';
import { addCompose, COMPOSE_COMMANDS } from './compose/install.ts';
import { aws } from './docker/aws.ts';
import { Docker } from './docker/daemon.ts';
import { serveRegistries } from './docker/registry-http.ts';
import { locateRegistry } from './docker/registry-locator.ts';
import {
  drydock,
  DRYDOCK_SERVICE,
  faultLine,
  loadLines,
  type DrydockAnswer,
  type DrydockRequest,
} from './drydock.ts';
import { faultEffects } from './fault-effects.ts';
import { Faults } from './faults.ts';
import { help } from './help.ts';
import type { Client } from './kubernetes/client/client.ts';
import { adminKubeconfig } from './kubernetes/api-endpoint.ts';
import type { LoadCount } from './kubernetes/traffic.ts';
import { EXPLAIN_SERVICE } from './kubernetes/kubectl/explain/explain-request.ts';
import type { Explanation } from './kubernetes/kubectl/explain/explain.ts';
import { addKubectl, API_SERVER, Cluster, CONTROL_PLANE_NODE } from './kubernetes/cluster.ts';
import type { CommandLine, CommandTable } from './machine/command.ts';
import { MachineFiles } from './machine/files.ts';
import { addRandom } from './machine/random.ts';
import { Addresses } from './net/address.ts';
import { Http } from './net/http.ts';
import { addInternet, INTERNET_HOSTS } from './net/internet.ts';
import { Links, type Link } from './net/link.ts';
import {
  addDockerHub,
  addKubernetesRegistry,
  DOCKER_HUB,
  KUBERNETES_REGISTRY,
} from './oci/hub/catalogue.ts';
import { Registries } from './oci/registry.ts';
import { addUsualRegistries, USUAL_REGISTRIES } from './oci/registry/usual.ts';
import { findPreset, type MachinePreset, type Preset } from './presets.ts';
import { MACHINE_TOOL_TABLE, MACHINE_TOOLS } from './programs/tools/table.ts';
import { assert } from './sim/assert.ts';
import { atOnce, EVENTS_AT_ONCE, type Breathing } from './sim/breath.ts';
import { SECOND } from './sim/clock.ts';
import { Kernel, type Action } from './sim/kernel.ts';
import { Processes } from './sim/processes.ts';
import { ssh, sudo } from './ssh.ts';
import { SWARM_COMMANDS } from './swarm/cli/commands.ts';
import { Swarm } from './swarm/swarm.ts';
import { SWARM_TABLES } from './swarm/tables.ts';
import { systemctl } from './systemctl.ts';
import { Terminals } from './terminal.ts';

/**
 * A whole world: machines, registries, a cluster, and the prompts at which people act on them.
 * This is the one place that knows every room; it ties them together and decides nothing.
 */
export interface WorldOptions {
  /** See presets.ts. */
  readonly preset: string;
  readonly seed: number;
  /** Gives the world what `kubectl explain` says, where somebody can type it. */
  readonly explanations?: (processes: Processes) => void;
}

/** What a person types at a machine's prompt. */
export interface ShellAction extends Action {
  readonly type: 'shell';
  readonly machine: string;
  readonly line: string;
}

/** Ctrl+C at a machine's prompt. */
export interface InterruptAction extends Action {
  readonly type: 'interrupt';
  readonly machine: string;
}

/** What a person saves from an editor: a whole file. */
export interface SaveAction extends Action {
  readonly type: 'save';
  readonly machine: string;
  /** Absolute. Directories on the way are made. */
  readonly path: string;
  readonly content: string;
}

/** Requests of the load and what became of them. */
export interface LoadState {
  readonly served: number;
  readonly failed: number;
}

const CLUSTER = 'main';
const HOME = '/root';
/** Lived before anybody types, so that the nodes are ready when somebody looks. */
const WARM_UP_MS = 30 * SECOND;
const MACHINES_AT_ONCE = 10;
/** Model figure: 500 Mbit/s and 15 ms to the internet. */
const INTERNET = { latencyMs: 15, bytesPerMs: 62_500 };
const USUAL_LINKS: Readonly<Record<string, Link>> = Object.fromEntries(
  [
    ...[DOCKER_HUB, KUBERNETES_REGISTRY],
    ...[...Object.keys(USUAL_REGISTRIES), ...Object.keys(INTERNET_HOSTS)],
  ].map((host) => [host, INTERNET]),
);
/** Several control planes share an address, as behind a load balancer. */
const SHARED_SERVER = 'https://192.168.10.3:6443';
const NODE_SIZE = { cpu: '2', memory: '4Gi' };

const COMMANDS: CommandTable = {
  ssh: 'ssh',
  sudo: 'sudo',
  systemctl: 'systemctl',
  service: 'systemctl',
  docker: 'docker/cli',
  aws: 'aws',
  kubectl: 'kubectl/cli',
  drydock: 'drydock/cli',
  help: 'help',
  ...MACHINE_TOOL_TABLE,
};

/** A world as its preset describes it, its cluster up and its prompts waiting. */
export function createWorld(options: WorldOptions): World {
  return atOnce(raiseWorld(options));
}

/** As `createWorld`, with breaths: thousands of machines take long. */
export function* raiseWorld({ preset, seed, explanations }: WorldOptions): Breathing<World> {
  const found = findPreset(preset);
  assert(found, `there is no preset ${preset}`);
  const world = new World(found, seed, explanations);
  yield* world.raise();
  return world;
}

type Rooms = ReturnType<typeof createRooms>;

/** What of the Engine API a swarm answers; nobody makes one before somebody asks. */
const SWARM_PATHS = /^\/(swarm|nodes|services|tasks|secrets|configs)\b/;

function createRooms(kernel: Kernel) {
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  const files = new MachineFiles(kernel, processes);
  addRandom(kernel, processes);
  const containerd = new Containerd(kernel, processes, http, files);
  const builders = new Builders(kernel, processes, containerd, files);
  const docker = new Docker(kernel, processes, {
    ...{ containerd, builders, http, addresses, files },
    commands: { ...SWARM_COMMANDS, ...COMPOSE_COMMANDS },
  });
  const registries = new Registries(kernel, processes);
  kernel.store.promise(SWARM_TABLES);
  let found: Swarm | undefined;
  const swarm = (): Swarm => (found ??= new Swarm({ kernel, processes, links, addresses, docker }));
  docker.bringRoutes((path) => {
    if (found || !SWARM_PATHS.test(path)) return false;
    swarm();
    return true;
  });
  const below = { processes, links, addresses, http, files, containerd };
  return { ...below, builders, docker, registries, swarm, hasSwarm: () => found !== undefined };
}

function addPrograms(processes: Processes, { machines }: Preset): void {
  processes.program('drydock/cli', drydock);
  processes.program<CommandLine, number>('help', (line, self) => help(COMMANDS)(line, self));
  processes.program('aws', aws);
  processes.program('sudo', sudo);
  const named = (some: readonly MachinePreset[]): string[] => some.map(({ name }) => name);
  const units = {
    'docker.service': named(machines.filter(({ docker }) => docker)),
    'kubelet.service': named(machines.filter(({ node }) => node)),
  };
  processes.program('systemctl', systemctl(units));
  addCompose(processes);
  const reached = machines.flatMap(({ name, ip }) => [name, ip].map((at) => [at, name]));
  processes.program('ssh', ssh(Object.fromEntries(reached) as Record<string, string>));
  for (const [name, tool] of Object.entries(MACHINE_TOOLS)) processes.program(name, tool);
}

function addRegistries(rooms: Rooms, preset: Preset): void {
  const { registries, links, http, addresses, containerd } = rooms;
  addDockerHub(registries);
  addKubernetesRegistry(registries);
  for (const [host, link] of Object.entries(USUAL_LINKS)) links.setEnd(host, link);
  addUsualRegistries(registries);
  addInternet(http, addresses);
  for (const host of preset.registries) registries.addHost(host);
  const places = preset.registries.map((host, i) => ({ host, ip: `192.168.10.${5 + i}` }));
  serveRegistries({ http, addresses, registries }, places);
  registries.locateBy((machine, host) =>
    locateRegistry({ http, addresses, tasks: containerd.tasks }, machine, host),
  );
}

function addMachine(rooms: Rooms, { name, ip, docker, node, folder }: MachinePreset): void {
  rooms.addresses.assign(ip, { machine: name, owner: name });
  rooms.addresses.setName(name, ip);
  rooms.files.addMachine(name);
  for (const [path, text] of Object.entries(folder?.files ?? {})) {
    rooms.files.write(name, `${HOME}/${folder?.name}/${path}`, text);
  }
  rooms.containerd.addMachine(name, node && Number(NODE_SIZE.cpu));
  if (docker) {
    rooms.builders.addMachine(name);
    rooms.docker.addMachine(name);
  } else rooms.docker.addMissing(name);
}

/** Says so, instead of texts that nobody is going to ask for. */
function withoutExplanations(processes: Processes): void {
  const answer: Explanation = { stdout: '', error: 'there are no explanations in this world' };
  processes.service(EXPLAIN_SERVICE, () => answer);
}

export class World {
  readonly kernel: Kernel;
  readonly files: MachineFiles;
  readonly terminals: Terminals;
  readonly #preset: Preset;
  readonly #containerd: Containerd;
  readonly #docker: Docker;
  readonly #registries: Registries;
  readonly #swarm: () => Swarm;
  readonly #hasSwarm: () => boolean;
  readonly #faults: Faults;
  readonly #cluster: Cluster | undefined;
  readonly #client: Client | undefined;
  readonly #addMachine: (machine: MachinePreset) => void;

  constructor(preset: Preset, seed: number, explanations: WorldOptions['explanations']) {
    const kernel = new Kernel({ seed });
    const rooms = createRooms(kernel);
    const { processes, links, addresses, http, files, containerd, docker, registries } = rooms;
    this.kernel = kernel;
    this.files = files;
    this.#swarm = rooms.swarm;
    this.#hasSwarm = rooms.hasSwarm;
    this.#preset = preset;
    this.#containerd = containerd;
    this.#docker = docker;
    this.#registries = registries;
    const controlPlane = preset.machines
      .filter(({ node }) => node?.controlPlane)
      .map(({ name }) => name);
    const server = controlPlane.length > 1 ? SHARED_SERVER : API_SERVER;
    const isCluster = controlPlane.length > 0;
    const { kubectl: _kubectl, ...local } = COMMANDS;
    this.terminals = new Terminals(kernel, processes, isCluster ? COMMANDS : local);
    const effects = faultEffects({
      ...{ links, containerd, docker, registries },
      machines: preset.machines,
      usualLinks: USUAL_LINKS,
      registryHosts: [DOCKER_HUB, ...Object.keys(USUAL_REGISTRIES), ...preset.registries],
      cluster: () => this.#cluster,
    });
    this.#faults = new Faults(kernel, effects);
    const parts = { kernel, processes, links, http, addresses, containerd };
    const options = { name: CLUSTER, controlPlane, server, systemPods: true };
    this.#cluster = isCluster ? new Cluster(parts, options) : undefined;
    this.#client = this.#cluster?.client('client');
    addPrograms(processes, preset);
    (explanations ?? withoutExplanations)(processes);
    processes.service<DrydockRequest>(DRYDOCK_SERVICE, (request) => this.#drydock(request));
    if (this.#cluster) addKubectl(processes, [this.#cluster], http);
    addRegistries(rooms, preset);
    addCompare(kernel, rooms);
    this.#addMachine = (machine) => {
      addMachine(rooms, machine);
      if (machine.shell) this.terminals.addMachine(machine.name, HOME);
      else this.terminals.knowMachine(machine.name, HOME);
      this.#addNode(machine);
      if (isCluster && (machine.shell || machine.node?.controlPlane)) {
        files.write(machine.name, `${HOME}/.kube/config`, adminKubeconfig(server));
      }
    };
    this.#takeActions();
  }

  /** Sets the machines up, and lives until the cluster is ready; once, before anything else. */
  *raise(): Breathing<void> {
    const { kernel } = this;
    this.#cluster?.start();
    for (const [at, machine] of this.machines.entries()) {
      this.#addMachine(machine);
      if (at % MACHINES_AT_ONCE === MACHINES_AT_ONCE - 1) yield kernel.moment.sequence;
    }
    if (!this.#cluster) return;
    const endMs = kernel.now + WARM_UP_MS;
    for (let count = 1; (kernel.nextEventMs ?? Infinity) <= endMs; count++) {
      kernel.step();
      if (count % EVENTS_AT_ONCE === 0) yield kernel.moment.sequence;
    }
    kernel.advance(endMs);
  }

  #takeActions(): void {
    this.kernel.action<ShellAction>('shell', ({ machine, line }) => {
      this.terminals.type(machine, line);
    });
    this.kernel.action<InterruptAction>('interrupt', ({ machine }) => {
      this.terminals.interrupt(machine);
    });
    this.kernel.action<SaveAction>('save', ({ machine, path, content }) => {
      this.files.write(machine, path, content);
    });
  }

  /** The machines of this world, in the order of its preset. */
  get machines(): readonly MachinePreset[] {
    return this.#preset.machines;
  }

  /** Whether anybody has asked one of its daemons for anything of a swarm. */
  get hasSwarm(): boolean {
    return this.#hasSwarm();
  }

  /** For inspectors and tests: the swarms that its daemons found; ask {@link hasSwarm} first. */
  get swarm(): Swarm {
    return this.#swarm();
  }

  /** What Docker on a machine says to a GET of its API: for inspectors and tests. */
  // The shape is named where the answer is read, as in `look<ContainerInspect>(…)`.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  look<T>(machine: string, path: string, query: Record<string, string> = {}): T {
    return this.#docker.look<T>(machine, path, query).body;
  }

  /** The variables a container was created with; undefined when there is none of this id. */
  environmentOf(machine: string, id: string): Readonly<Record<string, string>> | undefined {
    return this.#containerd.environment(machine, id);
  }

  /** What a reader may look at in the cluster; undefined in a world without one. */
  get cluster(): { readonly client: Client; readonly revision: number } | undefined {
    if (!this.#cluster || !this.#client) return undefined;
    return { client: this.#client, revision: this.#cluster.api.revision };
  }

  get load(): LoadState {
    const counts = this.#cluster?.traffic.counts() ?? [];
    const sum = (of: (count: LoadCount) => number) => counts.reduce((all, one) => all + of(one), 0);
    return { served: sum(({ served }) => served), failed: sum(({ failed }) => failed) };
  }

  /** Images on the machines that have Docker, in the order of their names. */
  images(): ImageView[] {
    const machines = this.#preset.machines.filter((machine) => machine.docker);
    return machines.flatMap(({ name }) => this.#containerd.content.images(name));
  }

  /** This world's own registries. */
  get registryHosts(): readonly string[] {
    return this.#preset.registries;
  }

  /** What this world's own registries name: `web:1.0`, in the order of the names. */
  namesInRegistries(): string[] {
    return this.#preset.registries.flatMap((host) => this.#registries.names(host));
  }

  #addNode({ name, ip, node }: MachinePreset): void {
    if (!node) return;
    const { podCidr, controlPlane } = node;
    const role = controlPlane ? CONTROL_PLANE_NODE : {};
    this.#cluster?.addNode({ name, ip, podCidr, ...NODE_SIZE, ...role });
  }

  #drydock(request: DrydockRequest): DrydockAnswer {
    if (request.op === 'faults') {
      const held = this.#faults.list();
      return { ok: true, lines: held.map(({ fault, sinceMs }) => faultLine(fault, sinceMs)) };
    }
    if (request.op === 'loads') {
      return { ok: true, lines: loadLines(this.#cluster?.traffic.counts() ?? []) };
    }
    const problem =
      request.op === 'fault'
        ? this.#faults.apply(request.words, request.machine)
        : this.#load(request.service, request.rate);
    return problem === undefined ? { ok: true, lines: [] } : { ok: false, message: problem };
  }

  /** @param asked a Service: `web`, or `shop/web` in another namespace */
  #load(asked: string, perSecond: number): string | undefined {
    if (!this.#cluster || !this.#client) return 'this world has no cluster';
    const [namespace = '', service = ''] = asked.includes('/')
      ? asked.split('/', 2)
      : ['default', asked];
    const { traffic } = this.#cluster;
    if (perSecond === 0) {
      traffic.stop(namespace, service);
      return undefined;
    }
    const found = this.#client.get('services', namespace, service);
    const port = found?.spec.ports?.[0]?.port;
    if (port === undefined) return `there is no Service ${asked}`;
    traffic.start({ namespace, service, port, path: '/', pace: { perSecond } });
    return undefined;
  }
}
