import { describe, expect, it } from 'vitest';
import { text } from './described.ts';
import { fieldLabel } from './generic.ts';

/**
 * Whole texts are those of upstream's own test
 * (staging/src/k8s.io/kubectl/pkg/describe/describe_test.go, v0.36.3).
 */
const meta = (metadata: object): object => ({ metadata });
const NO_EVENTS = { events: [] };

describe('the description of a Service', () => {
  const ready = (...addresses: string[]): object => ({ addresses, conditions: { ready: true } });
  const away = { addresses: ['10.244.0.3'], conditions: { ready: false } };
  const port = { name: 'port-tcp', port: 9527, protocol: 'TCP' };
  const spec = {
    type: 'LoadBalancer',
    ports: [{ name: 'port-tcp', port: 8080, protocol: 'TCP', targetPort: 9527, nodePort: 31111 }],
    selector: { blah: 'heh' },
    clusterIP: '1.2.3.4',
    ipFamilies: ['IPv4'],
    loadBalancerIP: '5.6.7.8',
    sessionAffinity: 'None',
    externalTrafficPolicy: 'Local',
    internalTrafficPolicy: 'Cluster',
    healthCheckNodePort: 32222,
  };

  it('shows the ready endpoints of each port', () => {
    const endpointslices = [{ ports: [port], endpoints: [ready('10.244.0.1'), away] }];
    expect(text('services', { spec, status: {} }, { events: [], all: { endpointslices } }))
      .toBe(`Name:                     bar
Namespace:                foo
Labels:                   <none>
Annotations:              <none>
Selector:                 blah=heh
Type:                     LoadBalancer
IP Families:              IPv4
IP:                       1.2.3.4
IPs:                      <none>
Desired LoadBalancer IP:  5.6.7.8
Port:                     port-tcp  8080/TCP
TargetPort:               9527/TCP
NodePort:                 port-tcp  31111/TCP
Endpoints:                10.244.0.1:9527
Session Affinity:         None
External Traffic Policy:  Local
Internal Traffic Policy:  Cluster
HealthCheck NodePort:     32222
Events:                   <none>
`);
  });

  it('shows three of them and how many more there are', () => {
    const endpoints = [1, 2, 3, 4, 5].map((i) => ready(`10.244.0.${i}`));
    const endpointslices = [{ ports: [port], endpoints }];
    expect(text('services', { spec, status: {} }, { all: { endpointslices } })).toContain(
      'Endpoints:                10.244.0.1:9527,10.244.0.2:9527,10.244.0.3:9527 + 2 more...\n',
    );
  });
});

describe('the description of an EndpointSlice', () => {
  it('tells of each endpoint where it is', () => {
    const slice = {
      ...meta({ name: 'foo.123', namespace: 'bar' }),
      addressType: 'IPv4',
      ports: [{ protocol: 'TCP', port: 80 }],
      endpoints: [
        {
          addresses: ['1.2.3.4', '1.2.3.5'],
          conditions: { ready: true },
          targetRef: { kind: 'Pod', name: 'test-123' },
          zone: 'us-central1-a',
          nodeName: 'node-1',
        },
      ],
    };
    expect(text('endpointslices', slice, NO_EVENTS)).toBe(`Name:         foo.123
Namespace:    bar
Labels:       <none>
Annotations:  <none>
AddressType:  IPv4
Ports:
  Name     Port  Protocol
  ----     ----  --------
  <unset>  80    TCP
Endpoints:
  - Addresses:  1.2.3.4, 1.2.3.5
    Conditions:
      Ready:    true
    Hostname:   <unset>
    TargetRef:  Pod/test-123
    NodeName:   node-1
    Zone:       us-central1-a
Events:         <none>
`);
  });
});

describe('the description of an Ingress', () => {
  it('says what is wrong with a backend', () => {
    const backend = { service: { name: 'default-backend', port: { number: 80 } } };
    const rules = [{ host: 'foo.bar.com', http: { paths: [{ path: '/foo', backend }] } }];
    const ingress = { spec: { ingressClassName: 'test', rules }, status: {} };
    expect(text('ingresses', ingress, NO_EVENTS)).toBe(`Name:             bar
Labels:           <none>
Namespace:        foo
Address:          
Ingress Class:    test
Default backend:  <default>
Rules:
  Host         Path  Backends
  ----         ----  --------
  foo.bar.com  
               /foo   default-backend:80 (<error: services "default-backend" not found>)
Annotations:   <none>
Events:        <none>
`);
  });
});

