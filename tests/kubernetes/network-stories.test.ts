import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What a person sees of a cluster's network, from a workstation and from Pods. */
const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:1.29-alpine
          readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
`;
const CODE = '-s -o /dev/null -w "%{http_code}"';

function town(seed = 3) {
  const session = new Session({ preset: 'cluster', seed });
  const sh = (line: string): string => session.type(line).printed;
  const apply = (name: string, text: string): string => {
    session.write(name, text);
    return sh(`kubectl apply -f ${name}`);
  };
  apply('web.yaml', WEB);
  sh('kubectl rollout status deployment/web');
  const box = (name: string, image = 'curlimages/curl:8.17.0') => {
    sh(`kubectl run ${name} --image=${image} --labels=app=${name} --command -- sleep 360000`);
    sh(`kubectl wait --for=condition=Ready pod/${name}`);
  };
  const get = (what: string, path: string) => sh(`kubectl get ${what} -o jsonpath='{${path}}'`);
  return { session, sh, apply, box, get };
}

describe('from the workstation', () => {
  it('a node port answers at every node, and a load balancer at its own address', () => {
    const { sh, get } = town();
    sh('kubectl expose deployment web --port=80 --type=NodePort');
    const port = get('service web', '.spec.ports[0].nodePort');
    sh('sleep 1');
    for (const node of ['node-1', 'node-2', 'node-3', 'control-1']) {
      expect(sh(`curl ${CODE} ${node}:${port}`)).toBe('200');
    }
    sh('kubectl expose deployment web --name=lb --port=80 --type=LoadBalancer');
    sh('sleep 1');
    expect(sh('kubectl get service lb --no-headers')).toMatch(
      /LoadBalancer +\S+ +192\.168\.11\.240/,
    );
    expect(sh(`curl ${CODE} 192.168.11.240`)).toBe('200');
    // A cluster IP and the addresses of Pods mean nothing outside.
    const inner = get('service web', '.spec.clusterIP');
    expect(sh(`curl ${CODE} -m 2 ${inner}`)).toBe('000');
    const pod = get('pods -l app=web', '.items[0].status.podIP');
    expect(sh(`curl ${CODE} -m 2 ${pod}`)).toBe('000');
  });

  it('with a local policy only nodes with a Pod answer, and they see who asks', () => {
    const { sh, get, session } = town();
    sh('kubectl expose deployment web --port=80 --type=NodePort');
    sh('kubectl scale deployment web --replicas=1');
    sh('kubectl wait --for=jsonpath={.status.replicas}=1 deployment/web');
    sh('sleep 40');
    const port = get('service web', '.spec.ports[0].nodePort');
    const home = get('pods -l app=web', '.items[0].spec.nodeName');
    const other = ['node-1', 'node-2', 'node-3'].find((node) => node !== home) ?? '';
    expect(sh(`curl ${CODE} ${other}:${port}`)).toBe('200');
    const last = () => sh('kubectl logs deployment/web --tail=1');
    const seen = last().split(' ')[0] ?? '';
    expect(sh(`kubectl get nodes -o wide`)).toContain(` ${seen} `);
    sh(`kubectl patch service web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`);
    sh('sleep 1');
    expect(session.type(`curl -sS -m 2 ${other}:${port}`).exitCode).toBe(28);
    expect(sh(`curl ${CODE} ${home}:${port}`)).toBe('200');
    expect(last()).toMatch(/^192\.168\.10\.\d+ /);
    expect(last().split(' ')[0]).not.toBe(seen);
  });

  it('an Ingress and a Gateway tell applications apart by host and path', () => {
    const { sh, apply } = town();
    sh('kubectl expose deployment web --port=80');
    sh('kubectl create ingress shop --class=nginx --rule=shop.example.com/*=web:80');
    sh('sleep 2');
    expect(sh('kubectl get ingress shop --no-headers')).toMatch(
      /^shop +nginx +shop\.example\.com +192\.168\.11\.200 +80 /,
    );
    expect(sh(`curl ${CODE} -H 'Host: shop.example.com' 192.168.11.200`)).toBe('200');
    expect(sh(`curl ${CODE} -H 'Host: other.example.com' 192.168.11.200`)).toBe('404');
    apply(
      'gateway.yaml',
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front}
spec:
  gatewayClassName: nginx
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: front}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
`,
    );
    sh('sleep 2');
    const at = sh(`kubectl get gateway front -o jsonpath='{.status.addresses[0].value}'`);
    expect(at).toMatch(/^192\.168\.11\.2\d\d$/);
    expect(sh(`curl ${CODE} -H 'Host: shop.example.com' ${at}`)).toBe('200');
    expect(sh(`curl ${CODE} -H 'Host: other.example.com' ${at}`)).toBe('404');
    sh('kubectl delete httproute shop');
    expect(sh(`curl ${CODE} -H 'Host: shop.example.com' ${at}`)).toBe('404');
  });
});

