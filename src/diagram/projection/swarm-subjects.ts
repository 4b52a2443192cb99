import { statusOf as statusOfService } from '../../engine/swarm/control-api/service-status.ts';
import type { NodeObject, TaskObject } from '../../engine/swarm/objects.ts';
import type { SwarmRooms } from '../../engine/swarm/managers/rooms.ts';
import type { World } from '../../engine/world.ts';
import type { StateName } from '../state-glyphs.ts';
import type { NodeView } from './figure-view.ts';

/**
 * How nodes show what a swarm has: its machines, and its tasks in places drawn in advance
 * (`task[service=web,node=node-2]#1`). Which tasks a machine is to have is as the managers wrote it
 * down; how one fares, as the agent of its machine knows it, unless the machine is down.
 */

/** The swarm of a machine, as all managers know it; undefined when the machine is in none. */
function swarmAt(world: World, machine: string): { id: string; node: NodeObject } | undefined {
  const { locals, store } = world.swarm.rooms;
  const local = locals.get(machine);
  const node = local && store.get(local.swarm, 'node', local.node);
  return node && { id: local.swarm, node };
}

const isUp = ({ docker }: SwarmRooms, machine: string): boolean =>
  docker.containers.phase(machine) === 'up';

/** A machine of a swarm: whether it runs, who leads, and what the managers take it for. */
export function viewOfSwarmNode(world: World, machine: string): NodeView {
  const found = swarmAt(world, machine);
  const object = `node ${machine}`;
  if (!found) return { state: 'unknown', object };
  const { rooms } = world.swarm;
  const { id, node } = found;
  const down = node.state === 'down' ? { badge: 'Down' } : {};
  if (!isUp(rooms, machine)) return { state: 'failed', ...down, object };
  if (node.state === 'down') return { state: 'unknown', ...down, object };
  if (node.spec.Availability !== 'active') return { state: 'cordoned', object };
  const leads = rooms.quorum.leaderMachine(id) === machine;
  return { state: 'running', ...(leads && { badge: 'Leader' }), object };
}

/** A service by its running tasks of those it is to have, as `docker service ls` counts them. */
export function viewOfSwarmService(world: World, name: string): NodeView {
  const object = `service ${name}`;
  const { locals, store } = world.swarm.rooms;
  for (const swarm of locals.swarms()) {
    const service = store.named(swarm, 'service', name);
    if (!service) continue;
    const { RunningTasks: running, DesiredTasks: wanted } = statusOfService(store, swarm, service);
    const state = running === wanted ? 'running' : 'starting';
    return { state, badge: `${running}/${wanted}`, object };
  }
  return { state: 'empty', object };
}

/** The machine on which the container of a task is; undefined when it is the container of none. */
export function machineOfTask(world: World, container: string): string | undefined {
  const [, id] = /\.([a-z0-9]{25})$/.exec(container) ?? [];
  return id === undefined ? undefined : hostOf(world, findTask(world, id));
}

/** Ids of the tasks of a slot's service and machine that are wanted or still end, oldest first. */
export function tasksIn(world: World, labels: Readonly<Record<string, string>>): string[] {
  const { service: name = '', node = '' } = labels;
  const found = swarmAt(world, node);
  if (!found) return [];
  const { store } = world.swarm.rooms;
  const service = store.named(found.id, 'service', name);
  return store
    .tasksOn(found.id, found.node.id)
    .filter((task) => task.service === service?.id)
    .filter((task) => isWanted(task) || isEnding(world, task))
    .sort(byAge)
    .map(({ id }) => id);
}

/** What fills a slot, by the id of the task. */
export function viewOfTask(world: World, id: string): NodeView {
  const task = findTask(world, id);
  if (!task) return { state: 'empty' };
  const state = stateOfTask(world, task);
  // In a place of its service, one of a stack needs no name of the stack.
  const label = task.name.replace(/\.[a-z0-9]{25}$/, '').replace(/^[^_]+_/, '');
  return { state, label, badge: statusOf(world, task), object: `task ${task.name}` };
}

export function taskNamed(world: World, name: string): TaskObject | undefined {
  return findTask(world, name.slice(name.lastIndexOf('.') + 1));
}

export function stateOfTask(world: World, task: TaskObject): StateName {
  const host = hostOf(world, task);
  if (host === undefined) return 'pending';
  if (!isUp(world.swarm.rooms, host)) return 'unknown';
  const state = statusOf(world, task);
  if (state === 'failed' || state === 'rejected') return 'failed';
  if (state === 'complete') return 'succeeded';
  if (!isWanted(task)) return 'terminating';
  return state === 'running' ? 'running' : 'starting';
}

/** Swarm's own word for how far a task has come. */
export function statusOf(world: World, task: TaskObject): string {
  const host = hostOf(world, task);
  const known = host === undefined ? undefined : world.swarm.rooms.agent.get(host, task.id);
  return (known ?? task).status.state;
}

/** The name of the machine to which a task is assigned. */
export function hostOf(world: World, task: TaskObject | undefined): string | undefined {
  const { locals } = world.swarm.rooms;
  return task && locals.ofNode(task.node)?.machine;
}

function findTask(world: World, id: string): TaskObject | undefined {
  const { locals, store } = world.swarm.rooms;
  for (const swarm of locals.swarms()) {
    const task = store.get(swarm, 'task', id);
    if (task) return task;
  }
  return undefined;
}

const wanted: ReadonlySet<string> = new Set(['new', 'ready', 'running', 'complete']);
const ended: ReadonlySet<string> = new Set(['complete', 'shutdown', 'failed', 'rejected']);

const isWanted = ({ desired }: TaskObject): boolean => wanted.has(desired);

/** No longer wanted, and still there on a machine that runs. */
function isEnding(world: World, task: TaskObject): boolean {
  const host = hostOf(world, task);
  return host !== undefined && isUp(world.swarm.rooms, host) && !ended.has(statusOf(world, task));
}

function byAge(a: TaskObject, b: TaskObject): number {
  return a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1);
}