describe('the description of a NetworkPolicy', () => {
  it('says in words what is let through', () => {
    const labels = (matchLabels: object): object => ({ matchLabels });
    const policy = {
      ...meta({
        name: 'network-policy-1',
        namespace: 'default',
        creationTimestamp: '2017-06-04T21:45:56Z',
      }),
      spec: {
        podSelector: {
          matchLabels: { id1: 'app1' },
          matchExpressions: [{ key: 'foo', operator: 'In', values: ['bar1', 'bar2'] }],
        },
        ingress: [
          {
            ports: [{ port: 80 }, { port: 82, endPort: 90, protocol: 'UDP' }],
            from: [
              { podSelector: labels({ id: 'pod1' }), namespaceSelector: labels({ id: 'ns1' }) },
              { ipBlock: { cidr: '192.168.0.0/16', except: ['192.168.3.0/24'] } },
            ],
          },
          {},
        ],
        policyTypes: ['Ingress', 'Egress'],
      },
    };
    expect(text('networkpolicies', policy, NO_EVENTS)).toBe(`Name:         network-policy-1
Namespace:    default
Created on:   2017-06-04 21:45:56 +0000 UTC
Labels:       <none>
Annotations:  <none>
Spec:
  PodSelector:     foo in (bar1,bar2),id1=app1
  Allowing ingress traffic:
    To Port: 80/TCP
    To Port Range: 82-90/UDP
    From:
      NamespaceSelector: id=ns1
      PodSelector: id=pod1
    From:
      IPBlock:
        CIDR: 192.168.0.0/16
        Except: 192.168.3.0/24
    ----------
    To Port: <any> (traffic allowed to all ports)
    From: <any> (traffic not restricted by source)
  Allowing egress traffic:
    <none> (Selected pods are isolated for egress connectivity)
  Policy Types: Ingress, Egress
`);
  });
});

describe('the description of configuration', () => {
  it('shows what is in a ConfigMap, and how big what is no text is', () => {
    const map = {
      ...meta({ name: 'mycm' }),
      data: { key2: 'value2', key1: 'value1' },
      binaryData: { binarykey1: '//79/Ps=', binarykey2: '//79/Pv6' },
    };
    expect(text('configmaps', map, NO_EVENTS)).toBe(`Name:         mycm
Namespace:    foo
Labels:       <none>
Annotations:  <none>

Data
====
key1:
----
value1

key2:
----
value2


BinaryData
====
binarykey1: 5 bytes
binarykey2: 6 bytes

Events:  <none>
`);
  });

  it('keeps what is in a Secret to itself', () => {
    const secret = { type: 'Opaque', data: { text: 'aGVsbG8=', Text: 'aGk=' } };
    expect(text('secrets', secret, NO_EVENTS)).toBe(`Name:         bar
Namespace:    foo
Labels:       <none>
Annotations:  <none>

Type:  Opaque

Data
====
Text:  2 bytes
text:  5 bytes
`);
  });

  it('shows of a ServiceAccount what it pulls with', () => {
    const account = { imagePullSecrets: [{ name: 'one' }, { name: 'two' }] };
    expect(text('serviceaccounts', account, NO_EVENTS)).toBe(`Name:                bar
Namespace:           foo
Labels:              <none>
Annotations:         <none>
Image pull secrets:  one
                     two
Events:              <none>
`);
  });

  it('lets no terminal be taken over, and cuts long annotations', () => {
    const annotations = { a: 'one\u001B', b: 'x'.repeat(150), c: 'two\nlines' };
    const shown = text('configmaps', meta({ annotations }));
    expect(shown).toContain('Annotations:  a: one^[\n');
    expect(shown).toContain(`              b:\n                ${'x'.repeat(138)}...\n`);
    expect(shown).toContain('              c:\n                two\n                lines\n');
  });
});

describe('the description of limits', () => {
  it('writes what is used of a quota as the quota is written', () => {
    const status = {
      hard: { 'requests.memory': '1G', 'limits.cpu': '2' },
      used: { 'requests.memory': '1000Ki', 'limits.cpu': '0' },
    };
    expect(text('resourcequotas', { spec: { scopes: ['BestEffort'] }, status })).toBe(
      `Name:       bar
Namespace:  foo
Scopes:     BestEffort
 * Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.
Resource         Used   Hard
--------         ----   ----
limits.cpu       0      2
requests.memory  1024k  1G
`,
    );
  });

  it('shows a namespace with its quotas and ranges', () => {
    const limits = [{ type: 'Container', default: { cpu: '500m' }, max: { cpu: '1' } }];
    const all = { limitranges: [{ spec: { limits } }] };
    const namespace = { ...meta({ name: 'example' }), status: { phase: 'Active' } };
    expect(text('namespaces', namespace, { all })).toBe(`Name:         example
Labels:       <none>
Annotations:  <none>
Status:       Active

No resource quota.

Resource Limits
 Type       Resource  Min  Max  Default Request  Default Limit  Max Limit/Request Ratio
 ----       --------  ---  ---  ---------------  -------------  -----------------------
 Container  cpu       -    1    -                500m           -
`);
  });
});

