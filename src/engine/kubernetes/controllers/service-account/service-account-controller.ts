import type { Kernel } from '../../../sim/kernel.ts';
import type { Draft } from '../../apimachinery/object.ts';
import type { ServiceAccount } from '../../api/config.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * Every namespace has an account `default`, whatever anybody deletes
 * (pkg/controller/serviceaccount/serviceaccounts_controller.go, v1.36).
 */
const NAME = 'serviceaccount-controller';
const ACCOUNT = 'default';

export function defaultAccount(namespace: string): Draft<ServiceAccount> {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace } };
}

export class ServiceAccountController {
  readonly #client: Client;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    const queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (name) => this.#sync(name));
    this.#client.watch(
      'namespaces',
      'namespaces',
      ({ type }) => type === 'ADDED',
      ({ object }) => queue.add(object.metadata.name),
    );
    this.#client.watch(
      'serviceaccounts',
      'serviceaccounts',
      ({ type, object }) => type === 'DELETED' && object.metadata.name === ACCOUNT,
      ({ object }) => queue.add(object.metadata.namespace ?? ''),
    );
  }

  #sync(namespace: string): boolean {
    const home = this.#client.get('namespaces', '', namespace);
    if (!home || home.metadata.deletionTimestamp) return true;
    if (this.#client.get('serviceaccounts', namespace, ACCOUNT)) return true;
    const result = this.#client.create('serviceaccounts', defaultAccount(namespace));
    return result.ok || result.failure.reason === 'AlreadyExists';
  }
}
