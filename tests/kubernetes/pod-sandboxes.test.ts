import { expect, it } from 'vitest';
import { scenario } from './scenario-session.ts';

it('a Pod gets another address, and begins anew, when its machine was off', () => {
  const { session, sh } = scenario();
  session.write(
    'pods.yaml',
    `apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  nodeName: node-1
  terminationGracePeriodSeconds: 1
  initContainers: [{ name: init, image: busybox:1.37, command: [sh, -c, 'echo prepared'] }]
  containers: [{ name: app, image: nginx:1.29, ports: [{ containerPort: 80 }] }]
---
apiVersion: v1
kind: Pod
metadata: { name: once }
spec:
  nodeName: node-1
  restartPolicy: Never
  containers: [{ name: app, image: busybox:1.37, command: [sleep, '1000'] }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`,
  );
  sh('kubectl apply -f pods.yaml');
  sh('sleep 20s');
  const of = (name: string, path: string) =>
    sh(`kubectl get pod ${name} -o jsonpath='{.status.${path}}'`);
  const [ip, onceIp] = [of('web', 'podIP'), of('once', 'podIP')];
  expect(ip).toMatch(/^10\.244\.1\./);
  sh('drydock fault machine node-1 down');
  sh('sleep 5s');
  sh('drydock fault machine node-1 up');
  sh('sleep 20s');
  expect(of('web', 'podIP')).toMatch(/^10\.244\.1\./);
  expect(of('web', 'podIP')).not.toBe(ip);
  expect(of('web', 'initContainerStatuses[0].restartCount')).toBe('1');
  expect(of('web', 'containerStatuses[0].restartCount')).toBe('1');
  expect(of('web', 'phase')).toBe('Running');
  expect(sh('kubectl describe pod web')).toContain(
    'Pod sandbox changed, it will be killed and re-created.',
  );
  // It is found where it is now.
  expect(sh('kubectl get endpointslices')).toContain(of('web', 'podIP'));
  sh('kubectl run client --image=busybox:1.37 -- sleep 1000');
  sh('sleep 10s');
  expect(sh('kubectl exec client -- wget -q -O- http://web')).toContain('Welcome to nginx!');
  // One that is not started again needs no other sandbox.
  expect(of('once', 'phase')).toBe('Failed');
  expect(of('once', 'podIP')).toBe(onceIp);
  expect(sh('kubectl describe pod once')).not.toContain('SandboxChanged');
});

it('a kubelet that was stopped leaves sandboxes alone', () => {
  const { sh } = scenario();
  sh('kubectl run web --image=nginx:1.29 --overrides=\'{"spec":{"nodeName":"node-1"}}\'');
  sh('sleep 20s');
  const ip = () => sh("kubectl get pod web -o jsonpath='{.status.podIP}'");
  const before = ip();
  sh('drydock fault kubelet node-1 stop');
  sh('sleep 20s');
  sh('drydock fault kubelet node-1 start');
  sh('sleep 20s');
  expect(ip()).toBe(before);
  expect(sh('kubectl describe pod web')).not.toContain('SandboxChanged');
});
