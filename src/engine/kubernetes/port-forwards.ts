import type { Address, Http, HttpRequest, HttpResponse } from '../net/http.ts';
import { ask, write, type Program } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { NodeAnswers } from './api/node-requests.ts';
import type { Identity } from './api/requests.ts';
import type { Failure } from './apimachinery/status.ts';

/**
 * The ports that `kubectl port-forward` opens on a machine: every request that comes goes through
 * the API server to the Pod (staging/src/k8s.io/client-go/tools/portforward, v1.36). kubectl asks
 * the services `kubectl/listen` and `kubectl/close`.
 */
export interface Forwarding {
  readonly machine: string;
  readonly at: Address;
  /** The service of the API server. */
  readonly server: string;
  readonly identity?: Identity;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  /** Where kubectl tells of connections. */
  readonly stdout: number;
}

const SERVER = 'kubectl/port-forward';
const PROGRAM = 'kubectl/forwarded';

interface Forwarded extends Forwarding {
  readonly request: HttpRequest;
}

const NOBODY: HttpResponse = { status: 502, headers: {}, body: new Uint8Array() };

const forwarded: Program<Forwarded, HttpResponse> = function* (args) {
  const { server, identity, namespace, pod, port, stdout, at, request } = args;
  yield* write(stdout, `Handling connection for ${at.port}\n`);
  const { method, path, headers } = request;
  const { body } = request;
  const answer = yield* ask<NodeAnswers['port-forward'] | { ok: false; failure: Failure }>(server, {
    verb: 'create',
    resource: 'pods',
    subresource: 'portforward',
    namespace,
    name: pod,
    user: 'kubectl',
    ...(identity && { identity }),
    body: { port, method, path, ...(headers && { headers }), ...(body && { body }) },
  });
  if (!answer.ok) return NOBODY;
  const text = new TextEncoder().encode(answer.body);
  return { status: answer.status, headers: answer.headers, body: text };
};

export function servePortForwards(http: Http, processes: Processes): void {
  processes.program(PROGRAM, forwarded as Program);
  http.server(SERVER, (payload: Forwarding, request) => ({
    run: PROGRAM,
    args: { ...payload, request },
  }));
  processes.service<Forwarding>('kubectl/listen', (payload) =>
    http.listen(payload.at, { machine: payload.machine, name: 'kubectl', server: SERVER, payload }),
  );
  processes.service<{ at: Address }>('kubectl/close', ({ at }) => {
    http.close(at);
    return true;
  });
}
