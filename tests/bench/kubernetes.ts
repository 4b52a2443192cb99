import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Timeline } from '../../src/engine/sim/timeline.ts';
import { timed, type Benchmark, type Measured } from './benchmark.ts';
import { ClusterWorld } from './cluster-world.ts';

/** Pods on nodes, in Deployments of so many. */
const PER_NODE = 30;
const PER_DEPLOYMENT = 1000;
const SMALL = 1000;
const LARGE = 5000;

/**
 * From Deployments to Pods that are all ready, through the whole path: at two sizes, so that what
 * a Pod costs can be compared. The kernel's trace and one checkpoint are kept meanwhile.
 */
const pods: Benchmark = (): Measured[] => {
  // Once before: it is not the compiler that is measured.
  new ClusterWorld(100).rollOut('warm-up', 3, PER_DEPLOYMENT);
  const small = rollOut(SMALL);
  const large = rollOut(LARGE);
  return [
    { name: `kubernetes.pods_per_second.${SMALL}`, value: 1e6 / small.usPerPod, unit: '1/s' },
    { name: `kubernetes.us_per_pod.${SMALL}`, value: small.usPerPod, unit: 'us' },
    { name: `kubernetes.pods_per_second.${LARGE}`, value: 1e6 / large.usPerPod, unit: '1/s' },
    {
      name: `kubernetes.us_per_pod.${LARGE}`,
      value: large.usPerPod,
      unit: 'us',
      reference: small.usPerPod,
    },
    {
      name: `kubernetes.heap_bytes.${LARGE * PER_NODE}`,
      value: large.heapBytes,
      unit: 'bytes',
    },
  ];
};

function rollOut(nodes: number): { usPerPod: number; heapBytes: number } {
  const world = new ClusterWorld(nodes);
  const checkpoint = world.kernel.checkpoint();
  const count = nodes * PER_NODE;
  const ms = timed(() => world.rollOut('web', count / PER_DEPLOYMENT, PER_DEPLOYMENT));
  const heapBytes = heapInUse();
  // Both are in use up to here.
  if (checkpoint.moment.timeMs > world.kernel.now) throw new Error('time ran backwards');
  return { usPerPod: (ms * 1000) / count, heapBytes };
}

/** Bytes of live objects: the collector is called first. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

const SEEKS = 200;

/** To moments all over a rollout of a thousand Pods, each way from another. */
const seeks: Benchmark = (): Measured[] => {
  const world = new ClusterWorld(100);
  const { kernel } = world;
  world.start('web', 1, PER_DEPLOYMENT);
  const timeline = new Timeline(kernel, { engine: '', seed: 1, world: 'bench', entries: [] });
  const from = kernel.now;
  while (!world.isReady('web', 1, PER_DEPLOYMENT)) timeline.advance(kernel.now + 100);
  const to = kernel.now;
  const took = Array.from({ length: SEEKS }, (_, i) =>
    timed(() => timeline.seekTime(Math.round(from + ((to - from) * ((i * 37) % SEEKS)) / SEEKS))),
  ).sort((a, b) => a - b);
  const value = took[Math.floor(SEEKS * 0.95)] ?? 0;
  return [{ name: 'seek.p95_ms.rollout_1000', value, unit: 'ms' }];
};

export const kubernetes: readonly Benchmark[] = [seeks, pods];
