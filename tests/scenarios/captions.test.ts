import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/components/run/scenario-folder.ts';
import type { TraceRecord } from '../../src/engine/sim/trace.ts';
import { createWorld, type ShellAction } from '../../src/engine/world.ts';
import { recordStrings, type RecordSentence } from '../../src/i18n/records.ts';
import { locales } from '../../src/i18n/locales.ts';
import { canBeTold, captionOf, sentenceOf } from '../../src/diagram/captions.ts';

/**
 * What is not told, since another record tells it better. Whoever makes a room record something new
 * gives it a sentence, or writes down here why it has none.
 */
const leftOut: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^containerd \w+ build /, 'a step of a build runs: told as the step and its layer'],
  [/^containerd \w+ Pod /, 'told by the kubelet, whom containerd serves'],
  [/^containerd delete container /, 'told by Docker, which removes it'],
  [/^(docker|containerd) fetched blob /, 'told when the blob sets out'],
  [/^registry store blob /, 'told as what was sent'],
  [/^kubelet report Pod \S+ (Created|Pulled)$/, 'told as started, and as pulled by containerd'],
  [/^kubelet report Pod \S+ BackOff$/, 'a repetition of what the warning before says'],
  [/^etcd (vote|vote-answer) /, 'told by what they lead to'],
  [/^(etcd|manager) (append|append-answer|pre-campaign) /, 'told by what they lead to'],
  [/^(etcd|manager) (start|stop) group/, 'told by the person who did it'],
  [/^agent call (POST|DELETE) /, 'told by Docker, which does what it is asked'],
  [/^agent (?!report)\S+ task /, 'told when the agent reports it to a manager'],
  [/^docker (left|joined) node /, 'gossip among nodes: told as what the manager then does'],
  [/^Pod listen /, 'told as ready, which counts for requests'],
  [/^deployment-controller observe .*(Unavailable|Updated)$/, 'told by what it then does'],
];

const lineOf = ({ actor, verb, object, reason }: TraceRecord): string =>
  [actor.replace(/[/ ].*/, ''), verb, object, reason]
    .filter((part) => part !== undefined)
    .join(' ');

/** Types one line after the other, and gives all that happens until a while after the last. */
function liveThrough(preset: string, machine: string, script: string): TraceRecord[] {
  const { kernel, terminals, files } = createWorld({ preset, seed: 7 });
  for (const [name, content] of Object.entries(readScenario('delivery/code-to-cluster').files)) {
    files.write(machine, `/root/${name}`, content);
  }
  files.write(machine, '/root/rush.yaml', rush);
  files.write(machine, '/root/settings.yaml', settings);
  files.write(machine, '/root/keeper.yaml', keeper);
  for (const line of script.trim().split('\n')) {
    const typed: ShellAction = { type: 'shell', machine, line: line.trim() };
    kernel.dispatch(typed);
    for (let steps = 0; terminals.isBusy(machine) && steps < 100_000; steps++) kernel.step();
    expect(terminals.isBusy(machine), line).toBe(false);
  }
  kernel.advance(kernel.now + 30_000);
  return [...kernel.trace.since(0)];
}

const onOneHost = `
  printf 'FROM alpine\\nRUN false\\n' > Broken
  docker build -t web . && docker build -t web . ; docker build -f Broken .
  docker network create back
  docker volume create data
  docker run -d --name web -p 80:80 -v data:/data web && sleep 2 && curl -s localhost
  curl -s localhost:81
  docker run -d --name other --network back nginx && docker exec other curl -s web
  docker network connect back web && docker exec other curl -s web && docker rm -f other
  docker network connect back web; docker network disconnect back web
  docker pause web && docker unpause web && docker restart web && docker commit web kept
  docker stop web && docker rm web && docker network rm back && docker volume rm data
  docker run -d --name well --health-cmd true --health-interval 1s nginx
  docker run -d --name ill --health-cmd false --health-interval 1s --health-retries 2 nginx
  docker run -d --name again --restart always alpine false
  docker run --name fat -m 20m drydock/app
  sleep 10
  drydock fault container well hang && drydock fault container well mend
  drydock fault registry docker.io down
  docker pull busybox ; docker pull nginx:none
  drydock fault daemon host stop && drydock fault daemon host start
`;

const inCluster = `
  docker build -t registry.local:5000/web:1.0 . && docker push registry.local:5000/web:1.0
  docker push registry.local:5000/web:1.0
  kubectl apply -f web.yaml && kubectl rollout status deployment/web
  drydock load web 1
  POD=$(kubectl get pods -o name | head -n 1 | cut -d/ -f2)
  drydock fault container $POD hang && drydock fault container $POD mend
  kubectl scale deployment/web --replicas 5 && kubectl rollout status deployment/web
  kubectl set image deployment/web web=registry.local:5000/web:none && sleep 620
  kubectl rollout undo deployment/web && kubectl rollout status deployment/web
  drydock fault machine node-1 down && sleep 400
  drydock fault machine node-1 up && sleep 60
  drydock fault machine node-3 down && sleep 90
  drydock fault machine node-3 up && sleep 30
  kubectl drain node-2 --ignore-daemonsets --delete-emptydir-data && sleep 5
  kubectl apply -f rush.yaml && sleep 120 && kubectl wait --for=condition=Ready pod -l app=rush
  kubectl expose deployment rush --port 8080 && drydock load rush 1 && sleep 45
  kubectl apply -f settings.yaml && kubectl wait --for=condition=Ready pod/reader
  sed -i s/hello/welcome/ settings.yaml && kubectl apply -f settings.yaml && sleep 70
  kubectl run crash --image alpine -- false && sleep 30
  kubectl apply -f keeper.yaml && kubectl rollout status statefulset/keeper && sleep 60
  kubectl scale statefulset/keeper --replicas 0 && kubectl delete cronjob/often && sleep 5
  kubectl delete deployment web
`;
const settings = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { greeting: hello }
---
apiVersion: v1
kind: Pod
metadata: { name: reader }
spec:
  containers: [{ name: app, image: drydock/app, volumeMounts: [{ name: all, mountPath: /all }] }]
  volumes: [{ name: all, configMap: { name: settings } }]
