import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Names as programs in Pods hear them, and the words in which tools say that there is none. */
const DB = `apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  clusterIP: None
  selector: {app: db}
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: nginx:1.29-alpine}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: db}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: outside}
spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
`;

function names() {
  const session = new Session({ preset: 'cluster', seed: 5 });
  const sh = (line: string): string => session.type(line).printed;
  session.write('db.yaml', DB);
  sh('kubectl apply -f db.yaml');
  sh('kubectl rollout status statefulset/db');
  sh('kubectl create namespace shop');
  for (const namespace of ['default', 'shop']) {
    sh(`kubectl -n ${namespace} run box --image=busybox:1.37 --command -- sleep 360000`);
    sh(`kubectl -n ${namespace} wait --for=condition=Ready pod/box`);
  }
  sh('kubectl run curl --image=curlimages/curl:8.17.0 --command -- sleep 360000');
  sh('kubectl wait --for=condition=Ready pod/curl');
  const asked = (name: string) => session.type(`kubectl exec box -- nslookup ${name}`);
  const addresses = (name: string) => [
    ...asked(name)
      .printed.split('\n')
      .slice(3)
      .flatMap((line) => /^Address: (.*)$/.exec(line)?.[1] ?? []),
  ];
  const get = (what: string, path: string) => sh(`kubectl get ${what} -o jsonpath='{${path}}'`);
  const opens = (name: string, namespace = 'default') =>
    session.type(`kubectl -n ${namespace} exec box -- wget -qO- http://${name}`);
  return { session, sh, asked, addresses, get, opens };
}

describe('names in a cluster', () => {
  it('stand for Services, for Pods of a headless one, and for other names', () => {
    const { addresses, get } = names();
    const ip = get('service web', '.spec.clusterIP');
    const pods = ['db-0', 'db-1'].map((pod) => get(`pod ${pod}`, '.status.podIP'));
    expect(addresses('web.default.svc.cluster.local')).toEqual([ip]);
    expect(addresses('db.default.svc.cluster.local').sort()).toEqual([...pods].sort());
    expect(addresses('db-1.db.default.svc.cluster.local')).toEqual([pods[1]]);
    expect(addresses('outside.default.svc.cluster.local')).toEqual([ip]);
    expect(addresses('kubernetes.default.svc.cluster.local')).toEqual(['10.96.0.1']);
    const dashed = pods[0]?.replaceAll('.', '-') ?? '';
    expect(addresses(`${dashed}.default.pod.cluster.local`)).toEqual([pods[0]]);
    expect(addresses('db-7.db.default.svc.cluster.local')).toEqual([]);
  });

  it('may be short in the own namespace, and shorter than whole from another', () => {
    const { opens } = names();
    for (const name of ['web', 'web.default', 'web.default.svc', 'db-0.db', 'outside']) {
      expect([name, opens(name).exitCode]).toEqual([name, 0]);
    }
    expect(opens('web.default', 'shop').exitCode).toBe(0);
    expect(opens('db-0.db.default', 'shop').exitCode).toBe(0);
    expect(opens('web', 'shop')).toMatchObject({
      exitCode: 1,
      printed: "wget: bad address 'web'\ncommand terminated with exit code 1\n",
    });
  });

  it('that nobody has are told in the words of each tool', () => {
    const { session, asked } = names();
    const lost = session.type('kubectl exec curl -- curl -sS http://nothing');
    expect(lost).toMatchObject({
      exitCode: 6,
      printed: 'curl: (6) Could not resolve host: nothing\ncommand terminated with exit code 6\n',
    });
    const none = asked('nothing.default.svc.cluster.local');
    expect(none.exitCode).toBe(1);
    expect(none.printed).toContain(
      "** server can't find nothing.default.svc.cluster.local: NXDOMAIN\n",
    );
  });

  it('go with the Pods of CoreDNS, and come back with them', () => {
    const { session, sh, asked, opens, get } = names();
    const ip = get('service web', '.spec.clusterIP');
    sh('kubectl -n kube-system scale deployment coredns --replicas=0');
    sh('sleep 10');
    expect(asked('web')).toMatchObject({
      exitCode: 1,
      printed:
        ';; connection timed out; no servers could be reached\n\n' +
        'command terminated with exit code 1\n',
    });
    expect(opens('web').printed).toContain("wget: bad address 'web'");
    expect(session.type('kubectl exec curl -- curl -sS -m 2 http://web').printed).toContain(
      'curl: (28) Resolving timed out after 2000 milliseconds',
    );
    // Who knows the address needs no name.
    expect(opens(ip).exitCode).toBe(0);
    sh('kubectl -n kube-system scale deployment coredns --replicas=2');
    sh('kubectl -n kube-system rollout status deployment/coredns');
    sh('sleep 1');
    expect(opens('web').exitCode).toBe(0);
  });
});
