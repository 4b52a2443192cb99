import type { Kernel } from '../sim/kernel.ts';
import type { Waiter } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { Builders } from '../build/builder.ts';
import type { Containerd } from '../containerd/containerd.ts';
import type { MachineFiles } from '../machine/files.ts';
import type { Addresses } from '../net/address.ts';
import type { Http } from '../net/http.ts';
import { daemonOn } from './actor.ts';
import { fail } from './answer.ts';
import { authenticate } from './auth.ts';
import { dockerService } from './api.ts';
import type { EngineRequest, EngineResponse, SwarmInfo } from './api.ts';
import type { CommandHandlers } from './cli/commands.ts';
import { dockerCli, request } from './cli/docker.ts';
import { Containers } from './containers.ts';
import { Archives } from './containers/archive.ts';
import { Power, type StopDaemon } from './containers/power.ts';
import { inspectDistribution } from './distribution.ts';
import { Events } from './events.ts';
import { addImageEvents } from './image-store.ts';
import type { ContainerLookup } from './networks/membership.ts';
import { NetworkRoom } from './networks/network-room.ts';
import { askContainerd, pull } from './pull.ts';
import { push } from './push.ts';
import { pushBlobs } from './push-blob.ts';
import { buildRoutes } from './routes/build.ts';
import { containerRoutes } from './routes/containers.ts';
import { eventRoutes } from './routes/events.ts';
import { execRoutes } from './routes/exec.ts';
import { imageRoutes } from './routes/images.ts';
import { networkRoutes } from './routes/networks.ts';
import { archiveRoutes } from './routes/archive.ts';
import { callOf, type Route } from './routes/route.ts';
import { systemRoutes } from './routes/system.ts';
import { volumeRoutes } from './routes/volumes.ts';
import { Mounts } from './volumes/mounts.ts';
import { Volumes } from './volumes/store.ts';

export interface DockerRooms {
  readonly containerd: Containerd;
  readonly http: Http;
  readonly addresses: Addresses;
  readonly files: MachineFiles;
  /** Whose cache is shown and pruned. */
  readonly builders?: Builders;
  /** Commands of the docker command line that other rooms bring, by their path. */
  readonly commands?: CommandHandlers;
}

/**
 * The Docker daemon: answers the Engine API's requests through one table of handlers. It keeps
 * images in containerd's store, as Engine 29 does by default, builds with BuildKit and runs
 * containers through containerd.
 */
export class Docker {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #routes: Route[];
  readonly #power: Power;
  #swarm: (machine: string) => SwarmInfo | undefined = () => undefined;
  #bring: (path: string) => boolean = () => false;
  readonly events: Events;
  readonly containers: Containers;
  readonly networks: NetworkRoom;
  readonly volumes: Volumes;
  readonly mounts: Mounts;

