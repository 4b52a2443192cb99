import type { Random } from '../../src/engine/sim/random.ts';
import { NAMES } from './kubernetes-workloads.ts';

/** What breaks in a cluster, and how it is mended: the words behind `drydock fault`. */
/** What a world has that can break. */
export interface Cast {
  readonly workers: readonly string[];
  readonly controlPlane: readonly string[];
}

const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];

export function fault(random: Random, cast: Cast): string {
  const worker = random.pick(cast.workers);
  const one = random.pick(cast.controlPlane);
  return random.pick([
    `machine ${worker} down`,
    `machine ${random.pick([worker, one])} down`,
    `kubelet ${worker} stop`,
    `component ${random.pick(COMPONENTS)}-${one} stop`,
    `component ${random.pick(COMPONENTS)}-${one} stop`,
    `link ${worker} ${one} cut`,
    `link ${worker} ${random.pick(['docker.io', one, cast.workers[0] ?? ''])} cut`,
    `registry docker.io ${random.pick(['down', 'slow', 'rate-limit', 'unauthorized'])}`,
    `link ${one} ${random.pick(cast.controlPlane)} cut`,
    `link ${worker} ${random.pick([one, 'docker.io'])} latency ${random.pick(['50ms', '800ms', '5s'])}`,
    `disk ${random.pick([worker, one])} slow`,
    `memory ${worker} fill`,
    ...broken(random),
  ]);
}

function broken(random: Random): string[] {
  const selector = random.pick(NAMES);
  const pod = `$(kubectl get pod -l app=${selector} -o name | head -1 | cut -d/ -f2)`;
  return ['crash', 'hang', 'leak', 'slow', 'cpu', 'mend'].map(
    (action) => `container ${pod} ${action}`,
  );
}

export function mending(random: Random, { workers, controlPlane }: Cast): string {
  const machine = random.pick([...workers, ...controlPlane]);
  return random.pick([
    `machine ${machine} up`,
    `machine ${machine} up`,
    `kubelet ${random.pick(workers)} start`,
    ...COMPONENTS.map((name) => `component ${name} start`),
    `link ${random.pick(workers)} ${random.pick(controlPlane)} mend`,
    `registry docker.io up`,
    `disk ${random.pick(workers)} mend`,
    `memory ${random.pick(workers)} free`,
  ]);
}
