import type { Random } from '../../src/engine/sim/random.ts';
import type { Cast } from './kubernetes-faults.ts';
import { GOOD_IMAGES, PRIORITIES } from './kubernetes-pods.ts';
import { NAMES, NAMESPACES } from './kubernetes-workloads.ts';

/** What several people type at a cluster who have no plan. */
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
  'limitrange',
  'networkpolicy',
  'configmap',
  'ingress',
];

/** A line about one of a few names. */
export function typed(random: Random, cast: Cast): string {
  const make = random.pick([changes, changes, rollouts, rollouts, onNodes, deletions, looks]);
  return random.pick(make(random, cast)).replace(/-p (\S+)$/, "-p '$1'");
}

const chosen = (random: Random) => ({
  name: random.pick(NAMES),
  inside: `-n ${random.pick(NAMESPACES)}`,
  kind: random.pick(KINDS),
  any: random.pick(ALL_KINDS),
  count: random.integer(0, 6),
});

/** Fields that somebody changes, in each of the ways there are. */
function changes(random: Random): string[] {
  const { name, inside, kind, any, count } = chosen(random);
  const other = random.pick(NAMES);
  const sizes = `[{"op":"replace","path":"/spec/replicas","value":${count}}]`;
  const edit = (script: string): string => `EDITOR="sed -i ${script}" kubectl edit`;
  return [
    `kubectl scale ${kind} ${name} --replicas=${count} ${inside}`,
    `kubectl scale ${kind} ${name} --replicas=${count} --current-replicas=3 ${inside}`,
    `kubectl label ${any} --all tier=${count} --overwrite ${inside}`,
    `kubectl label pod -l app=${name} app=${other} --overwrite ${inside}`,
    `kubectl annotate ${any} ${name} note=${count} --overwrite ${inside}`,
    `kubectl set resources ${kind}/${name} --requests=cpu=${count}00m ${inside}`,
    `kubectl set env ${kind}/${name} LEVEL=${count} ${inside}`,
    `${edit(`s/replicas:.*/replicas:${count}/`)} ${kind} ${name} ${inside}`,
    `${edit(`s/alpine/nosuch/`)} ${kind} ${name} ${inside}`,
    `kubectl patch ${kind} ${name} ${inside} -p {"spec":{"minReadySeconds":${count}}}`,
    `kubectl patch ${kind} ${name} ${inside} --type=merge -p {"spec":{"template":{"metadata":{"labels":{"n":"${count}"}}}}}`,
    `kubectl patch deployment ${name} ${inside} --type=json -p ${sizes}`,
    `kubectl patch deployment ${name} ${inside} --subresource=scale --type=merge -p {"spec":{"replicas":${count}}}`,
    `kubectl patch job ${name} ${inside} -p {"spec":{"parallelism":${count},"suspend":${count === 0}}}`,
    `kubectl patch pdb ${name} ${inside} --type=merge -p {"spec":{"maxUnavailable":null,"minAvailable":${count}}}`,
    `kubectl patch ${any} ${name} ${inside} --type=merge -p {"metadata":{"finalizers":["example.com/held"]}}`,
    `kubectl patch ${any} ${name} ${inside} --type=merge -p {"metadata":{"finalizers":null}}`,
    `kubectl autoscale deployment ${name} --min=1 --max=4 --cpu=50% ${inside}`,
    `kubectl expose deployment ${name} --port=80 ${inside}`,
    `kubectl create ${random.pick(['namespace shop', `configmap ${name}`, `job j --from=cronjob/${name}`])} ${inside}`,
    `kubectl get ${kind} ${name} ${inside} -o yaml | sed "s/replicas: .*/replicas: ${count}/" | kubectl replace -f -`,
    `drydock load ${name} ${random.pick([0, 5, 100])}`,
  ];
}

