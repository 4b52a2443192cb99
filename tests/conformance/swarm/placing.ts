import type { NodeObject, TaskObject } from '../../../src/engine/swarm/objects.ts';
import type { TaskSpec } from '../../../src/engine/swarm/api.ts';
import { UNUSED, withTask, type NodeInfo } from '../../../src/engine/swarm/scheduler/node-info.ts';
import { noSuitableNode } from '../../../src/engine/swarm/scheduler/scheduler.ts';
import { placeGroup } from '../../../src/engine/swarm/scheduler/task-group.ts';
import { node, task, TEMPLATE } from '../swarm-orchestra.ts';

/** Nodes, and tasks that are placed on them one group after the other. */
export function placing(nodes: readonly Partial<NodeObject>[]) {
  const infos = new Map<string, NodeInfo>();
  const add = (more: Partial<NodeObject>): void => {
    const one = node(more.id ?? '', more);
    infos.set(one.id, { node: one, usage: UNUSED });
  };
  nodes.forEach(add);
  let drawn = 0;
  const make = (service: string, spec: Partial<TaskSpec>, more: Partial<TaskObject>): TaskObject =>
    task(`task-${(drawn += 1)}`, { service, spec: { ...TEMPLATE, ...spec }, ...more });
  return {
    infos,
    add,
    /** Ids of the nodes that were given, and why the others have none. */
    place: (
      service: string,
      count: number,
      spec: Partial<TaskSpec> = {},
      more: Partial<TaskObject> = {},
    ) => {
      const tasks = Array.from({ length: count }, () => make(service, spec, more));
      const { placed, unplaced, explanation } = placeGroup(tasks, { infos, failures: () => 0 });
      const error = unplaced.length === 0 ? undefined : noSuitableNode(explanation);
      return { nodes: placed.map((one) => one.node), unplaced: unplaced.length, error };
    },
    /** What runs there already. */
    put: (id: string, service: string, count = 1, spec: Partial<TaskSpec> = {}) => {
      for (let i = 0; i < count; i++) {
        const info = infos.get(id)!;
        const there = make(service, spec, { node: id });
        infos.set(id, { ...info, usage: withTask(info.usage, there, 1) });
      }
    },
    empty: (id: string) => infos.set(id, { ...infos.get(id)!, usage: UNUSED }),
    counts: (service: string): Record<string, number> =>
      Object.fromEntries(
        [...infos].map(([id, { usage }]) => [id, usage.services[service] ?? 0] as const),
      ),
  };
}

export const countOf = (values: readonly unknown[], value: unknown): number =>
  values.filter((one) => one === value).length;
