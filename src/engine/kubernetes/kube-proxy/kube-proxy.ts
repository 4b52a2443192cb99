import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Address, Caller, Http, HttpFailure } from '../../net/http.ts';
import { SERVICE_NAME } from '../api/cluster-objects.ts';
import { labelTerm } from '../api/index-terms.ts';
import type { ApiDoor } from '../api/requests.ts';
import { Client } from '../client/client.ts';
import { WorkQueue } from '../client/work-queue.ts';
import { keyOf, splitKey } from '../apimachinery/object.ts';
import { rulesOf, type Rule } from './rules.ts';

/**
 * kube-proxy: turns Services and EndpointSlices into rules on every node, so that a connection to
 * a Service's address ends at one of its Pods, drawn at random (pkg/proxy/iptables, v1.36).
 *
 * Simplified: the proxies of all nodes write their rules at the same moment, so they are kept
 * once; session affinity and node ports are not there yet.
 */
const NAME = 'kube-proxy';

export class KubeProxies {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #rules: Table<string, Rule>;
  readonly #ports: Table<string, readonly string[]>;

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
    const queue = new WorkQueue(kernel, `${NAME}/${cluster}`, (key) => this.#sync(key));
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
    const { sequence } = this.#kernel.moment;
    return this.#kernel.random(NAME, from.machine, from.name, sequence).pick(rule.targets);
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const service = this.#client.get('services', namespace, name);
    const slices = this.#client.byIndex('endpointslices', labelTerm(namespace, SERVICE_NAME, name));
    const rules = service ? rulesOf(service, slices) : new Map<string, Rule>();
    for (const at of this.#ports.get(key) ?? []) if (!rules.has(at)) this.#rules.delete(at);
    if (rules.size > 0) this.#ports.set(key, [...rules.keys()]);
    else this.#ports.delete(key);
    for (const [at, rule] of rules) this.#rules.set(at, rule);
    this.#kernel.record({
      actor: NAME,
      verb: 'program',
      object: `Service ${key}`,
      detail: { endpoints: [...rules.values()].flatMap(({ targets }) => targets.map((t) => t.ip)) },
    });
    return true;
  }
}
