import type { Addresses } from '../../net/address.ts';
import type { Http, HttpRequest } from '../../net/http.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { DEFAULT_INGRESS_CLASS, type Ingress } from '../api/networking.ts';
import type { ApiDoor } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { keyOf, splitKey } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';
import { EventRecorder } from '../client/event-recorder.ts';
import { WorkQueue } from '../client/work-queue.ts';
import { chooseBackend, concernsHost } from './ingress-rules.ts';
import { hostOf } from './paths.ts';
import { Remembered } from './remembered.ts';
import { ReverseProxy, type Decision } from './reverse-proxy.ts';

/**
 * An Ingress controller, as ingress-nginx is one (kubernetes/ingress-nginx v1.13): it serves the
 * Ingresses of its class at one address, and writes that address into their status.
 */
const NAME = 'ingress-nginx';
const CONTROLLER = 'k8s.io/ingress-nginx';
export const INGRESS_CLASS = 'nginx';
const PORT = 80;
const ENTRY = 'ingress';

/** Hosts whose Ingresses are remembered. */
const HOSTS_LIMIT = 1_000;

/** What there is to choose from. */
interface Rules {
  readonly all: readonly Ingress[];
  readonly byHost: Map<string, readonly Ingress[]>;
}

export class IngressController {
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #proxy: ReverseProxy;
  readonly #ip: string;
  readonly #rules: Remembered<Rules>;

  /** @param ip where it is reached from outside of the cluster */
  constructor(
    rooms: { kernel: Kernel; door: ApiDoor; http: Http; addresses: Addresses },
    cluster: string,
    ip: string,
  ) {
    const { kernel, door } = rooms;
    this.#ip = ip;
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'nginx-ingress-controller');
    this.#rules = new Remembered(this.#client, ['ingresses', 'ingressclasses'], () => ({
      all: [...this.#client.scan('ingresses')].filter((one) => this.#isOurs(one)).sort(byAge),
      byHost: new Map<string, readonly Ingress[]>(),
    }));
    this.#proxy = new ReverseProxy(rooms, `${NAME}/${cluster}`, (_entry, request) =>
      this.#decide(request),
    );
    const queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => this.#sync(key));
    this.#client.watch(
      'ingresses',
      'ingresses',
      ({ type }) => type !== 'DELETED',
      ({ object }) => queue.add(keyOf(object)),
    );
    this.#client.watch(
      'ingressclasses',
      'ingressclasses',
      () => true,
      () => {
        for (const ingress of this.#client.scan('ingresses')) queue.add(keyOf(ingress));
      },
    );
  }

  /** Creates its class: the default one, as a fresh installation of a small cluster has it. */
  start(): void {
    this.#client.create('ingressclasses', {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' },
      metadata: { name: INGRESS_CLASS, annotations: { [DEFAULT_INGRESS_CLASS]: 'true' } },
      spec: { controller: CONTROLLER },
    });
  }

  #isOurs({ spec }: Ingress): boolean {
    const name = spec.ingressClassName;
    if (name === undefined) return false;
    return this.#client.get('ingressclasses', '', name)?.spec.controller === CONTROLLER;
  }

  #sync(key: string): boolean {
    const { namespace, name } = splitKey(key);
    const ingress = this.#client.get('ingresses', namespace, name);
    if (!ingress || ingress.metadata.deletionTimestamp || !this.#isOurs(ingress)) return true;
    // Asked again until there is a node to run on.
    if (!this.#proxy.open(this.#ip, PORT, ENTRY)) return false;
    const status = { loadBalancer: { ingress: [{ ip: this.#ip }] } };
    if (sameValue(ingress.status, status)) return true;
    this.#events.tell(ingress, { type: 'Normal', reason: 'Sync', message: 'Scheduled for sync' });
    return this.#client.updateStatus('ingresses', { ...ingress, status }).ok;
  }

  /** The Ingresses that say anything of a host, the oldest first. */
  #ingressesFor(host: string): readonly Ingress[] {
    const { all, byHost } = this.#rules.get();
    const known = byHost.get(host);
    if (known) return known;
    const found = all.filter((ingress) => concernsHost(ingress, host));
    // Whoever asks says the host: there may be any number of them.
    if (byHost.size === HOSTS_LIMIT) byHost.clear();
    byHost.set(host, found);
    return found;
  }

  #decide(request: HttpRequest): Decision {
    const { host = '', path: asked } = request;
    const choice = chooseBackend(this.#ingressesFor(hostOf(host)), host, asked);
    if (!choice) return { answer: 404 };
    const { service } = choice.backend;
    const port = service?.port?.number ?? service?.port?.name;
    const { namespace = '' } = choice.ingress.metadata;
    const to = service && port !== undefined && this.#proxy.target(namespace, service.name, port);
    if (!to) return { answer: 503 };
    const path = choice.rewrite ?? request.path;
    return { pass: { ...request, path }, to };
  }
}

function byAge({ metadata: a }: Ingress, { metadata: b }: Ingress): number {
  if (a.creationTimestamp !== b.creationTimestamp) {
    return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  }
  return keyText(a) < keyText(b) ? -1 : 1;
}

const keyText = ({ namespace = '', name }: Ingress['metadata']): string => `${namespace}/${name}`;
