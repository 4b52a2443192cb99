import type { Resources } from '../api.ts';
import type { NodeObject, TaskObject } from '../objects.ts';
import { compareStates, isEnded } from '../task.ts';

/**
 * What tasks take of a node (moby/swarmkit v2.1 `manager/scheduler/nodeinfo.go`). It is kept up to
 * date as tasks change, so that nobody counts all of them.
 */
export interface NodeUsage {
  /** Tasks that are wanted there. */
  readonly active: number;
  /** The same for each service. */
  readonly services: Readonly<Record<string, number>>;
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** Units of each kind of generic resource. */
  readonly generic: Readonly<Record<string, number>>;
  /** How many tasks have a port of the node: `80/tcp`. */
  readonly ports: Readonly<Record<string, number>>;
}

export const UNUSED: NodeUsage = {
  ...{ active: 0, services: {}, nanoCpus: 0, memoryBytes: 0, generic: {}, ports: {} },
};

export interface NodeInfo {
  readonly node: NodeObject;
  readonly usage: NodeUsage;
}

const NANO = 1_000_000_000;

export const reservationsOf = ({ spec }: Pick<TaskObject, 'spec'>): Resources =>
  spec.Resources?.Reservations ?? {};

/** How many units of each kind are reserved; one that has a name is one unit. */
export function genericOf(task: Pick<TaskObject, 'spec'>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of reservationsOf(task).GenericResources ?? []) {
    const { DiscreteResourceSpec: discrete, NamedResourceSpec: named } = one;
    const kind = discrete?.Kind ?? named?.Kind ?? '';
    counts[kind] = (counts[kind] ?? 0) + (discrete?.Value ?? 1);
  }
  return counts;
}

export const hostPortsOf = ({ endpoint }: Pick<TaskObject, 'endpoint'>): string[] =>
  (endpoint?.Ports ?? endpoint?.Spec.Ports ?? [])
    .filter(({ PublishMode, PublishedPort = 0 }) => PublishMode === 'host' && PublishedPort !== 0)
    .map(({ PublishedPort, Protocol }) => `${PublishedPort}/${Protocol}`);

/** What nobody has reserved. */
export function roomOn({ node, usage }: NodeInfo): {
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  readonly generic: Readonly<Record<string, number>>;
} {
  const generic = Object.entries(node.generic ?? {}).map(
    ([kind, count]) => [kind, count - (usage.generic[kind] ?? 0)] as const,
  );
  return {
    nanoCpus: node.cpus * NANO - usage.nanoCpus,
    memoryBytes: node.memoryBytes - usage.memoryBytes,
    generic: Object.fromEntries(generic),
  };
}

/** It takes something of its node: it was assigned and has not ended. */
export const takesRoom = (task: TaskObject): boolean =>
  task.node !== '' && compareStates(task.status.state, 'assigned') >= 0 && !isEnded(task);

/** It counts for its node: nobody wants it gone. */
const isActive = ({ desired }: TaskObject): boolean => compareStates(desired, 'complete') <= 0;

/** @param sign 1 when the task comes, −1 when it goes */
export function withTask(usage: NodeUsage, task: TaskObject, sign: 1 | -1): NodeUsage {
  const { NanoCPUs = 0, MemoryBytes = 0 } = reservationsOf(task);
  const generic = Object.entries(genericOf(task));
  const ports = hostPortsOf(task);
  const counted = isActive(task) ? sign : 0;
  return {
    active: usage.active + counted,
    services: counted === 0 ? usage.services : add(usage.services, [[task.service, counted]]),
    nanoCpus: usage.nanoCpus + sign * NanoCPUs,
    memoryBytes: usage.memoryBytes + sign * MemoryBytes,
    generic: add(
      usage.generic,
      generic.map(([kind, count]) => [kind, sign * count]),
    ),
    ports: add(
      usage.ports,
      ports.map((port) => [port, sign]),
    ),
  };
}

type Counts = Readonly<Record<string, number>>;

/** Counts that reach zero are dropped. */
function add(counts: Counts, more: readonly (readonly [string, number])[]): Counts {
  if (more.length === 0) return counts;
  const sums = new Map(Object.entries(counts));
  for (const [key, count] of more) {
    const sum = (sums.get(key) ?? 0) + count;
    if (sum === 0) sums.delete(key);
    else sums.set(key, sum);
  }
  return Object.fromEntries(sums);
}
