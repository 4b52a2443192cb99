import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Timeline } from '../../src/engine/sim/timeline.ts';
import { bothTimed, cpuTimed, optionOf, type Benchmark, type Measured } from './benchmark.ts';
import { ClusterWorld } from './cluster-world.ts';

/**
 * Pods on nodes, in Deployments of so many. Smaller worlds are measured in a minute:
 * `npm run -s bench -- kubernetes --nodes=200,1000 --pods-per-node=6`.
 */
const PER_DEPLOYMENT = 1000;
const DEFAULT_NODES = '1000,5000';
const DEFAULT_PER_NODE = '30';

/**
 * From Deployments to Pods that are all ready, through the whole path: at several sizes, so that
 * what a Pod costs can be compared. The kernel's trace and one checkpoint are kept meanwhile. Pods
 * a second are of real time, and mean something on a quiet machine only; what a Pod costs is time
 * on the processors, the collector's included.
 */
const pods: Benchmark = (): Measured[] => {
  const sizes = (optionOf('nodes') ?? DEFAULT_NODES).split(',').map(Number);
  const perNode = Number(optionOf('pods-per-node') ?? DEFAULT_PER_NODE);
  // Once before: it is not the compiler that is measured.
  new ClusterWorld(100).rollOut('warm-up', 3, PER_DEPLOYMENT);
  let reference: number | undefined;
  return sizes.flatMap((nodes): Measured[] => {
    const deployments = Math.max(1, Math.round((nodes * perNode) / PER_DEPLOYMENT));
    const { perSecond, usPerPod, heapBytes } = rollOut(nodes, deployments);
    const first = reference;
    reference ??= usPerPod;
    const cost = { name: `kubernetes.us_per_pod.${nodes}`, value: usPerPod, unit: 'us' };
    const pods = deployments * PER_DEPLOYMENT;
    return [
      { name: `kubernetes.pods_per_second.${nodes}`, value: perSecond, unit: '1/s' },
      { ...cost, ...(first !== undefined && { reference: first }) },
      { name: `kubernetes.heap_bytes.${pods}`, value: heapBytes, unit: 'bytes' },
    ];
  });
};

const MIXED_NODES = 300;
const MIXED_DEPLOYMENTS = 9;
const ROUNDS = 2;

/**
 * The same where Deployments differ and each has a Service, a disruption budget, an autoscaler, a
 * network policy and a quota around it, beside the uniform world on as many nodes: each by turns,
 * and the best of each.
 */
const mixed: Benchmark = (): Measured[] => {
  const best = { uniform: Infinity, mixed: Infinity };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of ['uniform', 'mixed'] as const) {
      const world = new ClusterWorld(MIXED_NODES, kind === 'mixed');
      const cpuMs = cpuTimed(() => world.rollOut('web', MIXED_DEPLOYMENTS, PER_DEPLOYMENT));
      // The first round is the compiler's.
      if (round > 0) best[kind] = Math.min(best[kind], cpuMs);
    }
  }
  const perPod = (cpuMs: number): number => (cpuMs * 1000) / (MIXED_DEPLOYMENTS * PER_DEPLOYMENT);
  return [
    {
      name: `kubernetes.us_per_pod.mixed.${MIXED_NODES}`,
      value: perPod(best.mixed),
      unit: 'us',
      reference: perPod(best.uniform),
    },
  ];
};

function rollOut(nodes: number, deployments: number) {
  const world = new ClusterWorld(nodes);
  const checkpoint = world.kernel.checkpoint();
  const took = bothTimed(() => world.rollOut('web', deployments, PER_DEPLOYMENT));
  const heapBytes = heapInUse();
  // Both are in use up to here.
  if (checkpoint.moment.timeMs > world.kernel.now) throw new Error('time ran backwards');
  const pods = deployments * PER_DEPLOYMENT;
  const perSecond = (pods / took.wallMs) * 1000;
  return { perSecond, usPerPod: (took.cpuMs * 1000) / pods, heapBytes };
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
    cpuTimed(() =>
      timeline.seekTime(Math.round(from + ((to - from) * ((i * 37) % SEEKS)) / SEEKS)),
    ),
  ).sort((a, b) => a - b);
  const value = took[Math.floor(SEEKS * 0.95)] ?? 0;
  return [{ name: 'seek.p95_ms.rollout_1000', value, unit: 'ms' }];
};

export const kubernetes: readonly Benchmark[] = [seeks, pods, mixed];