describe('between Pods', () => {
  it('a Service without endpoints refuses', () => {
    const { sh, box, session } = town();
    sh('kubectl expose deployment web --port=80');
    box('box');
    expect(sh(`kubectl exec box -- curl ${CODE} web`)).toBe('200');
    sh('kubectl scale deployment web --replicas=0');
    sh('sleep 40');
    const refused = session.type('kubectl exec box -- curl -sS web');
    expect(refused.printed).toMatch(
      /^curl: \(7\) Failed to connect to web port 80 after \d+ ms: Could not connect to server\n/,
    );
    expect(refused.exitCode).toBe(7);
  });

  it('a client with affinity stays with its Pod until it has been away for too long', () => {
    const { sh, box, apply } = town();
    apply(
      'sticky.yaml',
      `apiVersion: v1
kind: Service
metadata: {name: sticky}
spec:
  selector: {app: web}
  ports: [{port: 80}]
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
`,
    );
    box('box');
    const ask = (times: number) => {
      for (let i = 0; i < times; i++) sh('kubectl exec box -- curl -s -o /dev/null sticky');
    };
    const served = () =>
      sh('kubectl logs -l app=web --tail=-1 --prefix')
        .split('\n')
        .filter((line) => line.includes('curl/'))
        .map((line) => line.split(' ')[0]);
    ask(12);
    expect(new Set(served()).size).toBe(1);
    // After a minute of silence each time the draw is made anew.
    for (let i = 0; i < 8; i++) {
      sh('sleep 61');
      ask(1);
    }
    expect(new Set(served()).size).toBe(3);
  });

  it('what no policy lists is dropped: names first, then the connection', () => {
    const { sh, box, apply, get } = town();
    sh('kubectl expose deployment web --port=80');
    box('shop');
    box('spy');
    const ask = (from: string, host = 'web') =>
      sh(`kubectl exec ${from} -- curl -sS -o /dev/null -w "%{http_code}" -m 3 ${host}`);
    expect(ask('shop')).toBe('200');
    const policy = (name: string, spec: string) =>
      apply(
        `${name}.yaml`,
        `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}}
spec: ${spec}
`,
      );
    policy('deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
    expect(ask('shop')).toContain('curl: (28) Resolving timed out after 3000 milliseconds');
    const ip = get('service web', '.spec.clusterIP');
    policy(
      'out',
      '{podSelector: {}, policyTypes: [Egress], egress: [' +
        '{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}, ' +
        '{to: [{podSelector: {matchLabels: {app: web}}}]}]}',
    );
    expect(ask('shop')).toContain('curl: (28) Connection timed out after');
    policy(
      'in',
      '{podSelector: {matchLabels: {app: web}}, ' +
        'ingress: [{from: [{podSelector: {matchLabels: {app: shop}}}], ports: [{port: 80}]}]}',
    );
    expect([ask('shop'), ask('shop', ip)]).toEqual(['200', '200']);
    expect(ask('spy')).toContain('curl: (28) Connection timed out after');
    // The API server is no Pod that a rule lists.
    expect(
      sh('kubectl exec shop -- curl -skS -m 3 https://kubernetes.default.svc/version'),
    ).toContain('curl: (28) Connection timed out after');
  });
});
