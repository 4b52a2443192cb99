import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import type { Containerd } from '../containerd/containerd.ts';
import type { Addresses } from '../net/address.ts';
import type { Http } from '../net/http.ts';
import { fail } from './answer.ts';
import { dockerService, type EngineRequest } from './api.ts';
import { docker, request } from './cli/docker.ts';
import { Containers } from './containers.ts';
import { BridgeMemberships, NO_MOUNTS } from './containers/stand-in.ts';
import { Events } from './events.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { buildRoutes } from './routes/build.ts';
import { containerRoutes } from './routes/containers.ts';
import { eventRoutes } from './routes/events.ts';
import { execRoutes } from './routes/exec.ts';
import { imageRoutes } from './routes/images.ts';
import { callOf, type Route } from './routes/route.ts';

/**
 * The Docker daemon: answers the Engine API's requests through one table of handlers. It keeps
 * images in containerd's store, as Engine 29 does by default, builds with BuildKit and runs
 * containers through containerd.
 */
export class Docker {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #routes: readonly Route[];
  readonly #networks: BridgeMemberships;
  readonly events: Events;
  readonly containers: Containers;

  constructor(
    kernel: Kernel,
    processes: Processes,
    rooms: { containerd: Containerd; http: Http; addresses: Addresses },
  ) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.events = new Events(kernel, processes);
    this.#networks = new BridgeMemberships(kernel, rooms);
    const { containerd } = rooms;
    const parts = { kernel, processes, containerd, events: this.events };
    this.containers = new Containers({ ...parts, networks: this.#networks, mounts: NO_MOUNTS });
    processes.program('docker/push', push);
    processes.program('docker/pull', pull);
    processes.program('docker/cli', docker);
    processes.program('docker/request', request);
    const { events, containers } = this;
    const { content } = rooms.containerd;
    const usersOf = containers.usersOf.bind(containers);
    this.#routes = [
      ...buildRoutes(processes),
      ...eventRoutes(events),
      ...imageRoutes({ processes, content, events, usersOf }),
      ...containerRoutes(containers),
      ...execRoutes(containers.execs),
    ];
  }

  /** Starts a daemon on a machine that has containerd and a builder. */
  addMachine(machine: string): void {
    this.#networks.addMachine(machine);
    this.containers.addMachine(machine);
    this.#processes.service<EngineRequest>(dockerService(machine), (request, asker) => {
      for (const { method, path, handle, quiet } of this.#routes) {
        const match = method === request.method ? path.exec(request.path) : null;
        if (!match) continue;
        const work = (): unknown => handle(callOf(machine, request, match.slice(1), asker));
        const isLook = method === 'GET' || method === 'HEAD' || quiet;
        return isLook ? work() : this.#kernel.because(this.#noteCall(request), work);
      }
      return fail(404, 'page not found');
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
}
