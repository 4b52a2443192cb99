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
import { chooseBackend } from './ingress-rules.ts';
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

export class IngressController {
  readonly #client: Client;
  readonly #events: EventRecorder;
  readonly #proxy: ReverseProxy;
  readonly #ip: string;

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

  #decide(request: HttpRequest): Decision {
    const ours = [...this.#client.scan('ingresses')].filter((one) => this.#isOurs(one));
    const oldest = ours.sort(byAge);
    const choice = chooseBackend(oldest, request.host ?? '', request.path);
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
