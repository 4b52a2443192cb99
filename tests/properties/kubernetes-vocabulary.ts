import { definitionOfKind } from '../../src/engine/kubernetes/api/schema/definitions.ts';
import { apiVersionOf, RESOURCES } from '../../src/engine/kubernetes/api/resources.ts';
import type { Random } from '../../src/engine/sim/random.ts';
import { randomManifest } from '../kubernetes/random-manifest.ts';
import { GOOD_IMAGES, NAMES, NAMESPACES, sensibleManifest } from './kubernetes-workloads.ts';

/**
 * What may happen at a cluster's prompt when several people have no plan: declarations, commands
 * about few names, faults and their mending, and time that passes.
 */
export interface Step {
  /** Saved as `x.json` before the line is typed. */
  readonly file?: string;
  readonly line: string;
}

/** What a world has that can break. */
export interface Cast {
  readonly workers: readonly string[];
  readonly controlPlane: readonly string[];
}

export function randomStep(random: Random, cast: Cast): Step {
  const roll = random.integer(0, 99);
  if (roll < 20) return declaration(random);
  if (roll < 62) return { line: `kubectl ${verb(random, cast)}` };
  if (roll < 74) return { line: `drydock fault ${fault(random, cast)}` };
  if (roll < 84) return { line: `drydock fault ${mending(random, cast)}` };
  return { line: `sleep ${random.pick([0.5, 1, 2, 5, 10, 30, 60, 120])}` };
}

/** Those that have a schema; metrics are only read. */
const DECLARED = RESOURCES.filter((info) => definitionOfKind(apiVersionOf(info), info.kind));

function declaration(random: Random): Step {
  const isNonsense = random.integer(0, 7) === 0;
  const items = isNonsense
    ? [randomManifest(random.pick(DECLARED), random.integer(0, 1_000_000))]
    : sensibleManifest(random);
  const file = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 1);
  const how = random.pick([
    'apply',
    'apply',
    'apply',
    'apply --server-side --force-conflicts',
    'replace',
    'create',
  ]);
  return { file, line: `kubectl ${how} -f x.json` };
}

const KINDS = ['deployment', 'deployment', 'statefulset', 'daemonset'];
const ALL_KINDS = [
  ...KINDS,
  'job',
  'cronjob',
  'service',
  'pdb',
  'hpa',
  'pvc',
  'pod',
  'rs',
  'quota',
];

/** A command line of kubectl, without its first word. */
function verb(random: Random, { workers, controlPlane }: Cast): string {
  const name = random.pick(NAMES);
  const inside = `-n ${random.pick(NAMESPACES)}`;
  const kind = random.pick(KINDS);
  const any = random.pick(ALL_KINDS);
  const node = random.pick([...workers, ...workers, ...controlPlane]);
  const count = random.integer(0, 6);
  const lines = [
    `scale ${kind} ${name} --replicas=${count} ${inside}`,
    `scale ${kind} ${name} --replicas=${count} ${inside}`,
    `set image ${kind}/${name} main=${random.pick([...GOOD_IMAGES, 'nginx:nosuch'])} ${inside}`,
    `set image ${kind}/${name} main=${random.pick(GOOD_IMAGES)} ${inside}`,
    `rollout undo ${kind}/${name} ${inside}`,
    `rollout restart ${kind}/${name} ${inside}`,
    `rollout ${random.pick(['pause', 'resume', 'history'])} deployment/${name} ${inside}`,
    `rollout status ${kind}/${name} ${inside} --timeout=10s`,
    `delete ${any} ${name} ${inside} ${how(random)}`,
    `delete ${any} --all ${inside} ${how(random)}`,
    `delete pod -l app=${name} ${inside} ${how(random)}`,
    `drain ${node} --ignore-daemonsets --force --delete-emptydir-data --timeout=20s`,
    `${random.pick(['cordon', 'uncordon', 'uncordon'])} ${node}`,
    `taint node ${node} ${random.pick(['a=b:NoExecute', 'a=b:NoSchedule', 'a-', 'a-'])} --overwrite`,
    `label node ${node} ${random.pick(['disk=ssd', 'disk-'])} --overwrite`,
    `label ${any} --all tier=${count} --overwrite ${inside}`,
    `label pod -l app=${name} app=${random.pick(NAMES)} --overwrite ${inside}`,
    `annotate ${any} ${name} note=${count} --overwrite ${inside}`,
    `patch ${kind} ${name} ${inside} -p {"spec":{"minReadySeconds":${count}}}`,
    `patch deployment ${name} ${inside} --type=json -p [{"op":"replace","path":"/spec/replicas","value":${count}}]`,
    `autoscale deployment ${name} --min=1 --max=4 --cpu=50% ${inside}`,
    `expose deployment ${name} --port=80 ${inside}`,
    `create ${random.pick(['namespace shop', `configmap ${name}`, `job j --from=cronjob/${name}`])} ${inside}`,
    `get ${any} -A -o wide`,
    `describe ${any} ${inside}`,
    `logs -l app=${name} ${inside} --tail=3`,
    `exec deploy/${name} ${inside} -- true`,
    `top ${random.pick(['nodes', 'pods'])}`,
    random.pick(['delete namespace shop --wait=false', 'get events -A', 'get all -A']),
  ];
  return quoted(random.pick(lines));
}

/** JSON as one word of a shell's. */
const quoted = (line: string): string => line.replace(/-p (\S+)$/, "-p '$1'");

const how = (random: Random): string =>
  random.pick([
    '--wait=false',
    '--wait=false',
    '--timeout=10s',
    '--wait=false --cascade=orphan',
    '--wait=false --cascade=foreground',
    '--wait=false --grace-period=0 --force',
  ]);

const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];

function fault(random: Random, cast: Cast): string {
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
    `disk ${worker} slow`,
    ...broken(random),
  ]);
}

function broken(random: Random): string[] {
  const selector = random.pick(NAMES);
  const pod = `$(kubectl get pod -l app=${selector} -o name | head -1 | cut -d/ -f2)`;
  return ['crash', 'hang', 'leak', 'slow', 'mend'].map((action) => `container ${pod} ${action}`);
}

function mending(random: Random, { workers, controlPlane }: Cast): string {
  const machine = random.pick([...workers, ...controlPlane]);
  return random.pick([
    `machine ${machine} up`,
    `machine ${machine} up`,
    `kubelet ${random.pick(workers)} start`,
    ...COMPONENTS.map((name) => `component ${name} start`),
    `link ${random.pick(workers)} ${random.pick(controlPlane)} mend`,
    `registry docker.io up`,
    `disk ${random.pick(workers)} mend`,
  ]);
}
