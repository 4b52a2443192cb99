import { describe, expect, it } from 'vitest';
import { isPodActive, isPodFinished, type Pod } from '../../src/engine/kubernetes/api/pod.ts';
import { ResourceQuotaController } from '../../src/engine/kubernetes/controllers/resource-quota/resource-quota-controller.ts';
import { settle, strike, unsteady, type Unsteady } from './kubernetes-unsteady.ts';

/**
 * A quota of Pods and processors that grows and shrinks, a ReplicaSet that wants more or less, and
 * Pods that somebody makes and deletes: no Pod is made beyond the quota as it stands, what it says
 * is used is what there is, and a ReplicaSet comes to as many Pods as it allows. A failure is
 * replayed by its seed: `npx vitest run tests/properties/kubernetes-quotas.test.ts -t "seed 17"`.
 */
const RUNS = 30;
const ACTS = 60;
const MOST = 8;
/** A ReplicaSet that was refused tries again after 16 min 40 s at the latest. */
const RETRY_MS = 17 * 60_000;

const labels = { app: 'web' };
const spec = (cpuMillis: number) => ({
  containers: [{ name: 'web', image: 'web:1', resources: { requests: { cpu: `${cpuMillis}m` } } }],
});
const millisOf = ({ spec: { containers } }: Pod): number =>
  Number.parseInt(String(containers[0]?.resources?.requests?.cpu), 10);
const millisIn = (pods: readonly Pod[]): number =>
  pods.filter((pod) => !isPodFinished(pod)).reduce((sum, pod) => sum + millisOf(pod), 0);

function rationed(seed: number) {
  const world = unsteady(seed, 'quotas');
  const { kernel, door, client, create, random, addNode, list, get } = world;
  new ResourceQuotaController(kernel, door, 'main');
  for (let i = 1; i <= 2; i++) addNode(`node-${i}`);
  create('resourcequotas', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team' },
    spec: { hard: hardOf(world) },
  });
  create('replicasets', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web' },
    spec: {
      replicas: random.integer(0, MOST),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: spec(100) },
    },
  });
  const wrong: string[] = [];
  let refused = 0;
  client.watch(
    'pods',
    'onlooker of processors',
    ({ type }) => {
      const most = Number.parseInt(
        String(get('resourcequotas', 'team').status.hard?.['requests.cpu']),
        10,
      );
      const held = millisIn(list('pods'));
      if (type === 'ADDED' && held > most) wrong.push(`${held}m of ${most}m at ${kernel.now} ms`);
      return false;
    },
    () => undefined,
  );
  const addPod = (name: string): void => {
    const metadata = { name, namespace: 'default', labels: { app: 'bare' } };
    const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec: spec(random.pick([100, 250])) };
    if (!client.create('pods', body).ok) refused += 1;
  };
  return { ...world, wrong, addPod, refused: () => refused };
}

type World = ReturnType<typeof rationed>;

const hardOf = ({ random }: Pick<Unsteady, 'random'>) => ({
  pods: String(random.integer(0, MOST)),
  'requests.cpu': `${100 * random.integer(2, 10)}m`,
});

const scale = ({ change }: World, replicas: number): void =>
  change('replicasets', 'web', (set) => ({ ...set, spec: { ...set.spec, replicas } }));

const ration = ({ change }: World, hard: Record<string, string>): void =>
  change('resourcequotas', 'team', (quota) => ({ ...quota, spec: { hard } }));

function dropBare({ client, list }: World, count: number): void {
  const bare = list('pods').filter(({ metadata }) => metadata.labels?.app === 'bare');
  for (const pod of bare.slice(0, count)) client.delete('pods', pod, 0);
}

function act(world: World, number: number): void {
  const { random, wait, addPod } = world;
  const roll = random.integer(1, 100);
  if (roll <= 45) wait();
  else if (roll <= 65) addPod(`bare-${number}`);
  else if (roll <= 75) scale(world, random.integer(0, MOST));
  else if (roll <= 83) ration(world, hardOf(world));
  else if (roll <= 90) dropBare(world, 2);
  else strike(world);
}

describe('a quota among unsteady Pods', () => {
  it.each(Array.from({ length: RUNS }, (_, seed) => seed))('seed %i', (seed) => {
    const world = rationed(seed);
    const { onlooker, wrong, random, list, get, pass } = world;
    for (let i = 0; i < ACTS; i++) {
      act(world, i);
      expect([...onlooker.wrong, ...wrong], `after act ${i}`).toEqual([]);
    }
    expect(world.refused()).toBeGreaterThan(0);
    dropBare(world, Infinity);
    scale(world, 0);
    settle(world);
    const used = () => get('resourcequotas', 'team').status.used;
    expect(used()).toEqual({ pods: '0', 'requests.cpu': '0' });
    const pods = random.integer(1, MOST);
    const cpu = random.integer(1, 10);
    ration(world, { pods: String(pods), 'requests.cpu': `${100 * cpu}m` });
    scale(world, MOST);
    pass(RETRY_MS);
    settle(world);
    const due = Math.min(MOST, pods, cpu);
    expect(list('pods').filter(isPodActive)).toHaveLength(due);
    expect(used()?.pods).toBe(String(due));
    expect(millisIn(list('pods'))).toBe(100 * due);
    ration(world, { pods: String(MOST), 'requests.cpu': '800m' });
    pass(RETRY_MS);
    settle(world);
    expect(list('pods').filter(isPodActive)).toHaveLength(MOST);
    expect([...onlooker.wrong, ...wrong]).toEqual([]);
  });
});