describe('the description of a role', () => {
  it('has a line for each resource, whatever rule gives it', () => {
    const rules = [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'watch'] },
      { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'get'] },
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ];
    expect(text('clusterroles', { rules })).toBe(`Name:         bar
Labels:       <none>
Annotations:  <none>
PolicyRule:
  Resources               Non-Resource URLs  Resource Names  Verbs
  ---------               -----------------  --------------  -----
  pods                    []                 []              [get watch list]
                          [/healthz]         []              [get]
  deployments.apps/scale  []                 []              [get]
`);
  });

  it('shows whom a binding is for', () => {
    const subjects = [{ kind: 'ServiceAccount', name: 'sa-name', namespace: 'sa-namespace' }];
    const roleRef = { kind: 'ClusterRole', name: 'my-cluster-role' };
    expect(text('clusterrolebindings', { subjects, roleRef })).toBe(`Name:         bar
Labels:       <none>
Annotations:  <none>
Role:
  Kind:  ClusterRole
  Name:  my-cluster-role
Subjects:
  Kind            Name     Namespace
  ----            ----     ---------
  ServiceAccount  sa-name  sa-namespace
`);
  });
});

describe('the description of storage', () => {
  it('shows a claim with where its data is from and who uses it', () => {
    const claim = {
      spec: {
        storageClassName: 'gold',
        volumeName: 'pv-1',
        dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'src' },
      },
      status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
    };
    const user = {
      metadata: { name: 'web-0' },
      spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'bar' } }] },
    };
    const pods = [user, { metadata: { name: 'other' }, spec: {} }];
    expect(text('persistentvolumeclaims', claim, { events: [], all: { pods } })).toBe(
      `Name:          bar
Namespace:     foo
StorageClass:  gold
Status:        Bound
Volume:        pv-1
Labels:        <none>
Annotations:   <none>
Finalizers:    []
Capacity:      1Gi
Access Modes:  RWO
DataSource:
  APIGroup:  snapshot.storage.k8s.io
  Kind:      VolumeSnapshot
  Name:      src
Used By:     web-0
Events:      <none>
`,
    );
  });

  it('shows where a volume can be reached from', () => {
    const terms = [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }];
    const volume = {
      spec: {
        capacity: { storage: '5Gi' },
        accessModes: ['ReadOnlyMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        nodeAffinity: { required: { nodeSelectorTerms: terms } },
        local: { path: '/mnt' },
      },
      status: { phase: 'Available' },
    };
    const shown = text('persistentvolumes', volume);
    expect(shown.slice(shown.indexOf('Capacity'))).toBe(`Capacity:          5Gi
Node Affinity:     
  Required Terms:  
    Term 0:        zone in [a, b]
Message:           
Source:
    Type:  LocalVolume (a persistent volume backed by local storage on a node)
    Path:  /mnt
`);
  });
});

describe('a kind that has no description of its own', () => {
  it('is shown field by field', () => {
    const lease = {
      apiVersion: 'v1',
      kind: 'Test',
      metadata: { uid: 'u', resourceVersion: '123' },
      items: [{ itemBool: true, itemInt: 42 }],
      nothing: null,
      'dummy/dummy': 'present',
    };
    expect(text('leases', lease, NO_EVENTS)).toBe(`Name:         bar
Namespace:    foo
Labels:       <none>
Annotations:  <none>
API Version:  v1
dummy/dummy:  present
Items:
  Item Bool:  true
  Item Int:   42
Kind:         Test
Metadata:
  Resource Version:  123
  UID:               u
Nothing:             <nil>
Events:              <none>
`);
  });

  it.each([
    ['simpleField', 'Simple Field'],
    ['respectPDBs', 'Respect PDBs'],
    ['apiURL', 'API URL'],
    ['userUID', 'User UID'],
    ['HTTPSProxy', 'HTTPSProxy'],
    ['dummy-dummy', 'Dummy - Dummy'],
    ['dummy2', 'dummy2'],
  ])('calls %s "%s"', (name, label) => {
    expect(fieldLabel(name)).toBe(label);
  });
});
