import { Builders } from './build/builder.ts';
import type { FaultKind, ImageView } from './containerd/api.ts';
import { Containerd } from './containerd/containerd.ts';
import { aws } from './docker/aws.ts';
import { Docker } from './docker/daemon.ts';
import { serveRegistries } from './docker/registry-http.ts';
import { locateRegistry } from './docker/registry-locator.ts';
import {
  drydock,
  DRYDOCK_SERVICE,
  faultLine,
  type DrydockAnswer,
  type DrydockRequest,
} from './drydock.ts';
import { Faults, type Effect } from './faults.ts';
import { help } from './help.ts';
import type { Client } from './kubernetes/client/client.ts';
import { addKubectl, Cluster, CONTROL_PLANE_NODE } from './kubernetes/cluster.ts';
import type { CommandTable } from './machine/command.ts';
import { MachineFiles } from './machine/files.ts';
import { Addresses } from './net/address.ts';
import { Http } from './net/http.ts';
import { Links, type Link } from './net/link.ts';
import { addDockerHub, DOCKER_HUB } from './oci/hub/catalogue.ts';
import { Registries } from './oci/registry.ts';
import { addUsualRegistries, USUAL_REGISTRIES } from './oci/registry/usual.ts';
import { findPreset, type MachinePreset, type Preset } from './presets.ts';
import { MACHINE_TOOL_TABLE, MACHINE_TOOLS } from './programs/tools/table.ts';
import { assert } from './sim/assert.ts';
import { SECOND } from './sim/clock.ts';
import { Kernel, type Action } from './sim/kernel.ts';
import { Processes } from './sim/processes.ts';
import { ssh } from './ssh.ts';
import { Terminals } from './terminal.ts';

/**
 * A whole world: machines, registries, a cluster, and the prompts at which people act on them.
 * This is the one place that knows every room; it ties them together and decides nothing.
 */
export interface WorldOptions {
  /** See presets.ts. */
  readonly preset: string;
  readonly seed: number;
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
const LOAD_NAME = 'client';
/** Lived before anybody types, so that the nodes are ready when somebody looks. */
const WARM_UP_MS = 30 * SECOND;
/** Model figure: 500 Mbit/s and 15 ms to the internet. */
const INTERNET = { latencyMs: 15, bytesPerMs: 62_500 };
const USUAL_LINKS: Readonly<Record<string, Link>> = Object.fromEntries(
  [DOCKER_HUB, ...Object.keys(USUAL_REGISTRIES)].map((host) => [host, INTERNET]),
);
/** Model figure: 1 Mbit/s and 400 ms, as over a bad line. */
const SLOW = { latencyMs: 400, bytesPerMs: 125 };
const NODE_SIZE = { cpu: '2', memory: '4Gi' };

const COMMANDS: CommandTable = {
  ssh: 'ssh',
  docker: 'docker/cli',
  aws: 'aws',
  kubectl: 'kubectl/cli',
  drydock: 'drydock/cli',
  help: 'help',
  ...MACHINE_TOOL_TABLE,
};

/** A world as its preset describes it, its cluster up and its prompts waiting. */
export function createWorld({ preset, seed }: WorldOptions): World {
  const found = findPreset(preset);
  assert(found, `there is no preset ${preset}`);
  return new World(found, seed);
}

export class World {
  readonly kernel: Kernel;
  readonly files: MachineFiles;
  readonly terminals: Terminals;
  readonly #preset: Preset;
  readonly #containerd: Containerd;
  readonly #docker: Docker;
  readonly #registries: Registries;
  readonly #links: Links;
  readonly #faults: Faults;
  readonly #cluster: Cluster | undefined;
  readonly #client: Client | undefined;

