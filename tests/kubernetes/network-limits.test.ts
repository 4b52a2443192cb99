import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What stands between who asks and who answers: a processor's quota, a way through the API. */
const SLOW = `apiVersion: v1
kind: Pod
metadata: {name: slow, labels: {app: slow}}
spec:
  containers:
    - name: web
      image: drydock/app:1.0
      env: [{name: CPU_MS, value: "50"}, {name: MESSAGE, value: slow}]
      resources: {limits: {cpu: 500m}}
---
apiVersion: v1
kind: Service
metadata: {name: slow}
spec: {selector: {app: slow}, ports: [{port: 80, targetPort: 8080}]}
`;

function limited() {
  const session = new Session({ preset: 'cluster', seed: 9 });
  const sh = (line: string): string => session.type(line).printed;
  session.write('slow.yaml', SLOW);
  sh('kubectl apply -f slow.yaml');
  sh('kubectl run box --image=curlimages/curl:8.17.0 --command -- sleep 360000');
  sh('kubectl wait --for=condition=Ready pod/box pod/slow');
  const seconds = () =>
    Number(sh('kubectl exec box -- curl -s -o /dev/null -w "%{time_total}" http://slow'));
  return { session, sh, seconds };
}

describe('a request of 50 ms of a processor, of which its container may have half', () => {
  it('waits its turn, and the longer the more there are', () => {
    const { sh, seconds } = limited();
    const alone = seconds();
    expect(alone).toBeLessThan(0.1);
    sh('drydock load slow 9');
    sh('sleep 20');
    const busy = Math.max(...Array.from({ length: 8 }, seconds));
    expect(busy).toBeGreaterThan(2 * alone);
    expect(busy).toBeLessThan(2);
    sh('drydock load slow 20');
    sh('sleep 20');
    // Twice what it can do: those who wait become ten more every second.
    expect(seconds()).toBeGreaterThan(5);
    sh('sleep 60');
    const [, row = ''] = sh('drydock load').split('\n');
    const [sent = 0, served = 0, failed = 0] = row.split(/\s+/).slice(2).map(Number);
    expect(failed).toBeGreaterThan(0);
    expect(served).toBeLessThan(sent - failed);
    expect(served).toBeLessThan(10 * 110);
  });
});

describe('kubectl port-forward', () => {
  it('leads from the workstation through the API server to a Pod', () => {
    const { session, sh } = limited();
    expect(session.type('curl -sS http://localhost:8080').exitCode).toBe(7);
    sh('kubectl port-forward pod/slow 8080:8080 > forward.log &');
    sh('sleep 2');
    expect(sh('curl -s http://localhost:8080')).toBe('slow\n');
    expect(sh('cat forward.log')).toContain('Forwarding from 127.0.0.1:8080 -> 8080\n');
  });
});
