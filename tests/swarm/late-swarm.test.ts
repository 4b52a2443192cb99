import { expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import { SWARM_TABLES } from '../../src/engine/swarm/tables.ts';
import { createWorld } from '../../src/engine/world.ts';

it('keeps room for exactly the tables that a swarm makes', () => {
  const names = () => [...world.kernel.store.tables().keys()];
  const world = createWorld({ preset: 'host', seed: 1 });
  const before = names();
  expect(world.hasSwarm).toBe(false);
  const hash = world.kernel.hash();
  expect(world.swarm.rooms.locals.swarms()).toEqual([]);
  const made = names().filter((name) => !before.includes(name));
  expect(made.sort()).toEqual([...SWARM_TABLES].sort());
  expect(world.kernel.hash()).toBe(hash);
});

it('goes back to before there was a swarm, and makes it again', () => {
  const session = new Session({ preset: 'host', seed: 1 });
  const { timeline, world } = session;
  session.type('docker run -d --name web nginx:alpine');
  expect(world.hasSwarm).toBe(false);
  const [before, hash] = [timeline.moment, timeline.hash()];
  const { printed } = session.type('docker swarm init');
  expect(printed).toContain('is now a manager');
  const [after, later] = [timeline.moment, timeline.hash()];
  timeline.seek(before);
  expect(timeline.hash()).toBe(hash);
  timeline.seek(after);
  expect(timeline.hash()).toBe(later);
});
