import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

const WARNING =
  'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n';

function shop(): Session {
  const session = new Session({ preset: 'cluster', seed: 1 });
  session.type('kubectl create deployment web --image=nginx --replicas=4');
  session.type('kubectl expose deployment web --port=80');
  session.type('kubectl rollout status deployment web');
  return session;
}

describe('Endpoints', () => {
  const session = shop();
  const told = (line: string) => session.type(line).printed;

  it('are read from the slices of Services', () => {
    expect(told('kubectl get ep')).toMatch(
      new RegExp(
        `^${WARNING.replaceAll('+', '\\+')}NAME         ENDPOINTS +AGE\n` +
          `kubernetes   192\\.168\\.10\\.10:6443 +\\d+s\n` +
          `web          (10\\.244\\.[\\d.]+:80,?){3} \\+ 1 more\\.\\.\\. +\\d+s\n$`,
      ),
    );
  });

  it('say which Pod is behind an address', () => {
    const names = told(`kubectl get ep web -o jsonpath='{..targetRef.name}' 2>/dev/null`);
    const pods = told(`kubectl get pods -o jsonpath='{.items[*].metadata.name}'`);
    expect(names.split(' ').sort()).toEqual(pods.split(' ').sort());
  });

  it('are described', () => {
    expect(told('kubectl describe endpoints kubernetes')).toBe(`${WARNING}Name:         kubernetes
Namespace:    default
Labels:       endpointslice.kubernetes.io/skip-mirror=true
Annotations:  <none>
Subsets:
  Addresses:          192.168.10.10
  NotReadyAddresses:  <none>
  Ports:
    Name   Port  Protocol
    ----   ----  --------
    https  6443  TCP

Events:  <none>
`);
  });

  it('are watched, and nobody writes them', () => {
    told('(sleep 3; kubectl scale deployment web --replicas=1) &');
    const lines = told('timeout 9s kubectl get ep web -w --no-headers').split('\n');
    expect(lines.findLast((line) => line.startsWith('web'))).toMatch(/^web +[\d.]+:80 /);
    expect(told('kubectl delete ep web')).toContain('(MethodNotAllowed)');
  });

  it('are empty where no Pod is ready', () => {
    told('kubectl scale deployment web --replicas=0');
    told('sleep 5');
    expect(told('kubectl get ep web --no-headers 2>/dev/null')).toMatch(/^web +<none> /);
    expect(told('kubectl get ep nope')).toBe(
      'Error from server (NotFound): endpoints "nope" not found\n',
    );
  });
});

describe('ComponentStatuses', () => {
  it('say which part of the control plane runs', () => {
    const session = new Session({ preset: 'cluster', seed: 1 });
    session.type('drydock fault component kube-scheduler stop');
    expect(session.type('kubectl get cs').printed)
      .toBe(`Warning: v1 ComponentStatus is deprecated in v1.19+
NAME                 STATUS      MESSAGE                                                                                        ERROR
controller-manager   Healthy     ok                                                                                             
etcd-0               Healthy     ok                                                                                             
scheduler            Unhealthy   Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused   
`);
  });
});
