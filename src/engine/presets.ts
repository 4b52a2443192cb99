import { ONE_APP } from './compare/one-app.ts';

/**
 * The worlds one can start from. Machines and what runs on them as data; `world.ts` builds them.
 */
export interface MachinePreset {
  readonly name: string;
  readonly ip: string;
  readonly docker?: boolean;
  /** A node of the cluster, with the range its Pods get their addresses from. */
  readonly node?: { readonly podCidr: string; readonly controlPlane?: boolean };
  /** Where people type. */
  readonly shell?: boolean;
  /** A folder below the home directory, with its files by their paths. */
  readonly folder?: { readonly name: string; readonly files: Readonly<Record<string, string>> };
}

export interface Preset {
  readonly machines: readonly MachinePreset[];
  readonly registries: readonly string[];
}

const WORKSTATION: MachinePreset = {
  name: 'workstation',
  ip: '192.168.10.2',
  docker: true,
  shell: true,
};

const REGISTRY = 'registry.local:5000';

function node(name: string, number: number, controlPlane = false): MachinePreset {
  const { ip, podCidr } = number > FEW ? farAddresses(number) : nearAddresses(number);
  return { name, ip, node: { podCidr, ...(controlPlane && { controlPlane }) } };
}

/** As many nodes as 192.168.10.0/24 and 10.244.0.0/16 hold beside everything else. */
const FEW = 240;

const nearAddresses = (number: number) => ({
  ip: `192.168.10.${10 + number}`,
  podCidr: `10.244.${number}.0/24`,
});

const farAddresses = (number: number) => ({
  ip: `172.16.${number >> 8}.${number & 255}`,
  podCidr: `10.${128 + (number >> 8)}.${number & 255}.0/24`,
});

/** The other two of three control planes: their addresses follow those of the nodes. */
function furtherControlPlane(number: number): MachinePreset {
  const podCidr = `10.244.${FEW + number}.0/24`;
  return {
    name: `control-${number}`,
    ip: `192.168.11.${10 + number}`,
    node: { podCidr, controlPlane: true },
  };
}

const host = (name: string, number: number, shell = false): MachinePreset => ({
  name,
  ip: `192.168.10.${number}`,
  docker: true,
  ...(shell && { shell }),
});

/** A control plane, so many workers, a registry, and a workstation with docker and kubectl. */
function cluster(workers: number): Preset {
  const nodes = Array.from({ length: workers }, (_, i) => node(`node-${i + 1}`, i + 1));
  return { machines: [WORKSTATION, node('control-1', 0, true), ...nodes], registries: [REGISTRY] };
}

/** Three control planes, each with a member of etcd, and three workers. */
function highlyAvailable(): Preset {
  const { machines, registries } = cluster(3);
  const [workstation, first, ...workers] = machines;
  const controlPlanes = [first, furtherControlPlane(2), furtherControlPlane(3)];
  return { machines: [workstation, ...controlPlanes, ...workers].filter(isThere), registries };
}

const BOOKSHELF = { name: 'bookshelf', files: ONE_APP };

/**
 * The same application on four platforms, on one clock: a machine for `docker run`, one for Compose,
 * three for a swarm, and a cluster of three control planes, as the swarm has three managers, and
 * three workers; built at the workstation, pulled from one registry. The swarm is not initialised:
 * what is typed to get there is part of what is compared.
 *
 * Simplified: the cluster is there from the start, as where somebody else runs the control plane.
 */
function compare(): Preset {
  const { machines, registries } = highlyAvailable();
  const others = [host('docker-1', 21), host('compose-1', 22)];
  const swarm = [1, 2, 3].map((n) => host(`swarm-${n}`, 30 + n));
  const withFolder = ['workstation', 'docker-1', 'compose-1', 'swarm-1'];
  const all = [...machines, ...others, ...swarm].map((machine) =>
    withFolder.includes(machine.name) ? { ...machine, folder: BOOKSHELF } : machine,
  );
  return { machines: all, registries };
}

/** So many machines with Docker, of which no swarm is made yet, and a registry. */
function dockers(count: number): Preset {
  const machine = (n: number): MachinePreset => {
    const { ip } = n > FEW ? farAddresses(n) : nearAddresses(n);
    return { name: `node-${n}`, ip, docker: true, ...(n === 1 && { shell: true }) };
  };
  const machines = Array.from({ length: count }, (_, at) => machine(at + 1));
  return { machines, registries: [REGISTRY] };
}

const isThere = <T>(one: T | undefined): one is T => one !== undefined;

const PRESETS: Readonly<Record<string, Preset>> = {
  /** One machine with Docker. */
  host: { machines: [host('host', 2, true)], registries: [] },
  /** Two machines with Docker and a registry that both reach. */
  registry: { machines: [host('dev', 2, true), host('prod', 3)], registries: [REGISTRY] },
  swarm: dockers(5),
  cluster: cluster(3),
  'cluster-ha': highlyAvailable(),
  compare: compare(),
};

/** What Kubernetes itself is meant for: https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
const WORKER_LIMIT = 5000;

/**
 * The preset of a name: one of the table, `nodes-N`, a cluster of N workers, or `swarm-N`, N machines
 * with Docker.
 */
export function findPreset(name: string): Preset | undefined {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name];
  const [, kind = '', digits = ''] = /^(nodes|swarm)-([1-9]\d{0,3})$/.exec(name) ?? [];
  const count = Number(digits);
  if (count === 0 || count > WORKER_LIMIT) return undefined;
  return kind === 'nodes' ? cluster(count) : dockers(count);
}

export const PRESET_NAMES: readonly string[] = [...Object.keys(PRESETS), 'nodes-N', 'swarm-N'];