`;
const keeper = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: keeper }
spec:
  serviceName: keeper
  selector: { matchLabels: { app: keeper } }
  template:
    metadata: { labels: { app: keeper } }
    spec:
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, -c, 'sleep 5; touch /tmp/up; sleep 5; touch /tmp/ready; sleep 3600']
          startupProbe: { exec: { command: [ls, /tmp/up] }, periodSeconds: 1, failureThreshold: 60 }
          readinessProbe: { exec: { command: [ls, /tmp/ready] }, periodSeconds: 1 }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: often }
spec:
  schedule: '* * * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: app, image: busybox:1.37, command: [sleep, '5'] }]
`;
const rush = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: rush }
spec:
  selector: { matchLabels: { app: rush } }
  template:
    metadata: { labels: { app: rush } }
    spec:
      containers:
        - name: app
          image: drydock/app
          env: [{ name: CPU_MS, value: '600' }]
          resources: { requests: { cpu: 100m } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: rush }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: rush }
  maxReplicas: 3
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }
`;

const withThreeControlPlanes = `
  drydock fault machine control-1 down && sleep 60
  drydock fault machine control-1 up && sleep 30
  drydock fault disk control-1 slow && sleep 30 && drydock fault disk control-1 mend
  drydock link node-1 control-2 latency 200ms && drydock link node-1 control-2 up
`;

const withCompose = `
  printf 'services:\\n  db:\\n    image: nginx\\n' > compose.yaml
  printf '    healthcheck:\\n      test: "true"\\n      interval: 1s\\n' >> compose.yaml
  printf '  web:\\n    image: nginx\\n    volumes: [data:/data]\\n' >> compose.yaml
  printf '    depends_on:\\n      db:\\n        condition: service_healthy\\n' >> compose.yaml
  printf 'volumes:\\n  data:\\n' >> compose.yaml
  docker compose up -d && docker compose up -d --force-recreate && docker compose restart
  docker compose down -v
`;

const onSwarm = `
  docker swarm init
  TOKEN=$(docker swarm join-token -q manager)
  for n in 2 3; do ssh node-$n docker swarm join --token $TOKEN node-1; done
  TOKEN=$(docker swarm join-token -q worker)
  for n in 4 5; do ssh node-$n docker swarm join --token $TOKEN node-1; done
  docker network create -d overlay back && echo secret | docker secret create key -
  docker service create -q --name web --replicas 5 -p 8080:80 --network back --secret key nginx:1.28
  docker service create -q --name agent --mode global alpine sleep infinity
  docker service create -q --name batch --mode replicated-job alpine true
  docker service update -q --image nginx:1.29 web && docker service update -q --rollback web
  docker service update -q -d --image nginx:none web && sleep 60 && docker service rollback -d web
  sleep 60 && docker service update -q -d --image nginx:none --update-failure-action rollback web
  sleep 90 && docker service create -q -d --name ill --restart-max-attempts 1 alpine false
  docker node update --label-add disk=ssd node-2 && docker node update --availability drain node-5
  docker service create -q --name picky --constraint node.labels.disk==ssd redis
  docker node update --label-rm disk node-2 && sleep 20
  docker node promote node-4 && sleep 5 && docker node demote node-4 && sleep 5
  drydock fault machine node-2 down && sleep 40 && drydock fault machine node-3 down && sleep 20
  drydock fault machine node-3 up && drydock fault machine node-2 up && sleep 40
  for n in 2 3; do drydock link node-1 node-$n down; done && sleep 40
  for n in 2 3; do drydock link node-1 node-$n up; done && sleep 30
  docker node promote node-4 && sleep 10
  for n in 1 2 3; do ssh node-4 docker node demote node-$n && sleep 15; done
  ssh node-4 docker service rm web && ssh node-5 docker swarm leave && sleep 10
`;

describe('a caption', () => {
  const records = [
    ...liveThrough('host', 'host', withCompose),
    ...liveThrough('swarm', 'node-1', onSwarm),
    ...liveThrough('host', 'host', onOneHost),
    ...liveThrough('cluster', 'workstation', inCluster),
    ...liveThrough('cluster-ha', 'workstation', withThreeControlPlanes),
  ];
  const told = new Set(records.map(sentenceOf));

  it('is there for all that happens, but for what another one tells', () => {
    const untold = records.filter((record) => !canBeTold(record)).map(lineOf);
    const unexplained = untold.filter((line) => !leftOut.some(([pattern]) => pattern.test(line)));
    expect([...new Set(unexplained)]).toEqual([]);
    const idle = leftOut.filter(([pattern]) => !untold.some((line) => pattern.test(line)));
    expect(idle.map(([, why]) => why)).toEqual([]);
  });

  it('has words for nothing that never happens', () => {
    const rare: readonly RecordSentence[] = ['unschedulable'];
    const sentences = Object.keys(recordStrings.en) as RecordSentence[];
    expect(sentences.filter((one) => !told.has(one) && !rare.includes(one))).toEqual([]);
  });

  it.each(locales)('leaves nothing unfilled (%s)', (locale) => {
    for (const record of records.filter(canBeTold)) {
      expect(captionOf(record, locale), lineOf(record)).not.toMatch(/[{}]|undefined|: *$/);
    }
  });
});
