import type { Docker } from '../../docker/daemon.ts';
import type { Links } from '../../net/link.ts';
import type { LocalRow, Locals } from '../managers/locals.ts';
import type { Quorum } from '../managers/quorum.ts';
import type { SwarmStore } from '../store.ts';

/** Who gets through to whom: an agent to any manager, and through it to the leader. */
export interface ContactRooms {
  readonly docker: Docker;
  readonly links: Links;
  readonly locals: Locals;
  readonly quorum: Quorum;
  readonly store: SwarmStore;
}

/** The manager through which a machine's agent is heard by its leader now; itself, if it is one. */
export function managerFor(rooms: ContactRooms, machine: string): LocalRow | undefined {
  const { docker, links, locals, quorum, store } = rooms;
  const local = locals.get(machine);
  if (!local || local.locked || local.state === 'error') return undefined;
  if (docker.containers.phase(machine) !== 'up' || !links.isUp(machine, machine)) return undefined;
  if (!store.get(local.swarm, 'node', local.node)) return undefined;
  if (quorum.serves(local)) return local;
  return locals
    .managersOf(local.swarm)
    .find((manager) => links.isUp(machine, manager.machine) && quorum.serves(manager));
}
