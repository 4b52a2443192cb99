import { describe, expect, it } from 'vitest';
import type { ContainerSummary } from '../../src/engine/docker/api.ts';
import { swarmSession } from './swarm-session.ts';

const MACHINES = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5'];
const PAIRS = MACHINES.flatMap((a, i) => MACHINES.slice(i + 1).map((b) => `${a} ${b}`));
const STEPS = 30;

/** A swarm to which all kinds of things happen. */
function life(seed: number, steps: number) {
  const swarm = swarmSession(seed);
  const { found, type, must, serve, api, session } = swarm;
  found(3, 2);
  const draw = session.world.kernel.random('test', 'faults', seed);
  /** How many tasks each service is to have. */
  const services = new Map<string, number>();
  const manager = (): string => draw.pick(MACHINES.slice(0, 3));
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
      const replicas = draw.integer(1, 4);
      const id = serve(`s${services.size + 1}`, { replicas, at: manager() }) as string | undefined;
      if (id !== undefined) services.set(id, replicas);
    },
    () => {
      const id = draw.pick([...services.keys(), '']);
      const path = `/services/${id}`;
      if (id === '' || api({ method: 'DELETE', path }, manager()).status !== 200) return;
      services.delete(id);
    },
  ];
  for (let step = 0; step < steps; step++) {
    draw.pick(acts)();
    must(`sleep ${draw.integer(1, 9)}`);
  }
  return { ...swarm, services };
}

/** The same, and the mending of all that is broken. */
function mendedLife(seed: number) {
  const swarm = life(seed, STEPS);
  const { type, must } = swarm;
  for (const machine of MACHINES) {
    type(`drydock fault machine ${machine} up`);
    type(`drydock fault daemon ${machine} start`);
  }
  for (const pair of PAIRS) type(`drydock fault link ${pair} mend`);
  must('sleep 120');
  return swarm;
}

describe('a swarm to which all kinds of things happened', () => {
  it.each([1, 2, 3, 4, 5, 6])('is whole again when all is mended (seed %i)', (seed) => {
    const { rooms, nodes, services, swarm, session, wanted } = mendedLife(seed);
    const id = swarm();
    const seen = nodes(rooms.locals.managersOf(id)[0]?.machine);
    expect(Object.keys(seen)).toEqual(MACHINES);
    expect(new Set(Object.values(seen).map(({ status }) => status))).toEqual(new Set(['Ready']));
    const managers = Object.values(seen).map(({ manager }) => manager);
    expect(managers.filter((manager) => manager === 'Leader')).toHaveLength(1);
    expect(managers).not.toContain('Unreachable');
    for (const row of rooms.store.list(id, 'node')) {
      expect(row.manager !== undefined).toBe(row.spec.Role === 'manager');
      expect(rooms.locals.get(row.machine)?.member).toBe(row.manager?.raftId);
    }
    // As many tasks as are wanted run, each in a container of its own, and nothing else does.
    const running: string[] = [];
    for (const [service, replicas] of services) {
      const tasks = wanted(service);
      expect(tasks.map(({ status }) => status.state)).toEqual(Array(replicas).fill('running'));
      running.push(...tasks.map(({ id: task }) => task));
    }
    const inContainers = MACHINES.flatMap((machine) =>
      session.world
        .look<ContainerSummary[]>(machine, '/containers/json')
        .map(({ Labels }) => Labels['com.docker.swarm.task.id'] ?? ''),
    );
    expect(inContainers.sort()).toEqual(running.sort());
  });

  it.each([1, 2, 3])('goes on from a checkpoint in its midst (seed %i)', (seed) => {
    const { kernel } = life(seed, 12).session.world;
    const checkpoint = kernel.checkpoint();
    kernel.advance(kernel.now + 60_000);
    const hash = kernel.hash();
    kernel.restore(checkpoint);
    kernel.advance(kernel.now + 60_000);
    expect(kernel.hash()).toBe(hash);
  });
});
