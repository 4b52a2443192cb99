import type { EventType, Kernel, Ticket } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Address, Caller, Http, HttpFailure } from '../../net/http.ts';
import { SERVICE_NAME } from '../api/cluster-objects.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { ApiDoor } from '../api/requests.ts';
import { Client } from '../client/client.ts';
import { WorkQueue } from '../client/work-queue.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { keyOf, splitKey } from '../apimachinery/object.ts';
import { catchUpMs } from './catching-up.ts';
import { NodeRules } from './node-rules.ts';
import { nodePortKey, rulesOf, type Rule, type Target } from './rules.ts';

/**
 * kube-proxy: turns Services and EndpointSlices into rules on every node, so that a connection to
 * a Service's address ends at one of its Pods, drawn at random (pkg/proxy/iptables, v1.36).
 *
 * The rules of a node that is cut off from the API server stay as they were, and lead to Pods that
 * may be gone; when it is reached again it catches up (node-rules.ts, catching-up.ts).
 *
 * Simplified: the proxies of all nodes that hear of a change learn of it in one watch message and
 * write their rules at the same moment. When the endpoints of a Service change, each of the first
 * few nodes notes it under its own name, `kube-proxy/node-1`; in a large cluster the others would
 * say the same thousands of times.
 */
const NAME = 'kube-proxy';

/** How many nodes note their new rules in the trace. */
const NOTED_NODES = 10;

/** The nodes of a cluster as its network knows them. */
export interface NodeNetwork {
  isNode(machine: string): boolean;
  addressOf(node: string): string | undefined;
  /** The node whose own address this is. */
  nodeWith(ip: string): string | undefined;
  /** Whether a connection from one machine to another gets through. */
  reaches(from: string, to: string): boolean;
}

/** A client of a Service with affinity, and the Pod it stays with. */
interface Affinity {
  readonly target: Target;
  readonly untilMs: number;
}

/** A node that the API server does not reach, or whose watch is not there again. */
interface CutOff {
  readonly sinceMs: number;
  /** Its connections were refused: it knew at once. */
  readonly refused: boolean;
  /** Nothing ran on it meanwhile. */
  readonly off: boolean;
  /** When it will have heard of everything. */
  readonly due?: Ticket;
}

export class KubeProxies {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #network: NodeNetwork;
  readonly #rules: NodeRules;
  readonly #cutOff: Table<string, CutOff>;
  readonly #caughtUp: EventType<{ node: string }>;
  readonly #ports: Table<string, readonly string[]>;
  /** How many connections each rule has sent on: what the next draw is named by. */
  readonly #draws: Table<string, number>;
  readonly #affinities: Table<string, Affinity>;

