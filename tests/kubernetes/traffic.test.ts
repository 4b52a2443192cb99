import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Load on a Service: what is counted, and what a rollout costs those who ask. */
const PROBE = 'readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}';
const PRE_STOP = 'lifecycle: {preStop: {sleep: {seconds: 5}}}';

const web = (more: readonly string[], env = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: drydock/app:1.0
          env: [{name: START_DELAY_MS, value: "3000"}, {name: STOP_MS, value: "100"}${env}]
${more.map((line) => `          ${line}\n`).join('')}---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
`;

function loaded(more: readonly string[]) {
  const session = new Session({ preset: 'cluster', seed: 11 });
  const sh = (line: string): string => session.type(line).printed;
  session.write('web.yaml', web(more));
  sh('kubectl apply -f web.yaml');
  sh('kubectl rollout status deployment/web');
  sh('sleep 10');
  const counts = () => {
    const [, row = ''] = sh('drydock load').split('\n');
    const [service, rate, ...numbers] = row.split(/\s+/);
    const [sent = 0, served = 0, failed = 0] = numbers.map(Number);
    return { service, rate, sent, served, failed };
  };
  return { session, sh, counts };
}

/** A rollout under 100 requests a second: how many failed. */
function failuresOfRollout(more: readonly string[]): { sent: number; failed: number } {
  const { session, sh, counts } = loaded(more);
  sh('drydock load web 100');
  sh('sleep 5');
  session.write('web.yaml', web(more, ', {name: MESSAGE, value: new}'));
  sh('kubectl apply -f web.yaml');
  sh('kubectl rollout status deployment/web');
  sh('sleep 40');
  sh('drydock load web 0');
  sh('sleep 31');
  const { sent, served, failed } = counts();
  expect(served + failed).toBe(sent);
  return { sent, failed };
}

describe('load on a Service', () => {
  it.each([20, 2000])('of %i requests a second is counted exactly', (rate) => {
    const { sh, counts } = loaded([PROBE]);
    sh(`drydock load web ${rate}`);
    sh('sleep 30');
    expect(sh('drydock load').split('\n')[0]).toMatch(/^SERVICE +RATE +SENT +SERVED +FAILED$/);
    sh('drydock load web 0');
    sh('sleep 5');
    const { service, rate: shown, sent, served, failed } = counts();
    expect([service, shown]).toEqual(['default/web', 'stopped']);
    expect([served, failed]).toEqual([sent, 0]);
    // Commands take a few milliseconds themselves.
    expect(sent).toBeGreaterThanOrEqual(30 * rate);
    expect(sent).toBeLessThan(30.2 * rate + 2);
  });

  it('loses nothing in a rollout only with a readiness probe and a moment before the end', () => {
    const best = failuresOfRollout([PROBE, PRE_STOP]);
    expect(best.sent).toBeGreaterThan(4000);
    expect(best.failed).toBe(0);
    const unprobed = failuresOfRollout([PRE_STOP]);
    expect(unprobed.failed).toBeGreaterThan(100);
    const abrupt = failuresOfRollout([PROBE]);
    expect(abrupt.failed).toBeGreaterThan(0);
    expect(abrupt.failed).toBeLessThan(unprobed.failed);
  });

  it('falls evenly on the Pods', () => {
    const { sh } = loaded([PROBE]);
    sh('drydock load web 200');
    sh('sleep 51');
    sh('drydock load web 0');
    const shares = sh('kubectl get pods -l app=web -o name')
      .trim()
      .split('\n')
      .map((pod) => Number(countOf(sh, pod)));
    const total = shares.reduce((sum, one) => sum + one, 0);
    expect(total).toBeGreaterThan(10_000);
    // Four Pods: 2,500 each, give or take four standard deviations (43).
    for (const share of shares) expect(Math.abs(share - total / 4)).toBeLessThan(180);
  });
});

/** How many requests a Pod has answered, by its own count. */
const countOf = (sh: (line: string) => string, pod: string): string =>
  sh(`kubectl exec ${pod} -- wget -qO- http://127.0.0.1:8080/count`);