  constructor(preset: Preset, seed: number) {
    const kernel = new Kernel({ seed });
    const processes = new Processes(kernel);
    const links = new Links(kernel, processes);
    const addresses = new Addresses(kernel);
    const http = new Http(kernel, processes, links, addresses);
    const files = new MachineFiles(kernel, processes);
    const containerd = new Containerd(kernel, processes, http, files);
    const builders = new Builders(kernel, processes, containerd, files);
    const docker = new Docker(kernel, processes, {
      ...{ containerd, builders, http, addresses, files },
    });
    this.kernel = kernel;
    this.files = files;
    this.#preset = preset;
    const isCluster = preset.machines.some((machine) => machine.node);
    const { kubectl: _kubectl, ...local } = COMMANDS;
    this.terminals = new Terminals(kernel, processes, isCluster ? COMMANDS : local);
    this.#containerd = containerd;
    this.#docker = docker;
    this.#registries = new Registries(kernel, processes);
    this.#links = links;
    this.#faults = new Faults(kernel, this.#effects());
    const parts = { kernel, processes, links, http, addresses, containerd };
    this.#cluster = isCluster ? new Cluster(parts, { name: CLUSTER }) : undefined;
    this.#client = this.#cluster?.client('client');
    processes.program('drydock/cli', drydock);
    processes.program('help', help(COMMANDS));
    const reached = preset.machines.flatMap(({ name, ip }) => [name, ip].map((at) => [at, name]));
    processes.program('ssh', ssh(Object.fromEntries(reached) as Record<string, string>));
    for (const [name, tool] of Object.entries(MACHINE_TOOLS)) processes.program(name, tool);
    processes.service<DrydockRequest>(DRYDOCK_SERVICE, (request) => this.#drydock(request));
    addKubectl(processes, this.#cluster ? [this.#cluster] : []);
    addDockerHub(this.#registries);
    for (const [host, link] of Object.entries(USUAL_LINKS)) links.setEnd(host, link);
    addUsualRegistries(this.#registries);
    for (const host of preset.registries) this.#registries.addHost(host);
    const places = preset.registries.map((host, i) => ({ host, ip: `192.168.10.${5 + i}` }));
    serveRegistries({ http, addresses, registries: this.#registries }, places);
    this.#registries.locateBy((machine, host) =>
      locateRegistry({ http, addresses, tasks: containerd.tasks }, machine, host),
    );
    processes.program('aws', aws);
    this.#cluster?.start();
    for (const machine of preset.machines) {
      addresses.assign(machine.ip, { machine: machine.name, owner: machine.name });
      addresses.setName(machine.name, machine.ip);
      this.files.addMachine(machine.name);
      containerd.addMachine(machine.name);
      if (machine.docker) {
        builders.addMachine(machine.name);
        docker.addMachine(machine.name);
      } else docker.addMissing(machine.name);
      if (machine.shell) this.terminals.addMachine(machine.name, HOME);
      this.#addNode(machine);
    }
    kernel.action<ShellAction>('shell', ({ machine, line }) => {
      this.terminals.type(machine, line);
    });
    kernel.action<InterruptAction>('interrupt', ({ machine }) => {
      this.terminals.interrupt(machine);
    });
    kernel.action<SaveAction>('save', ({ machine, path, content }) => {
      this.files.write(machine, path, content);
    });
    if (isCluster) kernel.advance(WARM_UP_MS);
  }

  /** The machines of this world, in the order of its preset. */
  get machines(): readonly MachinePreset[] {
    return this.#preset.machines;
  }

  /** What Docker on a machine says to a GET of its API: for inspectors and tests. */
  // The shape is named where the answer is read, as in `look<ContainerInspect>(…)`.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  look<T>(machine: string, path: string, query: Record<string, string> = {}): T {
    return this.#docker.look<T>(machine, path, query).body;
  }

  /** What a reader may look at in the cluster; undefined in a world without one. */
  get cluster(): { readonly client: Client; readonly revision: number } | undefined {
    if (!this.#cluster || !this.#client) return undefined;
    return { client: this.#client, revision: this.#cluster.api.revision };
  }

  get load(): LoadState {
    const { served = 0, failed = 0 } = this.#cluster?.traffic.count(LOAD_NAME) ?? {};
    return { served, failed };
  }

  /** Images on the machines that have Docker, in the order of their names. */
  images(): ImageView[] {
    const machines = this.#preset.machines.filter((machine) => machine.docker);
    return machines.flatMap(({ name }) => this.#containerd.content.images(name));
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
    const problem =
      request.op === 'fault'
        ? this.#faults.apply(request.words, request.machine)
        : this.#load(request.service, request.rate);
    return problem === undefined ? { ok: true, lines: [] } : { ok: false, message: problem };
  }

  /** What each kind of fault does; see faults.ts. */
  #effects(): Record<string, Effect> {
    const usual = Object.keys(USUAL_REGISTRIES);
    const registries = [DOCKER_HUB, ...usual, ...this.#preset.registries];
    return {
      machine: ({ names: [name = ''], action }) => {
        const machine = this.machines.find((one) => one.name === name);
        if (!machine) return `there is no machine ${name}`;
        const isUp = action === 'up';
        this.#links.setUp(name, isUp);
        if (!isUp) {
          this.#containerd.tasks.powerOff(name);
          this.#docker.stopDaemon(name, { killed: true });
        } else if (machine.docker) this.#docker.startDaemon(name);
        this.#cluster?.setSilent(name, !isUp);
        return undefined;
      },
      container: ({ names: [name = ''], action, machine }) => {
        const found = this.#docker.containers.lookup(machine, name);
        if ('message' in found) return found.message;
        const kind = action === 'mend' ? 'none' : (action as FaultKind);
        const answer = this.#containerd.answer(machine, { op: 'fault', id: found.id, kind });
        return answer.ok ? undefined : answer.message;
      },
      daemon: ({ names: [name = ''], action }) => {
        if (!this.machines.some((one) => one.name === name && one.docker)) {
          return `there is no Docker on a machine ${name}`;
        }
        if (action === 'stop') this.#docker.stopDaemon(name);
        else this.#docker.startDaemon(name);
        return undefined;
      },
      kubelet: ({ names: [name = ''], action }) => {
        if (!this.#preset.machines.some((one) => one.name === name && one.node)) {
          return `there is no node ${name}`;
        }
        this.#cluster?.setSilent(name, action === 'stop');
        return undefined;
      },
      link: ({ names: [a = '', b = ''], action }) => {
        const ends = [...this.machines.map(({ name }) => name), ...registries];
        const unknown = [a, b].find((end) => !ends.includes(end));
        if (unknown !== undefined) return `there is nothing called ${unknown}`;
        this.#links[action === 'cut' ? 'cut' : 'mend'](a, b);
        return undefined;
      },
      registry: ({ names: [name = ''], action }) => {
        if (!registries.includes(name)) return `there is no registry ${name}`;
        this.#links.setUp(name, action !== 'down');
        this.#links.setEnd(name, action === 'slow' ? SLOW : USUAL_LINKS[name]);
        const fault = action === 'rate-limit' || action === 'unauthorized' ? action : undefined;
        this.#registries.setFault(name, fault);
        return undefined;
      },
    };
  }

  #load(service: string, rate: number): string | undefined {
    if (!this.#cluster || !this.#client) return 'this world has no cluster';
    const { traffic } = this.#cluster;
    if (rate === 0) {
      traffic.stop(LOAD_NAME);
      return undefined;
    }
    const found = this.#client.get('services', 'default', service);
    const port = found?.spec.ports?.[0]?.port;
    if (port === undefined) return `there is no Service ${service}`;
    const everyMs = Math.max(1, Math.round(SECOND / rate));
    const [first] = this.#client.scan('nodes');
    const machine = first?.metadata.name ?? '';
    const namespace = 'default';
    traffic.start({ name: LOAD_NAME, machine, namespace, service, port, path: '/', everyMs });
    return undefined;
  }
}
