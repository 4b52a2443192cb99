import { stateOfContainer } from '../../../diagram/projection/docker-subjects.ts';
import { hostOf, stateOfTask, taskNamed } from '../../../diagram/projection/swarm-subjects.ts';
import type { World } from '../../../engine/world.ts';
import type { Berths } from './berths.ts';
import { rowOfObject } from './cluster-objects.ts';
import { containerRow, containersOn, hasDaemon } from './docker-objects.ts';
import { censusOf, lookAt, type LookedAt } from './looked-at.ts';
import type { Berth, BerthAnswer, Look, MapAnswer, ObjectRow } from './messages.ts';
import { taskRow } from './swarm-objects.ts';

/** At most so many things of a berth are listed. */
const LISTED = 200;

/** The whole map, or what changed since a revision that the page has. */
export function map(look: Look & { readonly since?: number }): Promise<MapAnswer> {
  return lookAt(look, (at) => {
    follow(at);
    return at.beside.berths.answer(look.since);
  });
}

/** What is at one berth of the map. */
export function berth(look: Look & { readonly berth: number }): Promise<BerthAnswer> {
  return lookAt(look, (at) => {
    follow(at);
    const { berths } = at.beside;
    const keys = berths.keysAt(look.berth);
    const rows = keys.slice(0, LISTED).flatMap((key) => rowOfKey(at.world, key) ?? []);
    return { name: berths.nameOf(look.berth), rows, total: keys.length };
  });
}

function follow(at: LookedAt): void {
  const { world, beside } = at;
  const { berths } = beside;
  if (world.cluster) censusOf(at);
  else followMachines(world, berths);
}

/**
 * Where there is no cluster, machines: of a swarm with their tasks, else with their containers. They
 * are few, and looked at anew.
 */
function followMachines(world: World, berths: Berths): void {
  const rooms = world.hasSwarm ? world.swarm.rooms : undefined;
  const gone = new Set(berths.keys());
  const put = (key: string, machine: string, platform: Berth['platform'], state: string): void => {
    gone.delete(key);
    berths.set(key, berths.berth(machine, platform), state);
  };
  const swarms = rooms?.locals.swarms() ?? [];
  for (const { name, docker: hasDocker } of world.machines) {
    if (!hasDocker) continue;
    const number = berths.berth(name, swarms.length > 0 ? 'swarm' : 'docker');
    berths.stateOfBerth(number, hasDaemon(world, name) ? 'running' : 'failed');
    for (const container of containersOn(world, name)) {
      const isTask = /\.[a-z0-9]{25}$/.test(container.Names[0] ?? '');
      if (isTask && swarms.length > 0) continue;
      put(`container ${name} ${container.Id}`, name, 'docker', stateOfContainer(container));
    }
  }
  for (const swarm of swarms) {
    for (const task of rooms!.store.list(swarm, 'task')) {
      const host = hostOf(world, task);
      if (host === undefined || task.desired !== 'running') continue;
      put(`task ${task.name}`, host, 'swarm', stateOfTask(world, task));
    }
  }
  for (const key of gone) berths.remove(key);
}

function rowOfKey(world: World, key: string): ObjectRow | undefined {
  const [kind = '', ...rest] = key.split(/[ /]/);
  if (kind === 'container') {
    const [machine = '', id] = rest;
    const found = containersOn(world, machine).find(({ Id }) => Id === id);
    return found && containerRow(machine, found);
  }
  if (kind === 'task') {
    const task = taskNamed(world, key.slice('task '.length));
    return task && taskRow(world, task);
  }
  const [, , , namespace = '', name = ''] = key.split('/');
  const pod = world.cluster?.client.get('pods', namespace, name);
  return pod && rowOfObject(world, 'pods', pod);
}
