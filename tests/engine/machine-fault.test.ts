import { expect, it } from 'vitest';
import { createWorld, type ShellAction } from '../../src/engine/world.ts';

it('starts no Docker on a machine that has none when its power comes back', () => {
  const { kernel } = createWorld({ preset: 'cluster', seed: 7 });
  const type = (line: string): void => {
    const typed: ShellAction = { type: 'shell', machine: 'workstation', line };
    kernel.dispatch(typed);
    kernel.advance(kernel.now + 1000);
  };
  for (const machine of ['node-1', 'workstation']) {
    type(`drydock fault machine ${machine} down`);
    type(`drydock fault machine ${machine} up`);
  }
  const daemons = [...kernel.trace.since(0)].filter(({ object }) => object.startsWith('daemon '));
  expect(daemons.map(({ verb, object }) => `${verb} ${object}`)).toEqual([
    'stop daemon workstation',
    'start daemon workstation',
  ]);
});
