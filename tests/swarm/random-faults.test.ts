import { describe, expect, it } from 'vitest';
import { isEnded } from '../../src/engine/swarm/task.ts';
import { swarmSession } from './swarm-session.ts';

const MACHINES = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5'];
const PAIRS = MACHINES.flatMap((a, i) => MACHINES.slice(i + 1).map((b) => `${a} ${b}`));
const STEPS = 30;

/** A swarm to which all kinds of things happen, and the mending of all that is broken. */
function life(seed: number) {
  const swarm = swarmSession(seed);
  const { found, type, must, assign, desire, session, rooms } = swarm;
  found(3, 2);
  const draw = session.world.kernel.random('test', 'faults', seed);
  const ids: string[] = [];
  const acts: readonly (() => void)[] = [
    () => type(`drydock fault machine ${draw.pick(MACHINES)} down`),
    () => type(`drydock fault machine ${draw.pick(MACHINES)} up`),
    () => type(`drydock fault daemon ${draw.pick(MACHINES)} stop`),
    () => type(`drydock fault daemon ${draw.pick(MACHINES)} start`),
    () => type(`drydock fault link ${draw.pick(PAIRS)} cut`),
    () => type(`drydock fault link ${draw.pick(PAIRS)} mend`),
    () => type(`docker node promote ${draw.pick(MACHINES)}`),
    () => type(`docker node demote ${draw.pick(MACHINES)}`),
    () => {
      const id = assign(draw.pick(MACHINES), { slot: ids.length + 1 });
      if (rooms.store.get(swarm.swarm(), 'task', id)) ids.push(id);
    },
    () => {
      if (ids.length > 0) desire(draw.pick(ids), 'shutdown');
    },
  ];
  for (let step = 0; step < STEPS; step++) {
    draw.pick(acts)();
    must(`sleep ${draw.integer(1, 9)}`);
  }
  for (const machine of MACHINES) {
    type(`drydock fault machine ${machine} up`);
    type(`drydock fault daemon ${machine} start`);
  }
  for (const pair of PAIRS) type(`drydock fault link ${pair} mend`);
  must('sleep 120');
  return { ...swarm, ids };
}

describe('a swarm to which all kinds of things happened', () => {
  it.each([1, 2, 3, 4, 5, 6])('is whole again when all is mended (seed %i)', (seed) => {
    const { rooms, nodes, task, ids, swarm, session } = life(seed);
    const id = swarm();
    const at = rooms.locals.managersOf(id)[0]?.machine ?? '';
    const seen = nodes(at);
    expect(Object.keys(seen)).toEqual(MACHINES);
    expect(new Set(Object.values(seen).map(({ status }) => status))).toEqual(new Set(['Ready']));
    const managers = Object.values(seen).map(({ manager }) => manager);
    expect(managers.filter((manager) => manager === 'Leader')).toHaveLength(1);
    expect(managers).not.toContain('Unreachable');
    for (const row of rooms.store.list(id, 'node')) {
      expect(row.manager !== undefined).toBe(row.spec.Role === 'manager');
      expect(rooms.locals.get(row.machine)?.member).toBe(row.manager?.raftId);
    }
    for (const one of ids) {
      const found = task(one);
      if (!found) continue;
      const machine = rooms.store.get(id, 'node', found.node)?.machine ?? '';
      const own = rooms.agent.get(machine, one);
      expect(own?.status.state).toBe(found.status.state);
      const state = session.world
        .look<{ Names: string[] }[]>(machine, '/containers/json')
        .some(({ Names }) => Names.includes(`/${found.name}`));
      expect(state).toBe(!isEnded(found));
      if (found.desired === 'shutdown') expect(isEnded(found)).toBe(true);
    }
  });
});
