/**
 * Each preset of the lab in the engine as readers fetch it, cut in parts: what was done there leads
 * to the same world, to the hash, as in the engine that has everything.
 */
import { expect, test } from '@playwright/test';
import { openWorldAtOnce } from '../../src/engine/open-world.ts';
import { PRESET_NAMES } from '../../src/engine/presets.ts';
import { atOnce, copiedWorld, openLab, screen, type } from './lab-page.ts';
import { watch } from './player-page.ts';

const HOST = [
  'docker run -d --name web -p 8080:80 --memory 64m nginx:alpine',
  'curl -s localhost:8080 | head -3; docker logs web | tail -2',
  'docker exec web ls / && docker top web && docker stats --no-stream',
  "docker inspect -f '{{.State.Status}} {{.HostConfig.Memory}}' web",
  "printf 'FROM alpine\\nRUN apk add --no-cache jq\\nCOPY . /app\\n' > Dockerfile",
  'docker build -t shop . && docker history shop && docker build -q .',
  'docker volume create data && docker network create back && docker network ls',
  'docker run --rm -v data:/d --network back alpine sh -c "echo kept > /d/note; cat /d/note"',
  "printf 'services:\\n  web:\\n    image: nginx:alpine\\n    deploy: {replicas: 2}\\n' > compose.yaml",
  'docker compose up -d && docker compose ps && docker compose down',
  'docker restart web; docker kill -s HUP web; docker rm -f web; docker system df',
  'docker run nosuch:image; docker ps --filter status=exited; docker image prune -f',
];

const SWARM = [
  'docker swarm init && docker node ls',
  'docker service create --name web --replicas 3 -p 8080:80 nginx:alpine',
  'docker service ps web && docker service update --image nginx:1.27-alpine web',
  'docker service rollback web; docker service scale web=2',
  'echo secret | docker secret create password - && docker secret ls',
  'docker node update --availability drain node-1; docker service inspect --pretty web',
  'docker service rm web; docker swarm leave --force',
];

const CLUSTER = [
  'kubectl create deployment web --image=nginx:alpine --replicas=2 && kubectl rollout status deployment/web',
  'kubectl expose deployment web --port=80 && kubectl get all -o wide',
  'kubectl describe deployment web | tail -5; kubectl get events | tail -3',
  'kubectl set image deployment/web nginx=nosuch:1; sleep 20; kubectl get pods; kubectl rollout undo deployment/web',
  'kubectl create configmap settings --from-literal=mode=quick; kubectl get cm settings -o yaml',
  "kubectl run once --image=alpine --restart=Never -- sh -c 'echo done'; sleep 10; kubectl logs once",
  'kubectl create job sum --image=alpine -- echo 42; kubectl create cronjob tick --image=alpine --schedule="* * * * *" -- date',
  'kubectl autoscale deployment web --cpu=50% --max=5; kubectl get hpa; kubectl top nodes',
  'kubectl patch deployment web -p \'{"spec":{"replicas":3}}\'; kubectl label deployment web tier=front; kubectl get deploy --show-labels',
  'kubectl cordon node-1; kubectl drain node-1 --ignore-daemonsets; kubectl describe node node-1 | head -20',
  "printf 'apiVersion: v1\\nkind: Pod\\nmetadata: {name: bad}\\nspec: {containers: [{name: a}]}\\n' | kubectl apply -f -",
  'kubectl exec deploy/web -- ls /usr/share/nginx/html; kubectl auth can-i delete pods; kubectl explain pod.spec | head -3',
  'kubectl delete deployment web; kubectl delete pod once --now; kubectl get pods -A | wc -l',
];

/** What is typed where; a preset that is not named here has no story in this file. */
const STORIES: Readonly<Record<string, readonly string[]>> = {
  host: HOST,
  registry: [
    'docker pull -q alpine && docker tag alpine registry.local:5000/mine:1 && docker push registry.local:5000/mine:1',
    'curl -s registry.local:5000/v2/_catalog; docker manifest inspect registry.local:5000/mine:1 | head -5',
    'docker rmi registry.local:5000/mine:1 alpine; docker run --rm registry.local:5000/mine:1 uname',
  ],
  swarm: SWARM,
  'swarm-N': SWARM.slice(0, 3),
  cluster: CLUSTER,
  'cluster-ha': [...CLUSTER.slice(0, 3), 'drydock faults', 'kubectl get leases -n kube-system'],
  'nodes-N': CLUSTER.slice(0, 2),
  compare: ['ls', 'kubectl get nodes', 'docker build -q bookshelf'],
};

for (const name of PRESET_NAMES) {
  test(`${name}: what is done in the lab leads to the same world`, async ({ page, context }) => {
    test.setTimeout(180_000);
    const faults = watch(page);
    await openLab(page, `#preset=${name.replace(/N$/, '30')}`);
    await atOnce(page);
    for (const line of STORIES[name] ?? []) await type(page, line);
    await expect(screen(page)).not.toContainText('command not found');
    const { run } = await copiedWorld(page, context);
    expect(run.journal.entries.length).toBeGreaterThanOrEqual(STORIES[name]?.length ?? NaN);
    expect(openWorldAtOnce(run).kind).toBe('same');
    expect(faults).toEqual([]);
  });
}
