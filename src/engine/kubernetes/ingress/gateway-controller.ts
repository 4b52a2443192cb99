import type { Addresses } from '../../net/address.ts';
import type { Http, HttpRequest } from '../../net/http.ts';
import { rfc3339 } from '../../sim/clock.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Gateway, HttpRoute, Listener, ListenerStatus } from '../api/gateway.ts';
import type { ApiDoor } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { keyOf, setCondition, splitKey, type Condition } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';
import { WorkQueue } from '../client/work-queue.ts';
import { attaches, chooseRule } from './http-routes.ts';
import { decide } from './route-decision.ts';
import { Remembered } from './remembered.ts';
import { ReverseProxy, type Decision } from './reverse-proxy.ts';

/**
 * A Gateway controller (kubernetes-sigs/gateway-api v1.4; as NGINX Gateway Fabric does it): each
 * Gateway of its class gets an address and takes requests there by its HTTPRoutes; what it makes of
 * them stands in their conditions.
 */
const NAME = 'nginx-gateway';
const CONTROLLER = 'gateway.nginx.org/nginx-gateway-controller';
export const GATEWAY_CLASS = 'nginx';

type Given = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>;

const TRUE = (type: string, reason: string, message: string): Given => ({
  type,
  status: 'True',
  reason,
  message,
});

export class GatewayController {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #proxy: ReverseProxy;
  readonly #addresses: Addresses;
  readonly #pool: string;
  readonly #queue: WorkQueue;
  /** The routes of each listener; a Gateway that changes has other listeners. */
  readonly #routes: Remembered<WeakMap<Listener, readonly HttpRoute[]>>;

