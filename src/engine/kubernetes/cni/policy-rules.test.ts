import { describe, expect, it } from 'vitest';
import type { NetworkPolicy } from '../api/networking.ts';
import type { Pod } from '../api/pod.ts';
import { lets, type Connection, type Peer } from './policy-rules.ts';

function peer(name: string, namespace: string, ip: string): Peer {
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace, labels: { app: name } },
    spec: { containers: [{ name, image: name, ports: [{ name: 'http', containerPort: 8080 }] }] },
  } as unknown as Pod;
  return { ip, pod, namespaceLabels: { 'kubernetes.io/metadata.name': namespace } };
}

const policy = (spec: NetworkPolicy['spec']): NetworkPolicy =>
  ({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    metadata: { name: 'one', namespace: 'shop' },
    spec,
  }) as unknown as NetworkPolicy;

const web = peer('web', 'shop', '10.244.1.2');
const db = peer('db', 'shop', '10.244.2.3');
const stranger = peer('web', 'other', '10.244.3.4');
const connection = (from: Peer, to: Peer, port = 5432): Connection => ({ from, to, port });

describe('network policies', () => {
  it('are none: everything passes', () => {
    expect(lets([], 'Ingress', connection(stranger, db))).toBe(true);
  });

  it('select a Pod and list nothing: nothing passes, and others are as open as before', () => {
    const closed = policy({
      podSelector: { matchLabels: { app: 'db' } },
      policyTypes: ['Ingress'],
    });
    expect(lets([closed], 'Ingress', connection(web, db))).toBe(false);
    expect(lets([closed], 'Ingress', connection(db, web))).toBe(true);
    expect(lets([closed], 'Egress', connection(db, web))).toBe(true);
  });

  it('list Pods of their own namespace unless they name others', () => {
    const fromWeb = policy({
      podSelector: {},
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
    });
    expect(lets([fromWeb], 'Ingress', connection(web, db))).toBe(true);
    expect(lets([fromWeb], 'Ingress', connection(stranger, db))).toBe(false);
    const fromOther = policy({
      podSelector: {},
      ingress: [
        {
          from: [
            {
              podSelector: { matchLabels: { app: 'web' } },
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } },
            },
          ],
        },
      ],
    });
    expect(lets([fromOther], 'Ingress', connection(stranger, db))).toBe(true);
    expect(lets([fromOther], 'Ingress', connection(web, db))).toBe(false);
    // Two policies: what either lists passes.
    expect(lets([fromOther, fromWeb], 'Ingress', connection(web, db))).toBe(true);
  });

  it('list ports by number, range and name', () => {
    const ports = (
      ...list: NonNullable<NetworkPolicy['spec']['ingress']>[number]['ports'] & object
    ) => policy({ podSelector: {}, ingress: [{ ports: list }] });
    const at = (rules: NetworkPolicy, port: number) =>
      lets([rules], 'Ingress', connection(web, db, port));
    expect(at(ports({ port: 5432 }), 5432)).toBe(true);
    expect(at(ports({ port: 5432 }), 5433)).toBe(false);
    expect(at(ports({ port: 5000, endPort: 6000 }), 5999)).toBe(true);
    expect(at(ports({ port: 'http' }), 8080)).toBe(true);
    expect(at(ports({ port: 'http' }), 80)).toBe(false);
    expect(at(ports({ protocol: 'UDP' }), 5432)).toBe(false);
  });

  it('list ranges of addresses but for some', () => {
    const block = policy({
      podSelector: {},
      egress: [{ to: [{ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.3.0/24'] } }] }],
      policyTypes: ['Egress'],
    });
    expect(lets([block], 'Egress', connection(web, db))).toBe(true);
    expect(lets([block], 'Egress', connection(web, stranger))).toBe(false);
    expect(lets([block], 'Egress', connection(web, { ip: '192.168.10.2' }))).toBe(false);
  });
});
