import type { Address, Http } from '../net/http.ts';
import type { Program } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import { plain, work, type Asked } from './api-network.ts';

/**
 * The ports that `kubectl proxy` opens on a machine: what comes goes to the API server in the name
 * of who started it (staging/src/k8s.io/kubectl/pkg/proxy/proxy_server.go, v1.36). kubectl asks the
 * services `kubectl/listen-proxy` and `kubectl/close`.
 */
export interface Proxying {
  readonly machine: string;
  readonly at: Address;
  /** The service that answers HTTP for the cluster. */
  readonly service: string;
  readonly certificate: Exclude<Asked['certificate'], undefined>;
  /** Where the API begins on the port; ends with a slash. */
  readonly prefix: string;
  /** Regular expressions of paths that are not let through. */
  readonly rejected: readonly string[];
}

const SERVER = 'kubectl/proxy';
const PROGRAM = 'kubectl/proxied';
const SOON_MS = 1;

export function serveApiProxies(http: Http, processes: Processes): void {
  processes.program(PROGRAM, work as Program);
  http.server(SERVER, (payload: Proxying, request) => {
    const { service, certificate, prefix, rejected } = payload;
    const [path = ''] = request.path.split('?');
    if (!path.startsWith(prefix)) {
      return { response: plain(404, '404 page not found\n'), afterMs: SOON_MS };
    }
    const asked = { ...request, path: request.path.slice(prefix.length - 1) };
    if (rejected.some((pattern) => new RegExp(pattern).test(asked.path))) {
      return { response: plain(403, 'Forbidden\n'), afterMs: SOON_MS };
    }
    return { run: PROGRAM, args: { service, request: asked, certificate } satisfies Asked };
  });
  processes.service<Proxying>('kubectl/listen-proxy', (payload) =>
    http.listen(payload.at, { machine: payload.machine, name: 'kubectl', server: SERVER, payload }),
  );
}
