import type { ApiRequest } from '../../src/engine/kubernetes/api/requests.ts';
import { ApiServer } from '../../src/engine/kubernetes/apiserver/api-server.ts';
import type { KubeObject } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Failure, Result } from '../../src/engine/kubernetes/apimachinery/status.ts';
import { Client } from '../../src/engine/kubernetes/client/client.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/** For tests: an API server with nobody around it, and a person who asks. */
export function apiWorld(storage?: () => Failure | undefined) {
  const kernel = new Kernel({ seed: 7 });
  const processes = new Processes(kernel);
  const components = { isRunning: () => true, onStart: () => undefined };
  const options = { cluster: 'main', serviceCidr: '10.96.0.0/16', components };
  const api = new ApiServer(kernel, processes, { ...options, ...(storage && { storage }) });
  api.bootstrap();
  const client = new Client(kernel, api, 'tester');
  /** Asks as kubectl does: the body is read by its schema. */
  const ask = (request: Omit<ApiRequest, 'user'>): Result<KubeObject> =>
    api.request({ fieldValidation: 'Warn', user: 'kubectl', ...request }) as Result<KubeObject>;
  const create = (resource: ApiRequest['resource'], body: unknown, namespace = 'default') =>
    ask({ verb: 'create', resource, namespace, body });
  return { kernel, processes, api, client, ask, create };
}

/** What an answer says: the object, or the refusal's words. */
export function said<T>(result: Result<T>): T | string {
  return result.ok ? result.value : result.failure.message;
}

export function object<T = KubeObject>(result: Result<unknown>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value as T;
}

export const WEB = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.29', ports: [{ containerPort: 80 }] }] },
    },
  },
};

export const pod = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { containers: [{ name: 'web', image: 'nginx:1.29' }], ...spec },
});
