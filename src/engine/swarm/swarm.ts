import type { SwarmInfo } from '../docker/api.ts';
import type { Docker } from '../docker/daemon.ts';
import type { Addresses } from '../net/address.ts';
import type { Links } from '../net/link.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import { Agent } from './agent/agent.ts';
import { Allocator } from './allocator/allocator.ts';
import { tellOfChanges } from './cluster-events.ts';
import { Dispatcher } from './dispatcher/dispatcher.ts';
import { LeaderLoops } from './leader-loops.ts';
import { copyLogs, LOGS_SERVICE, serviceLogs, type LogsArgs } from './log-broker/logs.ts';
import {
  found,
  FOUNDING_SERVICE,
  initialize,
  initProblem,
  type FoundingRequest,
} from './managers/founding.ts';
import {
  admit,
  findRemote,
  join,
  JOINING_SERVICE,
  joinLater,
  joinProblem,
  type JoiningRequest,
} from './managers/joining.ts';
import { leave, LEAVING_SERVICE, leaveSwarm, type LeaveArgs } from './managers/leaving.ts';
import { Locals } from './managers/locals.ts';
import { spreadKey } from './managers/locking.ts';
import { Quorum } from './managers/quorum.ts';
import { Roles } from './managers/roles.ts';
import type { SwarmRooms } from './managers/rooms.ts';
import { orchestrate } from './orchestrator/orchestration.ts';
import { connectNetworks } from './network/network.ts';
import { TaskFiles } from './files/task-files.ts';
import { fileRoutes } from './routes/files.ts';
import { nodeRoutes } from './routes/nodes.ts';
import { serviceRoutes } from './routes/services.ts';
import { swarmInfo } from './routes/swarm-info.ts';
import { swarmRoutes } from './routes/swarm.ts';
import { taskRoutes } from './routes/tasks.ts';
import { logRoutes, logSources } from './routes/logs.ts';
import { SwarmStore } from './store.ts';

/**
 * Swarm: daemons that work as one (moby/swarmkit v2.1, moby/moby v29.7 `daemon/cluster`). Managers
 * agree on what is wanted (managers/, store.ts), the one who leads makes tasks of it and assigns
 * them (leader-loops.ts), agents run them as containers (dispatcher/, agent/). Everybody speaks to
 * it by the Engine API of a manager's machine (routes/, cli/).
 */
export interface SwarmParts {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly links: Links;
  readonly addresses: Addresses;
  readonly docker: Docker;
}

/** All swarms of a world; its machines found and join them by commands. */
export class Swarm {
  readonly rooms: SwarmRooms;

  constructor(parts: SwarmParts) {
    const { kernel, links, docker, processes } = parts;
    const locals = new Locals(kernel);
    const quorum = new Quorum(kernel, links, locals);
    const store = new SwarmStore(kernel, quorum);
    const loops = new LeaderLoops(kernel, store, quorum);
    const dispatcher = new Dispatcher({ kernel, docker, links, locals, quorum, store });
    const agent = new Agent({ kernel, processes, store, report: (row) => dispatcher.report(row) });
    dispatcher.use(agent);
    const allocator = new Allocator({ ...parts, store, loops });
    this.rooms = { ...parts, locals, quorum, store, loops, dispatcher, agent, allocator };
    connectNetworks(this.rooms, docker.networks.rooms.http);
    this.#giveFiles();
    quorum.onLead((swarm) => loops.lead(swarm));
    new Roles(this.rooms);
    orchestrate(this.rooms);
    tellOfChanges(this.rooms);
    this.#addPrograms();
    docker.addRoutes([
      ...swarmRoutes(this.rooms),
      ...nodeRoutes(this.rooms),
      ...serviceRoutes(this.rooms),
      ...logRoutes(this.rooms),
      ...taskRoutes(this.rooms),
      ...fileRoutes(this.rooms),
    ]);
    docker.describeSwarm((machine): SwarmInfo | undefined => swarmInfo(this.rooms, machine));
    docker.containers.onPhase((machine, phase) => this.#daemonChanged(machine, phase === 'up'));
    links.onChange(() => this.#reviewAll());
    store.onChange((swarm, change) => {
      if (change.kind !== 'cluster' || 'delete' in change) return;
      spreadKey(this.rooms, swarm, change.set.unlockKey);
    });
  }

  #giveFiles(): void {
    const { kernel, store, docker, agent } = this.rooms;
    const taskFiles = new TaskFiles({ kernel, store, files: docker.networks.rooms.files });
    agent.use(taskFiles);
    docker.mounts.addMore((machine, container) => taskFiles.mounts(machine, container));
  }

  #addPrograms(): void {
    const { rooms } = this;
    const { processes } = rooms;
    processes.program('swarm/init', initialize);
    processes.service<FoundingRequest>(FOUNDING_SERVICE, ({ op, machine, request }) => {
      const problem = initProblem(rooms, machine, request);
      return problem ?? (op === 'found' ? found(rooms, machine, request) : undefined);
    });
    processes.program('swarm/join', join);
    processes.program('swarm/join-later', joinLater);
    processes.service<JoiningRequest>(JOINING_SERVICE, (request) => this.#joining(request));
    processes.program('swarm/logs', serviceLogs);
    processes.program('swarm/copy-logs', copyLogs);
    processes.service<LogsArgs>(LOGS_SERVICE, (args) => logSources(rooms, args));
    processes.program('swarm/leave', leaveSwarm);
    processes.service<LeaveArgs>(LEAVING_SERVICE, (args) => leave(rooms, args));
  }

  #joining(request: JoiningRequest): unknown {
    const { rooms } = this;
    const { op, machine } = request;
    switch (op) {
      case 'check':
      case 'check-later':
        return joinProblem(rooms, request, op === 'check-later');
      case 'find':
        return findRemote(rooms, request);
      case 'pend':
        rooms.locals.set({
          ...{ machine, swarm: '', node: '', state: 'pending', error: '', locked: false },
          ...{ advertise: '', availability: 'active' },
        });
        return true;
      default:
        return admit(rooms, request);
    }
  }

  /** A daemon has stopped, or is there again: its manager and its agent with it. */
  #daemonChanged(machine: string, isUp: boolean): void {
    const { locals, quorum, agent, dispatcher } = this.rooms;
    const local = locals.get(machine);
    if (!local) return;
    const locked = isUp && local.member !== undefined && local.lockedWith !== undefined;
    if (isUp) locals.set({ ...local, locked });
    if (isUp && !locked) agent.start(machine);
    else agent.stop(machine);
    if (local.member !== undefined && quorum.raft.member(local.member)) {
      quorum.setUp(local.member, isUp && !locked);
    }
    if (local.swarm !== '') dispatcher.review(local.swarm);
  }

  #reviewAll(): void {
    for (const swarm of this.rooms.locals.swarms()) {
      if (swarm !== '') this.rooms.dispatcher.review(swarm);
    }
  }
}
