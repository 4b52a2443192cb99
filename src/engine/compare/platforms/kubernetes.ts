import { GREETING, image, PASSWORD, setPassword, setVersion } from '../bookshelf.ts';
import { lines, type Platform } from './platform.ts';

/** A cluster of three control planes and three nodes that was there before. */
const APPLY = 'kubectl apply -f kubernetes/';
const CONFIG = 'kubernetes/config.yaml';
const RESTART = 'kubectl rollout restart deployment api';
const API = '-l app.kubernetes.io/name=api';

const rolled = (version: string): string[] => [setVersion('kubernetes/api.yaml', version), APPLY];
const inConfig = (from: string, to: string): string => `sed -i 's/${from}/${to}/' ${CONFIG}`;
const nodeOf = (pod: string): string => `$(kubectl get pod ${pod} -o jsonpath={.spec.nodeName})`;
/** A node with a Pod of the API and without data: what is compared is the API. */
const API_NODE =
  `$(kubectl get pods ${API} -o jsonpath='{range .items[*]}{.spec.nodeName}{"\\n"}{end}' ` +
  `| grep -v ${nodeOf('db-0')} | grep -v ${nodeOf('redis-0')} | head -n 1)`;

/** One of three members, with the API server beside it. */
const member = (action: string): string[] =>
  ['etcd', 'kube-apiserver'].map((name) => `drydock fault component ${name}-control-2 ${action}`);

const secret = (from: string, to: string): string[] => [
  `kubectl exec db-0 -- ${setPassword(to)}`,
  inConfig(from, to),
  `kubectl apply -f ${CONFIG}`,
  // A mounted Secret changes after a while; new Pods have it at once.
  RESTART,
];

export const KUBERNETES: Platform = {
  name: 'kubernetes',
  machine: 'workstation',
  entries: [1, 2, 3].map((n) => ({ machine: `node-${n}`, port: 30_080 })),
  up: lines(APPLY),
  files: ['api', 'config', 'db', 'redis', 'web'].map((name) => `kubernetes/${name}.yaml`),
  replicas:
    'kubectl get deployment api -o jsonpath=\'{.status.readyReplicas}/{.spec.replicas}{"\\n"}\'',
  settled:
    'kubectl rollout status deployment api --timeout 1s > /dev/null 2>&1 && ' +
    `test "$(kubectl get pods ${API} -o jsonpath='{range .items[*]}` +
    `{.spec.containers[0].image}{"\\n"}{end}' | sort | uniq -c)" = "      3 ${image('api')}"`,
  acts: {
    container: {
      happens: [
        `drydock fault container $(kubectl get pods ${API} -o name | head -n 1 | cut -d/ -f2) crash`,
      ],
    },
    machine: {
      happens: [`drydock fault machine ${API_NODE} down`],
      mend: ['for n in 1 2 3; do drydock fault machine node-$n up; done'],
      reset: ['kubectl rollout restart deployment api web'],
    },
    daemon: { happens: member('stop'), mend: member('start') },
    load: { times: 10 },
    update: { typed: rolled('1.1'), reset: rolled('1.0') },
    'bad-update': { typed: rolled('2.0'), reset: rolled('1.0') },
    config: {
      typed: [inConfig(GREETING.before, GREETING.after), APPLY],
      reset: [inConfig(GREETING.after, GREETING.before), APPLY, RESTART],
    },
    secret: {
      typed: secret(PASSWORD.before, PASSWORD.after),
      reset: secret(PASSWORD.after, PASSWORD.before),
    },
    scale: {
      typed: ['kubectl scale deployment api --replicas 10'],
      reset: ['kubectl scale deployment api --replicas 3'],
    },
    volume: {
      typed: [
        'kubectl delete statefulset redis',
        'kubectl delete pvc redis-data-redis-0',
        'kubectl apply -f kubernetes/redis.yaml',
      ],
    },
  },
};