  constructor(kernel: Kernel, processes: Processes, rooms: DockerRooms) {
    this.#kernel = kernel;
    this.#processes = processes;
    const events = new Events(kernel, processes);
    this.events = events;
    const { containerd, files } = rooms;
    const lookup: ContainerLookup = {
      lookup: (machine, text) => this.containers.lookup(machine, text),
    };
    const { content } = containerd;
    this.networks = new NetworkRoom(kernel, { ...rooms, events, containers: lookup });
    const mounts = new Mounts(kernel, { content, files, containers: lookup });
    this.volumes = new Volumes(kernel, { files, events }, (machine, volume) =>
      mounts.usersOf(machine, volume),
    );
    mounts.use(this.volumes);
    this.mounts = mounts;
    const networks = this.networks.members;
    const parts = { kernel, processes, containerd, events, networks, mounts, files };
    this.containers = new Containers(parts);
    this.#power = new Power(this.containers);
    processes.program('docker/push', push);
    processes.program('docker/push-blob', pushBlobs);
    processes.program('docker/pull', pull);
    processes.program('docker/ask-containerd', askContainerd);
    processes.program('docker/auth', authenticate);
    processes.program('docker/distribution', inspectDistribution);
    addImageEvents(processes, events);
    processes.program('docker/cli', dockerCli(rooms.commands));
    processes.program('docker/request', request);
    const { containers } = this;
    const usersOf = containers.usersOf.bind(containers);
    this.#routes = [
      ...buildRoutes(processes),
      ...eventRoutes(events),
      ...imageRoutes({
        kernel,
        processes,
        content,
        events,
        usersOf,
        imagesInUse: (machine) =>
          containers.store.all(machine).map(({ config, digest }) => ({
            image: config.Image ?? '',
            digest,
          })),
      }),
      ...containerRoutes(containers),
      ...execRoutes(containers.execs),
      ...archiveRoutes(containers, new Archives(parts, containers.store)),
      ...networkRoutes(this.networks),
      ...volumeRoutes(this.volumes, events),
      ...systemRoutes({
        ...{ ...parts, ...rooms, content, usersOf, containers, volumes: this.volumes },
        swarm: (machine) => this.#swarm(machine),
      }),
    ];
  }

  /** Takes in what another room answers; the daemon's own rows are tried first. */
  addRoutes(routes: readonly Route[]): void {
    this.#routes.push(...routes);
  }

  /** @param bring is asked about a path that no row answers, and may add rows; true when it did */
  bringRoutes(bring: (path: string) => boolean): void {
    this.#bring = bring;
  }

  /** Who tells what `docker info` says of swarms. */
  describeSwarm(swarm: (machine: string) => SwarmInfo | undefined): void {
    this.#swarm = swarm;
  }

  /** Starts a daemon on a machine that has containerd and a builder. */
  addMachine(machine: string): void {
    this.networks.addMachine(machine);
    this.containers.addMachine(machine);
    this.#processes.service<EngineRequest>(dockerService(machine), (request, asker) =>
      this.#answer(machine, request, asker),
    );
  }

  /** Says on a machine without a daemon that there is none. */
  addMissing(machine: string): void {
    this.#processes.service<EngineRequest>(dockerService(machine), () => NOT_THERE);
  }

  /** What somebody is told who looks from outside the world, at something that takes no time. */
  look<T>(machine: string, path: string, query: EngineRequest['query'] = {}): EngineResponse<T> {
    const nobody: Waiter = { pid: 0, told: 0 };
    return this.#answer(machine, { method: 'GET', path, query }, nobody) as EngineResponse<T>;
  }

  #answer(machine: string, request: EngineRequest, asker: Waiter): unknown {
    if (this.containers.phase(machine) !== 'up') return NOT_THERE;
    for (const { method, path, handle, quiet } of this.#routes) {
      const match = method === request.method ? path.exec(request.path) : null;
      if (!match) continue;
      const call = callOf(machine, request, match.slice(1), asker);
      // A client that has gone since sends no more, though its keyboard is still there.
      const isThere = this.#processes.streams.isOpen(call.stream);
      const work = (): unknown => handle(isThere ? call : { ...call, input: 0 });
      const isLook = method === 'GET' || method === 'HEAD' || quiet;
      return isLook ? work() : this.#kernel.because(this.#noteCall(machine, request), work);
    }
    if (this.#bring(request.path)) return this.#answer(machine, request, asker);
    return fail(404, 'page not found');
  }

  /** Stops a machine's daemon, as `systemctl stop docker` does, or by SIGKILL. */
  stopDaemon(machine: string, how?: StopDaemon): void {
    this.#power.stop(machine, how);
  }

  startDaemon(machine: string, how?: { liveRestore?: boolean }): void {
    this.#power.start(machine, how);
  }

  /** Requests that change something are in the trace; looking is not. */
  #noteCall(machine: string, { method, path, headers = {} }: EngineRequest): number {
    const actor = headers['user-agent'] ?? 'docker-cli';
    return this.#kernel.record({
      actor,
      verb: 'call',
      object: `${method} ${path}`,
      flow: { channel: 'api', from: actor, to: daemonOn(machine) },
    });
  }
}

const SOCKET = '/var/run/docker.sock';

/** Nobody listens: the client's own words, under a status that no server gives. */
const NOT_THERE = fail(
  0,
  `failed to connect to the docker API at unix://${SOCKET}; check if the path is correct and ` +
    `if the daemon is running: dial unix ${SOCKET}: connect: no such file or directory`,
);
