import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What a node's rules are worth when the API server does not reach it. */
const web = (message: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxUnavailable: 0}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      nodeName: node-1
      terminationGracePeriodSeconds: 2
      containers:
        - name: web
          image: drydock/app:1.0
          env: [{name: MESSAGE, value: ${message}}]
          readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080, nodePort: 30080}]
`;

function cluster() {
  const session = new Session({ preset: 'cluster', seed: 9 });
  const sh = (line: string): string => session.type(line).printed;
  const apply = (message: string): void => {
    session.write('web.yaml', web(message));
    sh('kubectl apply -f web.yaml');
    sh('kubectl rollout status deployment/web');
    sh('sleep 5');
  };
  apply('old');
  const answer = (node: string) => sh(`curl -sS -m 3 http://${node}:30080/`);
  return { session, sh, apply, answer };
}

describe('a node that is cut off from the API server', () => {
  it('sends to Pods that are gone, while the others know better; it catches up', () => {
    const { sh, apply, answer } = cluster();
    expect([answer('node-1'), answer('node-2')]).toEqual([
      expect.stringContaining('old'),
      expect.stringContaining('old'),
    ]);
    sh('drydock link node-2 control-1 down');
    apply('new');
    expect([answer('node-1'), answer('node-3')]).toEqual([
      expect.stringContaining('new'),
      expect.stringContaining('new'),
    ]);
    expect(answer('node-2')).toMatch(/^curl: \(28\) /);
    sh('drydock link node-2 control-1 up');
    sh('sleep 60');
    expect(answer('node-2')).toContain('new');
  });

  it('still leads to a Service that was deleted, and not to one that came later', () => {
    const { sh, answer } = cluster();
    sh('drydock link node-2 control-1 down');
    sh('kubectl delete service web');
    sh('kubectl create service nodeport late --tcp=80:8080 --node-port=30090');
    sh('kubectl set selector service late app=web');
    sh('sleep 5');
    const late = (node: string) => sh(`curl -sS -m 3 http://${node}:30090/`);
    expect(answer('node-1')).toMatch(/^curl: \(7\) /);
    expect(answer('node-2')).toContain('old');
    expect(late('node-1')).toContain('old');
    expect(late('node-2')).toMatch(/^curl: \(7\) /);
    sh('drydock link node-2 control-1 up');
    sh('sleep 60');
    expect(answer('node-2')).toMatch(/^curl: \(7\) /);
    expect(late('node-2')).toContain('old');
  });

  it('is told within a second when its connection was not given up yet', () => {
    const { sh, answer } = cluster();
    sh('drydock link node-2 control-1 down');
    sh('kubectl delete service web; sleep 20');
    expect(answer('node-2')).toContain('old');
    sh('drydock link node-2 control-1 up; sleep 1.1');
    expect(answer('node-2')).toMatch(/^curl: \(7\) /);
  });

  it('notes each Service whose rules were renewed', () => {
    const { session, sh, apply } = cluster();
    sh('drydock link node-2 control-1 down');
    apply('new');
    const { kernel } = session.world;
    const noted = (sinceMs: number) =>
      [...kernel.trace.since(0)]
        .filter(({ timeMs, actor }) => timeMs >= sinceMs && actor === 'kube-proxy/node-2')
        .map(({ verb, object, detail }) => [verb, object, detail]);
    const mendedMs = kernel.now;
    sh('drydock link node-2 control-1 up');
    sh('sleep 60');
    expect(noted(mendedMs)).toContainEqual(['program', 'Service default/web', { endpoints: 4 }]);
  });
});
