import type { Kernel } from '../sim/kernel.ts';
import type { Index, Table } from '../sim/store.ts';
import type {
  ClusterObject,
  ConfigObject,
  Kind,
  NetworkObject,
  NodeObject,
  SecretObject,
  ServiceObject,
  SwarmObjects,
  TaskObject,
} from './objects.ts';

/**
 * What the managers of each swarm agree on, in one table per kind (moby/swarmkit v2.1
 * `manager/state/store`). It is read at once and changed by transactions that the leader has a
 * quorum agree to.
 *
 * Simplified: what the managers agree on is kept once for all of them, and counts from the moment
 * it is proposed to a leader that reaches a quorum.
 */
export type Change = {
  [K in Kind]:
    | { readonly kind: K; readonly set: SwarmObjects[K] }
    | { readonly kind: K; readonly delete: string };
}[Kind];

/** Who agrees: the managers (see managers/). */
export interface Agreement {
  /** Whether a leader is there who reaches a quorum. */
  isLed(swarm: string): boolean;
  /** Has them agree on a transaction; false without a quorum. */
  propose(swarm: string, revision: number): boolean;
}

/** Told of every change, right before it is made: the store still says what was. */
export type ChangeListener = (swarm: string, change: Change) => void;

const KINDS = ['cluster', 'node', 'service', 'task', 'network', 'secret', 'config'] as const;

type Named = 'node' | 'service' | 'network' | 'secret' | 'config';

/** 25 characters hold somewhat more than 128 bits. */
const ID_LENGTH = 25;
const BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz';

const keyOf = (swarm: string, id: string): string => `${swarm} ${id}`;

/** The first word of a key. */
const swarmOf = (key: string): string => key.slice(0, key.indexOf(' '));

/** Names are compared without regard to case (swarmkit `manager/state/store/services.go`). */
const byName = (name: string, key: string): readonly string[] => [
  `${swarmOf(key)} ${name.toLowerCase()}`,
];

export class SwarmStore {
  readonly #kernel: Kernel;
  readonly #agreement: Agreement;
  readonly #tables: { readonly [K in Kind]: Table<string, SwarmObjects[K]> };
  readonly #named: { readonly [K in Named]: Index<string, SwarmObjects[K]> };
  readonly #tasksByService: Index<string, TaskObject>;
  readonly #tasksByNode: Index<string, TaskObject>;
  /** How many transactions each swarm has made, and under '' how many ids were given. */
  readonly #counters: Table<string, number>;
  readonly #listeners: ChangeListener[] = [];

  constructor(kernel: Kernel, agreement: Agreement) {
    this.#kernel = kernel;
    this.#agreement = agreement;
    const tables = {
      cluster: kernel.store.table<ClusterObject>('swarm/clusters'),
      node: kernel.store.table<NodeObject>('swarm/nodes'),
      service: kernel.store.table<ServiceObject>('swarm/services'),
      task: kernel.store.table<TaskObject>('swarm/tasks'),
      network: kernel.store.table<NetworkObject>('swarm/networks'),
      secret: kernel.store.table<SecretObject>('swarm/secrets'),
      config: kernel.store.table<ConfigObject>('swarm/configs'),
    };
    this.#tables = tables;
    this.#named = {
      node: tables.node.index((node, key) => byName(node.hostname, key)),
      service: tables.service.index((service, key) => byName(service.spec.Name, key)),
      network: tables.network.index((network, key) => byName(network.name, key)),
      secret: tables.secret.index((secret, key) => byName(secret.spec.Name, key)),
      config: tables.config.index((config, key) => byName(config.spec.Name, key)),
    };
    this.#tasksByService = tables.task.index((task, key) => [`${swarmOf(key)} ${task.service}`]);
    this.#tasksByNode = tables.task.index((task, key) => [`${swarmOf(key)} ${task.node}`]);
    this.#counters = kernel.store.table<number>('swarm/counters');
  }

  get<K extends Kind>(swarm: string, kind: K, id: string): SwarmObjects[K] | undefined {
    return this.#tables[kind].get(keyOf(swarm, id));
  }

  /** In order of ids. */
  list<K extends Kind>(swarm: string, kind: K): SwarmObjects[K][] {
    return [...this.#tables[kind].withPrefix(`${swarm} `)].map(([, object]) => object);
  }

  /** The first of that name, which only nodes share; their name is that of their host. */
  named<K extends Named>(swarm: string, kind: K, name: string): SwarmObjects[K] | undefined {
    return this.allNamed(swarm, kind, name)[0];
  }

  allNamed<K extends Named>(swarm: string, kind: K, name: string): SwarmObjects[K][] {
    return this.#named[kind].values(`${swarm} ${name.toLowerCase()}`);
  }

  tasksOf(swarm: string, service: string): TaskObject[] {
    return this.#tasksByService.values(`${swarm} ${service}`);
  }

  /** With the node '', those that have no node yet. */
  tasksOn(swarm: string, node: string): TaskObject[] {
    return this.#tasksByNode.values(`${swarm} ${node}`);
  }

  /** The number of the last transaction; 0 before the first. */
  revision(swarm: string): number {
    return this.#counters.get(swarm) ?? 0;
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /**
   * One transaction through the leader; false without a quorum, then nothing is written. Sets
   * version and updatedAtMs, and createdAtMs of what is new. To delete what is not there is nothing.
   */
  write(swarm: string, changes: readonly Change[]): boolean {
    if (changes.length === 0) return this.#agreement.isLed(swarm);
    const revision = this.revision(swarm) + 1;
    if (!this.#agreement.propose(swarm, revision)) return false;
    this.#counters.set(swarm, revision);
    for (const change of changes) {
      for (const listener of this.#listeners) listener(swarm, change);
      this.#make(swarm, change, revision);
    }
    return true;
  }

  #make(swarm: string, change: Change, version: number): void {
    // Kind and object belong together by the type of a change.
    const table = this.#tables[change.kind] as Table<string, SwarmObjects[Kind]>;
    if ('delete' in change) {
      table.delete(keyOf(swarm, change.delete));
      return;
    }
    const { now } = this.#kernel;
    const key = keyOf(swarm, change.set.id);
    const createdAtMs = table.get(key)?.createdAtMs ?? now;
    table.set(key, { ...change.set, version, createdAtMs, updatedAtMs: now });
  }

  /** Drops everything of a swarm that has no manager left. */
  forget(swarm: string): void {
    for (const kind of KINDS) {
      const table = this.#tables[kind] as Table<string, unknown>;
      for (const [key] of [...table.withPrefix(`${swarm} `)]) table.delete(key);
    }
    this.#counters.delete(swarm);
  }

  /** Of an object: 25 characters in base 36. */
  newId(): string {
    const drawn = (this.#counters.get('') ?? 0) + 1;
    this.#counters.set('', drawn);
    return this.#kernel.random('swarm', 'id', drawn).text(ID_LENGTH, BASE_36);
  }
}
