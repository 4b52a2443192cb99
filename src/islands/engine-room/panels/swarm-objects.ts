import {
  hostOf,
  stateOfTask,
  statusOf,
  viewOfSwarmNode,
} from '../../../diagram/projection/swarm-subjects.ts';
import type { TaskObject } from '../../../engine/swarm/objects.ts';
import type { World } from '../../../engine/world.ts';
import type { Strings } from '../../../i18n/strings.ts';
import type { BranchAsk, ObjectRow } from './messages.ts';
import type { Branch } from './cluster-objects.ts';

/**
 * The branches of the tree that show a swarm: its nodes, and its services with their tasks.
 *
 * Ids: `swarm|ID`, `swarm|ID|nodes`, `swarm|ID|services`, `swarm|ID|service|SERVICE`.
 */
export type SwarmWord = 'nodes' | 'services';

export function swarmBranch(world: World, ask: BranchAsk, words: Strings<SwarmWord>): Branch {
  const [, swarm = '', what, service = ''] = ask.id.split('|');
  const { store } = world.swarm.rooms;
  const rows =
    what === undefined
      ? (['nodes', 'services'] as const).map((kind): ObjectRow => {
          const count = store.list(swarm, kind === 'nodes' ? 'node' : 'service').length;
          return { id: `swarm|${swarm}|${kind}`, label: words[kind], count, opens: count > 0 };
        })
      : what === 'nodes'
        ? nodeRows(world, swarm)
        : what === 'services'
          ? serviceRows(world, swarm)
          : undefined;
  const tasks = rows ? [] : store.tasksOf(swarm, service).sort(bySlot);
  const all = rows ?? tasks;
  const to = ask.from + ask.count;
  const shown = rows
    ? rows.slice(ask.from, to)
    : tasks.slice(ask.from, to).map((task) => taskRow(world, task));
  return { total: all.length, rows: shown };
}

function nodeRows(world: World, swarm: string): ObjectRow[] {
  return world.swarm.rooms.store.list(swarm, 'node').map(({ id, machine, state }) => {
    const view = viewOfSwarmNode(world, machine);
    return {
      ...{ id: `swarm|${swarm}|node|${id}`, label: machine, opens: false },
      ref: { object: `node ${machine}`, machine },
      state: view.state ?? 'there',
      word: view.badge ?? state,
    };
  });
}

function serviceRows(world: World, swarm: string): ObjectRow[] {
  const { store } = world.swarm.rooms;
  return store.list(swarm, 'service').map(({ id, spec }) => {
    const tasks = store.tasksOf(swarm, id);
    const wanted = tasks.filter(({ desired }) => desired === 'running');
    const running = wanted.filter((task) => statusOf(world, task) === 'running').length;
    const replicas = spec.Mode?.Replicated?.Replicas ?? wanted.length;
    return {
      ...{ id: `swarm|${swarm}|service|${id}`, label: spec.Name, count: tasks.length },
      ref: { object: `service ${spec.Name}` },
      state: running >= replicas ? 'running' : 'starting',
      word: `${running}/${replicas}`,
      opens: tasks.length > 0,
    };
  });
}

/** By place, and in each the newest first. */
const bySlot = (a: TaskObject, b: TaskObject): number =>
  a.slot - b.slot || b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1);

export function taskRow(world: World, task: TaskObject): ObjectRow {
  const host = hostOf(world, task);
  const label = task.name.replace(/\.[a-z0-9]{25}$/, '');
  return {
    ...{ id: `task|${task.id}`, opens: false },
    label: host === undefined ? label : `${label} · ${host}`,
    ref: { object: `task ${task.name}` },
    state: stateOfTask(world, task),
    word: statusOf(world, task),
  };
}
