import type { ApiRequest } from '../../src/engine/kubernetes/api/requests.ts';
import { ApiServer } from '../../src/engine/kubernetes/apiserver/api-server.ts';
import type { KubeObject } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Failure, Result } from '../../src/engine/kubernetes/apimachinery/status.ts';
import { Client } from '../../src/engine/kubernetes/client/client.ts';
import type { HttpAnswer, HttpRequest } from '../../src/engine/kubernetes/apiserver/rest.ts';
import { ask as asking } from '../../src/engine/sim/process.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/**
 * For tests: an API server with nobody around it, and a person who asks.
 * @param outage why nobody can be served now
 */
export function apiWorld(outage?: () => Failure | undefined) {
  const kernel = new Kernel({ seed: 7 });
  const processes = new Processes(kernel);
  const components = { isRunning: () => true, onStart: () => undefined };
  const options = { cluster: 'main', serviceCidr: '10.96.0.0/16', components };
  const api = new ApiServer(kernel, processes, { ...options, ...(outage && { outage }) });
  api.bootstrap();
  const client = new Client(kernel, api, 'tester');
  const answers: HttpAnswer[] = [];
  processes.program<HttpRequest, HttpAnswer>('test/http', function* (request) {
    return yield* asking<HttpAnswer>('apiserver-http/main', request);
  });
  kernel.event<{ ending: { result?: unknown } }>('test/answered', ({ ending }) => {
    answers.push(ending.result as HttpAnswer);
  });
  /** Sends an HTTP request and waits for its answer. */
  const http = (method: string, path: string, more: Partial<HttpRequest> = {}): HttpAnswer => {
    const [place = '', query = ''] = path.split('?');
    const request = { method, path: place, query, ...more };
    const before = answers.length;
    processes.spawn('test/http', request, { then: { event: 'test/answered', payload: {} } });
    kernel.advanceUntil(() => answers.length > before, 3_600_000);
    return answers.at(-1)!;
  };
  /** Asks as kubectl does: the body is read by its schema. */
  const ask = (request: Omit<ApiRequest, 'user'>): Result<KubeObject> =>
    api.request({ fieldValidation: 'Warn', user: 'kubectl', ...request }) as Result<KubeObject>;
  const create = (resource: ApiRequest['resource'], body: unknown, namespace = 'default') =>
    ask({ verb: 'create', resource, namespace, body });
  return { kernel, processes, api, client, ask, create, http };
}

/** What an answer says: the object, or the refusal's words. */
export function said<T>(result: Result<T>): T | string {
  return result.ok ? result.value : result.failure.message;
}

// The test says what it asked for.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
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