/** Rollouts, what stops them, and what is changed under way. */
function rollouts(random: Random): string[] {
  const { name, inside, kind, count } = chosen(random);
  const set = `kubectl set image ${kind}/${name} main=${random.pick(GOOD_IMAGES)} ${inside}`;
  const bad = `kubectl set image ${kind}/${name} main=nginx:nosuch ${inside}`;
  const scale = `kubectl scale ${kind} ${name} --replicas=${count} ${inside}`;
  const undo = `kubectl rollout undo ${kind}/${name} ${inside}`;
  return [
    set,
    bad,
    `${set}; sleep ${random.pick([1, 3, 10])}; ${scale}`,
    `${bad}; sleep 5; ${undo}`,
    undo,
    `${undo} --to-revision=${random.integer(1, 3)}`,
    `kubectl rollout restart ${kind}/${name} ${inside}`,
    `kubectl rollout ${random.pick(['pause', 'resume', 'history'])} deployment/${name} ${inside}`,
    `kubectl rollout status ${kind}/${name} ${inside} --timeout=10s`,
    `kubectl wait --for=condition=Available deployment/${name} ${inside} --timeout=10s`,
  ];
}

function onNodes(random: Random, { workers, controlPlane }: Cast): string[] {
  const { name, count } = chosen(random);
  const node = random.pick([...workers, ...workers, ...controlPlane]);
  const taints = ['a=b:NoExecute', 'a=b:NoSchedule', 'a=b:PreferNoSchedule', 'a-', 'a-', 'a-'];
  const drain = `kubectl drain ${node} --ignore-daemonsets --delete-emptydir-data --timeout=20s`;
  return [
    `${drain} --force`,
    `${drain} --force`,
    `${drain} --force --grace-period=${count}`,
    `${drain} --pod-selector=app=${name}`,
    `${drain} --force --disable-eviction`,
    `${drain} --dry-run=server`,
    `kubectl cordon ${node}`,
    `kubectl uncordon ${node}`,
    `kubectl uncordon ${node}`,
    `kubectl taint node ${node} ${random.pick(taints)} --overwrite`,
    `kubectl taint node ${node} ${random.pick(taints)} --overwrite`,
    `kubectl label node ${node} ${random.pick(['disk=ssd', 'disk-'])} --overwrite`,
    `kubectl delete ${random.pick(['lease -n kube-node-lease', 'node'])} ${random.pick(workers)} --wait=false`,
  ];
}

function deletions(random: Random): string[] {
  const { name, inside, any } = chosen(random);
  return [
    `kubectl delete ${any} ${name} ${inside} ${how(random)}`,
    `kubectl delete ${any} ${name} ${inside} ${how(random)}`,
    `kubectl delete ${any} --all ${inside} ${how(random)}`,
    `kubectl delete pod -l app=${name} ${inside} ${how(random)}`,
    `kubectl delete priorityclass ${random.pick(PRIORITIES)} --wait=false`,
    'kubectl delete namespace shop --wait=false',
    `kubectl delete ${random.pick(['rs', 'endpointslices', 'controllerrevisions', 'events'])} --all ${inside} ${how(random)}`,
  ];
}

const how = (random: Random): string =>
  random.pick([
    '--wait=false',
    '--wait=false',
    '--timeout=10s',
    '--wait=false --cascade=orphan',
    '--wait=false --cascade=foreground',
    '--wait=false --grace-period=0 --force',
    '--wait=false --now',
  ]);

function looks(random: Random): string[] {
  const { name, inside, any } = chosen(random);
  return [
    `kubectl get ${any} -A -o wide`,
    `kubectl describe ${any} ${inside}`,
    `kubectl logs -l app=${name} ${inside} --tail=3`,
    `kubectl exec deploy/${name} ${inside} -- true`,
    `kubectl top ${random.pick(['nodes', 'pods'])}`,
    `kubectl diff -f x.json`,
    'kubectl get events -A',
    'kubectl get all -A',
  ];
}
