import { describe, expect, it } from 'vitest';
import { problems } from './problems.ts';

describe('a Service', () => {
  const service = (spec: object, metadata: object = {}): object => ({ metadata, spec });

  it('has a name that begins with a letter, and ports', () => {
    expect(problems('services', service({ ports: [] }, { name: '1a' }))).toEqual([
      `metadata.name: Invalid value: "1a": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
      'spec.ports: Required value',
    ]);
  });

  it('names its ports when there are several, each once', () => {
    const ports = [{ port: 80 }, { port: 80, name: 'b' }, { port: 81, name: 'b' }];
    expect(problems('services', service({ ports }))).toEqual([
      'spec.ports[0].name: Required value',
      'spec.ports[2].name: Duplicate value: "b"',
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ]);
  });

  it('keeps its address', () => {
    const ports = [{ port: 80 }];
    const at = (clusterIP: string): object =>
      service({ ports, clusterIP, clusterIPs: [clusterIP] });
    expect(problems('services', at('10.96.0.2'), at('10.96.0.1'))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.2"]: may not change once set',
    ]);
  });
});

describe('a ConfigMap', () => {
  it('has keys of a given form, and no more than 1 MiB', () => {
    expect(problems('configmaps', { data: { 'a b': 'x' } })).toEqual([
      `data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    ]);
    expect(problems('configmaps', { data: { a: 'x'.repeat(1_048_577) } })).toEqual(
      ['Too long: may not be more than 1048576 bytes'].map((message) => `: ${message}`),
    );
  });

  it('stays as it is when it is immutable', () => {
    const before = { immutable: true, data: { a: 'b' } };
    expect(problems('configmaps', { immutable: true, data: { a: 'c' } }, before)).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
    expect(problems('configmaps', { data: { a: 'b' } }, before)).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
    ]);
  });
});

describe('a Secret', () => {
  it('has what its type needs', () => {
    expect(problems('secrets', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'aGk=' } })).toEqual(
      ['data[tls.key]: Required value'],
    );
  });

  it('keeps its type', () => {
    expect(problems('secrets', { type: 'b' }, { type: 'a' })).toEqual([
      'type: Invalid value: "b": field is immutable',
    ]);
  });
});

describe('storage', () => {
  it('is claimed with a size and a way', () => {
    expect(problems('persistentvolumeclaims', { spec: {} })).toEqual([
      'spec.accessModes: Required value: at least 1 access mode is required',
      'spec.resources[storage]: Required value',
    ]);
  });

  it('does not shrink', () => {
    const claim = (storage: string): object => ({
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
      status: { phase: 'Bound', capacity: { storage: '2Gi' } },
    });
    expect(problems('persistentvolumeclaims', claim('1Gi'), claim('2Gi'))[0]).toMatch(
      /^spec\.resources\.requests\.storage: Forbidden: field can not be less than /,
    );
  });

  it('is provisioned by a class that stays', () => {
    const of = (provisioner: string): object => ({
      metadata: { namespace: undefined },
      provisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    });
    expect(problems('storageclasses', of('b'), of('a'))).toEqual([
      'provisioner: Forbidden: updates to provisioner are forbidden.',
    ]);
  });
});

describe('roles', () => {
  const GROUP = 'rbac.authorization.k8s.io';
  const bound = (name: string): object => ({
    roleRef: { apiGroup: GROUP, kind: 'Role', name },
    subjects: [{ kind: 'User', apiGroup: GROUP, name: 'jane' }],
  });

  it('say what may be done with what', () => {
    expect(problems('roles', { rules: [{ verbs: ['get'] }, { nonResourceURLs: ['/'] }] })).toEqual([
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
      'rules[0].resources: Required value: resource rules must supply at least one resource',
      'rules[1].verbs: Required value: verbs must contain at least one value',
      'rules[1].nonResourceURLs: Invalid value: ["/"]: namespaced rules cannot apply to non-resource URLs',
    ]);
  });

  it('are bound once and for all', () => {
    expect(problems('rolebindings', bound('b'), bound('b'))).toEqual([]);
    expect(problems('rolebindings', bound('b'), bound('a'))).toEqual([
      `roleRef: Invalid value: {"APIGroup":"${GROUP}","Kind":"Role","Name":"b"}: cannot change roleRef`,
    ]);
  });
});

describe('ways in', () => {
  it('lead somewhere, by paths that begin with a slash', () => {
    const backend = { service: { name: 'web', port: { number: 80 } } };
    const rules = [{ http: { paths: [{ path: 'a', pathType: 'Prefix', backend }] } }];
    expect(problems('ingresses', { spec: { rules } })).toEqual([
      'spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path',
    ]);
    expect(problems('ingresses', { spec: {} })[0]).toMatch(
      /either `defaultBackend` or `rules` must be specified$/,
    );
  });

  it('are limited to ranges of addresses', () => {
    const from = [{ ipBlock: { cidr: '10.0.0.0' } }];
    const ingress = [{ from, ports: [{ port: 70_000 }] }];
    expect(problems('networkpolicies', { spec: { podSelector: {}, ingress } })).toEqual([
      'spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ]);
  });
});
