import { expect, it } from 'vitest';
import { chainIds } from '../oci/digest.ts';
import { Kernel } from '../sim/kernel.ts';
import { BuildCache } from './cache.ts';

const layer = (name: string) => ({
  ...{ digest: `sha256:${name}`, diffId: `sha256:diff-${name}`, size: 1, created: '' },
});

it('needs the layers of its records and the snapshots on the way to them, until pruned', () => {
  const cache = new BuildCache(new Kernel({ seed: 1 }));
  const about = { description: 'RUN true', sizeBytes: 1, parents: [] };
  const layers = [layer('a'), layer('b')];
  const chains = chainIds(layers.map(({ diffId }) => diffId));
  cache.add('host', ['key'], { chainId: chains[1]!, layers }, about);
  expect([...cache.needs('host')]).toEqual(['sha256:a', 'sha256:b', ...chains]);
  expect(cache.needs('other').size).toBe(0);
  cache.prune('host', { all: true });
  expect(cache.needs('host').size).toBe(0);
});