  /** @param range addresses outside of the cluster, one for each Gateway */
  constructor(
    rooms: { kernel: Kernel; door: ApiDoor; http: Http; addresses: Addresses },
    cluster: string,
    range: string,
  ) {
    const { kernel, door, addresses } = rooms;
    this.#kernel = kernel;
    this.#addresses = addresses;
    this.#pool = `${NAME}/${cluster}`;
    this.#client = new Client(kernel, door, NAME);
    this.#routes = new Remembered(
      this.#client,
      ['httproutes', 'namespaces', 'gateways'],
      () => new WeakMap<Listener, readonly HttpRoute[]>(),
    );
    this.#proxy = new ReverseProxy(rooms, `${NAME}/${cluster}`, (entry, request) =>
      this.#decide(entry, request),
    );
    addresses.addPool(this.#pool, range);
    this.#queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    const all = () => {
      for (const gateway of this.#client.scan('gateways')) this.#queue.add(keyOf(gateway));
    };
    this.#client.watch(
      'gateways',
      'gateways',
      () => true,
      ({ object }) => this.#queue.add(keyOf(object)),
    );
    this.#client.watch(
      'httproutes',
      'httproutes',
      ({ object, previous }) => !previous || !sameValue(object.spec, previous.spec),
      all,
    );
    this.#client.watch('gatewayclasses', 'gatewayclasses', () => true, all);
    this.#client.watch('services', 'services', ({ type }) => type !== 'MODIFIED', all);
  }

  start(): void {
    const created = this.#client.create('gatewayclasses', {
      ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass' },
      metadata: { name: GATEWAY_CLASS },
      spec: { controllerName: CONTROLLER },
    });
    if (!created.ok) return;
    const conditions = this.#conditions(created.value.metadata.generation, undefined, [
      TRUE('Accepted', 'Accepted', 'The GatewayClass is accepted'),
    ]);
    this.#client.updateStatus('gatewayclasses', { ...created.value, status: { conditions } });
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const gateway = this.#client.get('gateways', namespace, name);
    if (!gateway || gateway.metadata.deletionTimestamp || !this.#isOurs(gateway)) {
      this.#forget(key);
      return true;
    }
    const ip = this.#addressOf(gateway, key);
    if (ip === undefined) return false;
    const wanted = new Set<string>();
    for (const { protocol, port } of gateway.spec.listeners) {
      if (protocol !== 'HTTP' || wanted.has(`${ip}:${port}`)) continue;
      if (!this.#proxy.open(ip, port, `${key} ${port}`)) return false;
      wanted.add(`${ip}:${port}`);
    }
    for (const opening of this.#openings(key)) {
      const [at = '', port = ''] = opening.split(':');
      if (!wanted.has(opening)) this.#proxy.close(at, Number(port));
    }
    return this.#report(gateway, ip) && this.#reportRoutes(gateway);
  }

  #openings(key: string): string[] {
    return this.#proxy.openingsOf((entry) => entry.startsWith(`${key} `));
  }

  #isOurs({ spec }: Gateway): boolean {
    const found = this.#client.get('gatewayclasses', '', spec.gatewayClassName);
    return found?.spec.controllerName === CONTROLLER;
  }

  #addressOf({ status }: Gateway, key: string): string | undefined {
    const given = status.addresses?.[0]?.value;
    if (given !== undefined) return given;
    return this.#addresses.allocate(this.#pool, { machine: '', owner: `Gateway ${key}` });
  }

  #forget(key: string): void {
    for (const opening of this.#openings(key)) {
      const [ip = '', port = ''] = opening.split(':');
      this.#proxy.close(ip, Number(port));
      this.#addresses.release(this.#pool, ip);
    }
  }

  #routesOf(gateway: Gateway, listener: Listener): readonly HttpRoute[] {
    const byListener = this.#routes.get();
    const known = byListener.get(listener);
    if (known) return known;
    const found = [...this.#client.scan('httproutes')].filter((route) =>
      this.#attaches(route, gateway, listener),
    );
    byListener.set(listener, found);
    return found;
  }

  #attaches(route: HttpRoute, gateway: Gateway, listener: Listener): boolean {
    const { namespace = '' } = route.metadata;
    const labels = this.#client.get('namespaces', '', namespace)?.metadata.labels;
    return attaches(route, gateway, listener, labels);
  }

  #report(gateway: Gateway, ip: string): boolean {
    const { generation } = gateway.metadata;
    const before = gateway.status;
    const listeners = gateway.spec.listeners.map((listener): ListenerStatus => {
      const known = before.listeners?.find(({ name }) => name === listener.name)?.conditions;
      const supported = listener.protocol === 'HTTP';
      const given = supported
        ? [
            TRUE('Accepted', 'Accepted', 'The Listener is accepted'),
            TRUE('Programmed', 'Programmed', 'The Listener is programmed'),
            TRUE('ResolvedRefs', 'ResolvedRefs', 'All references are resolved'),
            { ...TRUE('Conflicted', 'NoConflicts', 'No conflicts'), status: 'False' as const },
          ]
        : [
            {
              ...TRUE(
                'Accepted',
                'UnsupportedProtocol',
                `Protocol ${listener.protocol} is not supported`,
              ),
              status: 'False' as const,
            },
          ];
      return {
        name: listener.name,
        supportedKinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }],
        attachedRoutes: supported ? this.#routesOf(gateway, listener).length : 0,
        conditions: this.#conditions(generation, known, given),
      };
    });
    const conditions = this.#conditions(generation, before.conditions, [
      TRUE('Accepted', 'Accepted', 'The Gateway is accepted'),
      TRUE('Programmed', 'Programmed', 'The Gateway is programmed'),
    ]);
    const addresses = [{ type: 'IPAddress', value: ip }];
    const status = { ...before, addresses, conditions, listeners };
    if (sameValue(status, before)) return true;
    return this.#client.updateStatus('gateways', { ...gateway, status }).ok;
  }

  #reportRoutes(gateway: Gateway): boolean {
    let all = true;
    for (const route of [...this.#client.scan('httproutes')]) {
      all = this.#reportRoute(gateway, route) && all;
    }
    return all;
  }

  #reportRoute(gateway: Gateway, route: HttpRoute): boolean {
    const { namespace, generation } = route.metadata;
    const before = route.status?.parents ?? [];
    const parents = [...before];
    for (const ref of route.spec.parentRefs ?? []) {
      const isThis =
        ref.name === gateway.metadata.name &&
        (ref.namespace ?? namespace) === gateway.metadata.namespace;
      if (!isThis) continue;
      const at = parents.findIndex(({ parentRef }) => sameValue(parentRef, ref));
      const attached = gateway.spec.listeners.some((listener) =>
        this.#attaches(route, gateway, listener),
      );
      const given = [this.#accepted(attached), this.#resolved(route)];
      const conditions = this.#conditions(generation, parents[at]?.conditions, given);
      const parent = { parentRef: ref, controllerName: CONTROLLER, conditions };
      if (at === -1) parents.push(parent);
      else parents[at] = parent;
    }
    if (sameValue(parents, before)) return true;
    return this.#client.updateStatus('httproutes', { ...route, status: { parents } }).ok;
  }

  #accepted(attached: boolean): Given {
    if (attached) return TRUE('Accepted', 'Accepted', 'The Route is accepted');
    const message = 'Listener hostname does not match the Route hostnames';
    return { type: 'Accepted', status: 'False', reason: 'NoMatchingListenerHostname', message };
  }

  #resolved({ metadata, spec }: HttpRoute): Given {
    for (const [rule, { backendRefs = [] }] of (spec.rules ?? []).entries()) {
      for (const [at, { name, namespace = metadata.namespace ?? '' }] of backendRefs.entries()) {
        if (this.#client.get('services', namespace, name)) continue;
        const message = `spec.rules[${rule}].backendRefs[${at}].name: Not found: "${name}"`;
        return { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message };
      }
    }
    return TRUE('ResolvedRefs', 'ResolvedRefs', 'All references are resolved');
  }

  #conditions(
    observedGeneration: number | undefined,
    before: readonly Condition[] | undefined,
    given: readonly Given[],
  ): readonly Condition[] {
    const lastTransitionTime = rfc3339(this.#kernel.now);
    return given.reduce<readonly Condition[]>(
      (all, one) => setCondition(all, { ...one, lastTransitionTime, observedGeneration }),
      before ?? [],
    );
  }

  #decide(entry: string, request: HttpRequest): Decision {
    const [key = '', port = ''] = entry.split(' ');
    const { namespace, name } = splitKey(key);
    const gateway = this.#client.get('gateways', namespace, name);
    const listeners = (gateway?.spec.listeners ?? []).filter((one) => one.port === Number(port));
    const { method, path: target, host = '', headers = {} } = request;
    for (const listener of listeners) {
      const routes = gateway ? this.#routesOf(gateway, listener) : [];
      const choice = chooseRule(routes, listener, { method, host, target, headers });
      if (choice) return decide(choice, request, this.#proxy);
    }
    return { answer: 404 };
  }
}
