import { describe, expect, it, vi } from 'vitest';
import type { HttpOutcome } from '../../src/engine/net/http.ts';
import type { Cluster } from '../../src/engine/kubernetes/cluster.ts';
import { smallCluster, WEB } from './small-cluster.ts';

const SERVICE = (name: string, app: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${app}
  ports:
    - port: 80
`;

const named = (name: string): string =>
  WEB.replaceAll('name: web\n', `name: ${name}\n`).replaceAll('app: web', `app: ${name}`);

/** Two applications of nginx, each behind a Service, and a way to ask from outside. */
function shop() {
  const world = smallCluster();
  const { kernel, cluster, sh, write } = world;
  const outcomes = kernel.store.table<HttpOutcome>('test/outcomes');
  kernel.event<{ id: string; outcome: HttpOutcome }>('test/answer', ({ id, outcome }) => {
    outcomes.set(id, outcome);
  });
  for (const name of ['web', 'api']) {
    write(`${name}.yaml`, `${named(name)}---\n${SERVICE(name, name)}`);
    expect(sh(`kubectl apply -f ${name}.yaml`).code).toBe(0);
    expect(sh(`kubectl rollout status deployment/${name}`).code).toBe(0);
  }
  let asked = 0;
  const ask = (ip: string, host: string, path: string, port = 80) => {
    const id = String((asked += 1));
    const then = { event: 'test/answer', payload: { id } };
    world.http.request(
      { machine: 'dev', name: 'dev' },
      { ip, port },
      { method: 'GET', path, host },
      then,
    );
    kernel.advanceUntil(() => outcomes.has(id), 120_000);
    return outcomes.get(id);
  };
  const status = (outcome: HttpOutcome | undefined): number | string =>
    outcome?.ok ? outcome.response.status : (outcome?.error ?? 'nothing');
  return { ...world, cluster, ask, status };
}

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  number: 80
          - path: /api
            pathType: Prefix
            backend:
              service:
                name: api
                port:
                  number: 80
`;

describe('an Ingress', () => {
  it('gets the address of its controller, and sends each path to its Service', () => {
    const { sh, write, kernel, cluster, ask, status } = shop();
    write('ingress.yaml', INGRESS);
    expect(sh('kubectl apply -f ingress.yaml').code).toBe(0);
    kernel.advance(kernel.now + 1000);
    const ip = cluster.client('test').get('ingresses', 'default', 'shop')?.status.loadBalancer
      ?.ingress?.[0]?.ip;
    expect(ip).toBeDefined();
    const answer = ask(ip ?? '', 'shop.example.com', '/');
    expect(status(answer)).toBe(200);
    // nginx has no file of that name, so it is the application that says 404.
    expect(status(ask(ip ?? '', 'shop.example.com', '/api/x'))).toBe(404);
    expect(status(ask(ip ?? '', 'other.example.com', '/'))).toBe(404);
    // Without Pods there is nobody to pass it to.
    sh('kubectl scale deployment web --replicas=0');
    kernel.advance(kernel.now + 60_000);
    expect(status(ask(ip ?? '', 'shop.example.com', '/'))).toBe(503);
  });

  it('goes on when the node that takes its requests is lost', () => {
    const { sh, write, kernel, cluster, links, ask, status } = shop();
    write('ingress.yaml', INGRESS);
    sh('kubectl apply -f ingress.yaml');
    kernel.advance(kernel.now + 1000);
    const ip = '192.168.11.200';
    expect(status(ask(ip, 'shop.example.com', '/'))).toBe(200);
    links.setUp('node-1', false);
    cluster.setSilent('node-1', true);
    expect(status(ask(ip, 'shop.example.com', '/'))).toBe('timeout');
    kernel.advance(kernel.now + 60_000);
    expect(status(ask(ip, 'shop.example.com', '/'))).toBe(200);
  });
});

const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: front
spec:
  gatewayClassName: nginx
  listeners:
    - name: http
      port: 80
      protocol: HTTP
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
spec:
  parentRefs:
    - name: front
  hostnames:
    - shop.example.com
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /old
      filters:
        - type: RequestRedirect
          requestRedirect:
            path:
              type: ReplacePrefixMatch
              replacePrefixMatch: /new
            statusCode: 301
    - backendRefs:
        - name: web
          port: 80
          weight: 9
        - name: api
          port: 80
          weight: 1
`;

describe('a Gateway', () => {
  it('gets an address, takes its routes, redirects, and splits by weight', () => {
    const { sh, write, kernel, cluster, ask, status } = shop();
    write('gateway.yaml', GATEWAY);
    expect(sh('kubectl apply -f gateway.yaml').code).toBe(0);
    kernel.advance(kernel.now + 2000);
    const gateway = cluster.client('test').get('gateways', 'default', 'front');
    const ip = gateway?.status.addresses?.[0]?.value ?? '';
    expect(gateway?.status.listeners?.[0]?.attachedRoutes).toBe(1);
    const old = ask(ip, 'shop.example.com', '/old/page');
    expect(status(old)).toBe(301);
    expect(old?.ok && old.response.headers.Location).toBe('http://shop.example.com/new/page');
    expect(status(ask(ip, 'other.example.com', '/'))).toBe(404);
    const served = Array.from({ length: 60 }, () => status(ask(ip, 'shop.example.com', '/')));
    expect(served.every((code) => code === 200)).toBe(true);
  });
});

describe('the rules of a proxy', () => {
  /** How often all objects of a kind were gone through while something was done. */
  const scans = (cluster: Cluster, resource: string, work: () => void): number => {
    const spy = vi.spyOn(cluster.api, 'scan');
    work();
    const count = spy.mock.calls.filter(([asked]) => asked === resource).length;
    spy.mockRestore();
    return count;
  };

  it('of Ingresses are read when they change, not with every request', () => {
    const { sh, write, kernel, cluster, ask, status } = shop();
    const ip = '192.168.11.200';
    write('ingress.yaml', INGRESS);
    sh('kubectl apply -f ingress.yaml');
    kernel.advance(kernel.now + 1000);
    const get = (host = 'shop.example.com') => status(ask(ip, host, '/'));
    expect(get()).toBe(200);
    const count = scans(cluster, 'ingresses', () => {
      for (let i = 0; i < 20; i++) get();
      for (let i = 0; i < 20; i++) expect(get(`host-${i}.example.com`)).toBe(404);
    });
    expect(count).toBe(0);
    const here = kernel.checkpoint();
    write('ingress.yaml', INGRESS.replace('shop.example.com', 'store.example.com'));
    sh('kubectl apply -f ingress.yaml');
    expect([get(), get('store.example.com')]).toEqual([404, 200]);
    sh('kubectl delete ingress shop');
    expect(get('store.example.com')).toBe(404);
    // Time taken back takes what was remembered back.
    kernel.restore(here);
    expect([get(), get('store.example.com')]).toEqual([200, 404]);
  });

  it('of a Gateway are read when its routes, or the labels of a namespace, change', () => {
    const { sh, write, kernel, cluster, ask, status } = shop();
    const selected =
      '      allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {open: "yes"}}}}\n';
    write(
      'gateway.yaml',
      GATEWAY.replace('      protocol: HTTP\n', `      protocol: HTTP\n${selected}`),
    );
    sh('kubectl apply -f gateway.yaml');
    kernel.advance(kernel.now + 2000);
    const gateway = cluster.client('test').get('gateways', 'default', 'front');
    const ip = gateway?.status.addresses?.[0]?.value ?? '';
    const get = () => status(ask(ip, 'shop.example.com', '/'));
    expect(get()).toBe(404);
    sh('kubectl label namespace default open=yes');
    expect(get()).toBe(200);
    kernel.advance(kernel.now + 2000);
    get();
    expect(
      scans(cluster, 'httproutes', () => {
        for (let i = 0; i < 20; i++) expect(get()).toBe(200);
      }),
    ).toBe(0);
    sh('kubectl delete httproute shop');
    expect(get()).toBe(404);
  });
});
