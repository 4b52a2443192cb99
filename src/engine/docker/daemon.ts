import type { Kernel } from '../sim/kernel.ts';
import type { Waiter } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { SolveArgs } from '../build/solve.ts';
import type { Containerd } from '../containerd/containerd.ts';
import type { Addresses } from '../net/address.ts';
import type { Http } from '../net/http.ts';
import { formatReference, parseReference, withDefaultTag } from '../oci/reference.ts';
import { registryService } from '../oci/registry.ts';
import { dockerService, type CreateBody, type EngineRequest } from './api.ts';
import { Containers } from './containers.ts';
import { listImages, removeImage, tagImage } from './images.ts';
import { docker, request } from './cli/docker.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';

/**
 * The Docker daemon: answers the Engine API's requests through one table of handlers. It keeps
 * images in containerd's store, as Engine 29 does by default, builds with BuildKit and runs
 * containers through containerd.
 */
type Handler = (
  machine: string,
  match: readonly string[],
  request: EngineRequest,
  asker: Waiter,
) => unknown;

interface Route {
  readonly method: EngineRequest['method'];
  readonly path: RegExp;
  readonly handle: Handler;
}

export class Docker {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #containerd: Containerd;
  readonly #routes: readonly Route[];
  readonly containers: Containers;

  constructor(
    kernel: Kernel,
    processes: Processes,
    rooms: { containerd: Containerd; http: Http; addresses: Addresses },
  ) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#containerd = rooms.containerd;
    this.containers = new Containers(kernel, processes, rooms);
    processes.program('docker/push', push);
    processes.program('docker/pull', pull);
    processes.program('docker/cli', docker);
    processes.program('docker/request', request);
    this.#routes = [...this.#imageRoutes(), ...this.#containerRoutes()];
  }

  /** Starts a daemon on a machine that has containerd and a builder. */
  addMachine(machine: string): void {
    this.containers.addMachine(machine);
    this.#processes.service<EngineRequest>(dockerService(machine), (request, asker) => {
      for (const { method, path, handle } of this.#routes) {
        const match = method === request.method ? path.exec(request.path) : null;
        if (!match) continue;
        const work = (): unknown => handle(machine, match.slice(1), request, asker);
        return method === 'GET' ? work() : this.#kernel.because(this.#noteCall(request), work);
      }
      return { status: 404, body: { message: 'page not found' } };
    });
  }

  /** Requests that change something are in the trace; looking is not. */
  #noteCall({ method, path }: EngineRequest): number {
    return this.#kernel.record({
      actor: 'docker-cli',
      verb: 'call',
      object: `${method} ${path}`,
      flow: { channel: 'api', from: 'docker-cli', to: 'docker' },
    });
  }

  #imageRoutes(): Route[] {
    const { content } = this.#containerd;
    return [
      {
        method: 'POST',
        path: /^\/build$/,
        handle: (machine, _match, { body, stream = 0 }, asker) => {
          const args = { ...(body as SolveArgs), machine, by: 'docker', progress: stream };
          return this.#processes.delegate(asker, 'build/solve', args);
        },
      },
      {
        method: 'POST',
        path: /^\/images\/create$/,
        handle: (machine, _match, { query = {}, stream = 0 }, asker) => {
          const reference = query.fromImage ?? '';
          const parsed = parseReference(reference);
          const name = parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : '';
          const before = content.digestOf(machine, name);
          const args = { machine, reference, stream, ...(before ? { before } : {}) };
          return this.#processes.delegate(asker, 'docker/pull', args);
        },
      },
      {
        method: 'POST',
        path: /^\/images\/(.+)\/push$/,
        handle: (machine, [reference = ''], { stream = 0 }, asker) => {
          const parsed = parseReference(reference);
          const name = parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : reference;
          const digest = content.digestOf(machine, name);
          const host = parsed.ok ? parsed.reference.domain : '';
          const knownHost = this.#processes.hasService(registryService(host));
          const args = { machine, reference, knownHost, stream, ...(digest ? { digest } : {}) };
          return this.#processes.delegate(asker, 'docker/push', args);
        },
      },
      {
        method: 'POST',
        path: /^\/images\/(.+)\/tag$/,
        handle: (machine, [source = ''], { query = {} }) =>
          tagImage(content, machine, source, query.target ?? ''),
      },
      {
        method: 'GET',
        path: /^\/images\/json$/,
        handle: (machine) => listImages(content, machine),
      },
      {
        method: 'DELETE',
        path: /^\/images\/(.+)$/,
        handle: (machine, [name = ''], { query = {} }) =>
          removeImage(content, machine, name, query.force === '1', (digest) =>
            this.containers.usersOf(machine, digest),
          ),
      },
    ];
  }

  #containerRoutes(): Route[] {
    const { containers } = this;
    return [
      {
        method: 'POST',
        path: /^\/containers\/create$/,
        handle: (machine, _match, { body, query = {} }) =>
          containers.create(machine, body as CreateBody, query.name),
      },
      {
        method: 'GET',
        path: /^\/containers\/json$/,
        handle: (machine, _match, { query = {} }) => containers.list(machine, query.all === '1'),
      },
      {
        method: 'POST',
        path: /^\/containers\/([^/]+)\/start$/,
        handle: (machine, [id = ''], _request, asker) => containers.start(machine, id, asker),
      },
      {
        method: 'POST',
        path: /^\/containers\/([^/]+)\/(stop|kill)$/,
        handle: (machine, [id = '', how], { query = {} }, asker) =>
          how === 'stop'
            ? containers.stop(machine, id, query.t, asker)
            : containers.kill(machine, id, query.signal),
      },
      {
        method: 'POST',
        path: /^\/containers\/([^/]+)\/wait$/,
        handle: (machine, [id = ''], _request, asker) => containers.wait(machine, id, asker),
      },
      {
        method: 'GET',
        path: /^\/containers\/([^/]+)\/logs$/,
        handle: (machine, [id = '']) => containers.logs(machine, id),
      },
      {
        method: 'DELETE',
        path: /^\/containers\/([^/]+)$/,
        handle: (machine, [id = ''], { query = {} }) =>
          containers.remove(machine, id, query.force === '1'),
      },
    ];
  }
}
