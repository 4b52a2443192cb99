import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Address, Caller, Http, HttpFailure } from '../../net/http.ts';
import { SERVICE_NAME } from '../api/cluster-objects.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { ApiDoor } from '../api/requests.ts';
import { Client } from '../client/client.ts';
import { WorkQueue } from '../client/work-queue.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { keyOf, splitKey } from '../apimachinery/object.ts';
import { rulesOf, type Rule } from './rules.ts';

/**
 * kube-proxy: turns Services and EndpointSlices into rules on every node, so that a connection to
 * a Service's address ends at one of its Pods, drawn at random (pkg/proxy/iptables, v1.36).
 *
 * Simplified: the proxies of all nodes learn of a change in one watch message and write their
 * rules at the same moment, so the rules are kept once. When the endpoints of a Service change,
 * each of the first few nodes notes it under its own name, `kube-proxy/node-1`; in a large cluster
 * the others would say the same thousands of times. Session affinity and node ports are not there
 * yet.
 */
const NAME = 'kube-proxy';

/** How many nodes note their new rules in the trace. */
const NOTED_NODES = 10;

export class KubeProxies {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #rules: Table<string, Rule>;
  readonly #ports: Table<string, readonly string[]>;
  /** How many connections each rule has sent on: what the next draw is named by. */
  readonly #draws: Table<string, number>;

  /** @param isNode whether a machine is a node of this cluster */
  constructor(
    kernel: Kernel,
    door: ApiDoor,
    http: Http,
    cluster: string,
    isNode: (machine: string) => boolean,
  ) {
    this.#kernel = kernel;
    this.#client = new Client(kernel, door, NAME);
    this.#rules = kernel.store.table<Rule>(`${NAME}/${cluster}/rules`);
    this.#ports = kernel.store.table<readonly string[]>(`${NAME}/${cluster}/ports`);
    this.#draws = kernel.store.table<number>(`${NAME}/${cluster}/draws`);
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
    http.translator((from, to) => (isNode(from.machine) ? this.#translate(from, to) : undefined));
  }

  /** The rule for an address; undefined when it is no Service's. */
  rule(ip: string, port: number): Rule | undefined {
    return this.#rules.get(`${ip}:${port}`);
  }

  #translate(from: Caller, to: Address): Address | HttpFailure | undefined {
    const rule = this.rule(to.ip, to.port);
    if (!rule) return undefined;
    if (rule.targets.length === 0) return 'refused';
    const at = `${to.ip}:${to.port}`;
    const draws = (this.#draws.get(at) ?? 0) + 1;
    this.#draws.set(at, draws);
    return this.#kernel.random(NAME, from.machine, at, draws).pick(rule.targets);
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
    const endpoints = [...rules.values()].reduce((sum, { targets }) => sum + targets.length, 0);
    let noted = 0;
    for (const { metadata } of this.#client.scan('nodes')) {
      if (noted === NOTED_NODES) return;
      noted += 1;
      this.#kernel.record({
        actor: `${NAME}/${metadata.name}`,
        verb: 'program',
        object: `Service ${key}`,
        detail: { endpoints },
      });
    }
  }
}