  constructor(kernel: Kernel, door: ApiDoor, http: Http, cluster: string, network: NodeNetwork) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#network = network;
    this.#rules = new NodeRules(kernel, `${NAME}/${cluster}`);
    this.#cutOff = kernel.store.table<CutOff>(`${NAME}/${cluster}/cut-off`);
    this.#caughtUp = kernel.event(`${NAME}/${cluster}/caught-up`, ({ node }) => {
      this.#cutOff.delete(node);
      this.#noteCatchingUp(node, this.#rules.catchUp(node));
    });
    this.#ports = kernel.store.table<readonly string[]>(`${NAME}/${cluster}/ports`);
    this.#draws = kernel.store.table<number>(`${NAME}/${cluster}/draws`);
    this.#affinities = kernel.store.table<Affinity>(`${NAME}/${cluster}/affinities`);
    const queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'services',
      'services',
      () => true,
      ({ object }) => queue.add(keyOf(object)),
    );
    this.#client.watch(
      'endpointslices',
      'endpointslices',
      ({ object }) => object.metadata.labels?.[SERVICE_NAME] !== undefined,
      ({ object: { metadata } }) =>
        queue.add(`${metadata.namespace ?? ''}/${metadata.labels?.[SERVICE_NAME] ?? ''}`),
    );
    http.translator((from, to) => this.#translate(from, to));
  }

  /** A node does not reach the API server any more, or does again. */
  setCutOff(node: string, why: 'refused' | 'timeout' | undefined): void {
    const row = this.#cutOff.get(node);
    const { now } = this.#kernel;
    if (why === undefined) {
      if (!row || row.due) return;
      const { sinceMs, refused, off } = row;
      const draw = this.#kernel.random(NAME, node, 'watch', sinceMs);
      const delayMs = off ? catchUpMs(0, false, draw) : catchUpMs(now - sinceMs, refused, draw);
      this.#cutOff.set(node, { ...row, due: this.#caughtUp.after(delayMs, { node }) });
      return;
    }
    if (row?.due) this.#kernel.cancel(row.due);
    const off = !this.#network.reaches(node, node);
    this.#cutOff.set(node, { sinceMs: row?.sinceMs ?? now, refused: why === 'refused', off });
    this.#rules.leave(node);
  }

  #translate(from: Caller, to: Address): Address | HttpFailure | undefined {
    // Most connections are to no Service at all.
    if (this.#rules.isEmpty || to.on !== undefined) return undefined;
    const key = `${to.ip}:${to.port}`;
    const isInside = this.#network.isNode(from.machine);
    const own = isInside ? this.#rules.of(from.machine, key) : this.#rules.get(key);
    if (own && isInside) return this.#choose(own, key, from, from.machine);
    if (own && !this.#isPublic(own, to)) return undefined;
    const addressed = this.#network.nodeWith(to.ip);
    if (!own) {
      if (addressed === undefined) return undefined;
      return this.#atNode(nodePortKey(to.port), addressed, from);
    }
    const node = addressed ?? this.#announcer(own);
    return node === undefined ? 'timeout' : (this.#atNode(key, node, from) ?? 'refused');
  }

  /** A connection from elsewhere comes to a node; undefined when that has no rule for it. */
  #atNode(at: string, node: string, from: Caller): Address | HttpFailure | undefined {
    const rule = this.#rules.of(node, at);
    if (!rule) return undefined;
    if (!this.#network.reaches(from.machine, node)) return 'timeout';
    const chosen = this.#choose(rule, at, from, node);
    if (typeof chosen === 'string') return chosen;
    // The node stands for the client, unless only its own Pods answer: they see who asks.
    const as = rule.localOnly ? undefined : this.#network.addressOf(node);
    return { ...chosen, via: node, ...(as !== undefined && { as }) };
  }

  /** Whether an address of a rule means something outside the cluster. */
  #isPublic({ service }: Rule, { ip }: Address): boolean {
    const { namespace, name } = splitKey(service.slice('Service '.length));
    const found = this.#client.get('services', namespace, name);
    return found !== undefined && found.spec.clusterIP !== ip;
  }

  /**
   * The node that answers for a load balancer's address: one with a Pod of its own where only those
   * count, as its health check says, else the first that is reached.
   */
  #announcer({ localOnly, targets }: Rule): string | undefined {
    if (localOnly) return targets.find(({ node }) => node !== undefined)?.node;
    for (const { metadata } of this.#client.scan('nodes')) {
      if (this.#network.reaches(metadata.name, metadata.name)) return metadata.name;
    }
    return undefined;
  }

  #choose(rule: Rule, at: string, from: Caller, node: string): Address | HttpFailure {
    const targets = rule.localOnly
      ? rule.targets.filter((target) => target.node === node)
      : rule.targets;
    // Without an endpoint a packet is rejected; without a local one it is dropped.
    if (targets.length === 0) return rule.targets.length === 0 ? 'refused' : 'timeout';
    const { ip, port } = this.#sticky(rule, at, from, targets) ?? this.#draw(at, node, targets);
    if (rule.affinityMs !== undefined) {
      const untilMs = this.#kernel.now + rule.affinityMs;
      this.#affinities.set(`${at} ${from.ip ?? from.name}`, { target: { ip, port }, untilMs });
    }
    return { ip, port };
  }

  #draw(at: string, node: string, targets: readonly Target[]): Target {
    const draws = (this.#draws.get(at) ?? 0) + 1;
    this.#draws.set(at, draws);
    return this.#kernel.random(NAME, node, at, draws).pick(targets);
  }

  #sticky({ affinityMs }: Rule, at: string, from: Caller, targets: readonly Target[]) {
    if (affinityMs === undefined) return undefined;
    const known = this.#affinities.get(`${at} ${from.ip ?? from.name}`);
    if (!known || known.untilMs <= this.#kernel.now) return undefined;
    const { ip, port } = known.target;
    return targets.find((target) => target.ip === ip && target.port === port);
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const service = this.#client.get('services', namespace, name);
    const slices = this.#client.byIndex('endpointslices', labelTerm(namespace, SERVICE_NAME, name));
    const rules = service ? rulesOf(service, slices) : new Map<string, Rule>();
    let changed = false;
    for (const at of this.#ports.get(key) ?? []) {
      if (rules.has(at)) continue;
      changed = this.#rules.delete(at) || changed;
      this.#draws.delete(at);
      for (const [client] of [...this.#affinities.withPrefix(`${at} `)]) {
        this.#affinities.delete(client);
      }
    }
    for (const [at, rule] of rules) {
      if (sameValue(this.#rules.get(at), rule)) continue;
      this.#rules.set(at, rule);
      changed = true;
    }
    if (!changed) return true;
    if (rules.size > 0) this.#ports.set(key, [...rules.keys()]);
    else this.#ports.delete(key);
    this.#note(key, rules);
    return true;
  }

  #note(key: string, rules: ReadonlyMap<string, Rule>): void {
    const endpoints = endpointsOf(rules.values());
    let noted = 0;
    for (const { metadata } of this.#client.scan('nodes')) {
      if (noted === NOTED_NODES) return;
      noted += 1;
      if (this.#rules.isBehind(metadata.name)) continue;
      this.#record(metadata.name, `Service ${key}`, endpoints);
    }
  }

  #noteCatchingUp(node: string, changed: readonly Rule[]): void {
    for (const service of new Set(changed.map((rule) => rule.service))) {
      const key = service.slice('Service '.length);
      const rules = (this.#ports.get(key) ?? []).flatMap((at) => this.#rules.get(at) ?? []);
      this.#record(node, service, endpointsOf(rules));
    }
  }

  #record(node: string, object: string, endpoints: number): void {
    const actor = `${NAME}/${node}`;
    this.#kernel.record({ actor, verb: 'program', object, detail: { endpoints } });
  }
}

const endpointsOf = (rules: Iterable<Rule>): number =>
  [...rules].reduce((sum, { targets }) => sum + targets.length, 0);
