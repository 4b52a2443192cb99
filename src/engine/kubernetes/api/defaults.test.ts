import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../apimachinery/object.ts';
import { setDefaults } from './defaults.ts';
import type { Pod } from './pod.ts';
import type { ResourceName } from './resources.ts';
import type { Deployment, ReplicaSet } from './workloads.ts';

/** An object as a client sends it, with whatever besides its metadata. */
const object = (kind: string, rest: object = {}, metadata: object = {}): KubeObject =>
  ({ apiVersion: 'v1', kind, metadata: { name: 'web', ...metadata }, ...rest }) as KubeObject;

const filled = (resource: ResourceName, rest: object, metadata: object = {}) =>
  setDefaults(resource, object('Any', rest, metadata)) as unknown as Record<string, unknown>;

const nginx = { name: 'nginx', image: 'nginx' };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [nginx] } };

describe('a Pod of one line', () => {
  const pod = setDefaults('pods', object('Pod', { spec: { containers: [nginx] } })) as Pod;

  it('is what kubectl get -o yaml shows', () => {
    expect(pod.spec).toEqual({
      containers: [
        {
          name: 'nginx',
          image: 'nginx',
          imagePullPolicy: 'Always',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    });
    expect(pod.status).toEqual({ phase: 'Pending' });
  });

  it('is the same object when it comes again', () => {
    expect(setDefaults('pods', pod)).toBe(pod);
  });
});

describe('Pods of one template', () => {
  const deployment = setDefaults(
    'deployments',
    object('Deployment', { spec: { selector: {}, template } }),
  ) as Deployment;
  const replicaSet = setDefaults(
    'replicasets',
    object('ReplicaSet', { spec: { selector: {}, template: deployment.spec.template } }),
  ) as ReplicaSet;

  it('share the template of the Deployment', () => {
    expect(replicaSet.spec.template).toBe(deployment.spec.template);
  });

  it('share one spec', () => {
    const make = () =>
      setDefaults('pods', object('Pod', { spec: replicaSet.spec.template.spec })) as Pod;
    expect(make().spec).toBe(make().spec);
    expect(make().spec.enableServiceLinks).toBe(true);
    expect(deployment.spec.template.spec.enableServiceLinks).toBeUndefined();
  });
});

describe('limits', () => {
  const limited = { name: 'a', image: 'a:1', resources: { limits: { cpu: '1', memory: '1Gi' } } };

  it('become requests of a Pod, but not of a template', () => {
    const pod = filled('pods', { spec: { containers: [limited] } }) as unknown as Pod;
    expect(pod.spec.containers[0]?.resources?.requests).toEqual({ cpu: '1', memory: '1Gi' });
    const set = filled('replicasets', {
      spec: { selector: {}, template: { spec: { containers: [limited] } } },
    }) as unknown as ReplicaSet;
    expect(set.spec.template.spec.containers[0]?.resources?.requests).toBeUndefined();
  });

  it('of the Pod as a whole become requests where containers have none', () => {
    const asking = { name: 'a', image: 'a:1', resources: { requests: { cpu: '100m' } } };
    const pod = filled('pods', {
      spec: {
        containers: [asking, { ...asking, name: 'b' }],
        resources: { limits: { cpu: '2', memory: '1Gi' } },
      },
    }) as unknown as Pod;
    expect(pod.spec.resources?.requests).toEqual({ cpu: '200m', memory: '1Gi' });
  });

  it('are rounded up to thousandths', () => {
    const tiny = { name: 'a', image: 'a:1', resources: { requests: { cpu: '0.0001' } } };
    const pod = filled('pods', { spec: { containers: [tiny] } }) as unknown as Pod;
    expect(pod.spec.containers[0]?.resources?.requests).toEqual({ cpu: '1m' });
  });
});

describe('an image', () => {
  const policies = [
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['registry.local:5000/web', 'Always'],
    [`nginx@sha256:${'a'.repeat(64)}`, 'IfNotPresent'],
    ['NGINX', 'IfNotPresent'],
    ['', 'IfNotPresent'],
  ];
  it.each(policies)('%s is pulled %s', (image, policy) => {
    const pod = filled('pods', { spec: { containers: [{ name: 'a', image }] } }) as unknown as Pod;
    expect(pod.spec.containers[0]?.imagePullPolicy).toBe(policy);
  });
});

it('fills in probes, ports, fields and volumes', () => {
  const container = {
    ...nginx,
    ports: [{ containerPort: 80 }],
    env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    livenessProbe: { grpc: { port: 1 } },
    readinessProbe: { httpGet: { port: 80 }, periodSeconds: 5 },
    lifecycle: { preStop: { httpGet: { port: 80 } } },
  };
  const volumes = [
    { name: 'a' },
    { name: 'b', configMap: { name: 'c' } },
    { name: 'c', hostPath: { path: '/' } },
    { name: 'd', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
  ];
  const pod = filled('pods', {
    spec: { containers: [container], volumes, hostNetwork: true },
  }) as unknown as Pod;
  const [first] = pod.spec.containers;
  expect(first?.ports).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]);
  expect(first?.env?.[0]?.valueFrom?.fieldRef?.apiVersion).toBe('v1');
  expect(first?.livenessProbe?.grpc).toEqual({ port: 1, service: '' });
  expect(first?.readinessProbe).toEqual({
    httpGet: { path: '/', port: 80, scheme: 'HTTP' },
    failureThreshold: 3,
    periodSeconds: 5,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  expect(first?.lifecycle?.preStop?.httpGet).toEqual({ path: '/', port: 80, scheme: 'HTTP' });
  expect(pod.spec.volumes).toEqual([
    { name: 'a', emptyDir: {} },
    { name: 'b', configMap: { name: 'c', defaultMode: 420 } },
    { name: 'c', hostPath: { path: '/', type: '' } },
    {
      name: 'd',
      projected: {
        defaultMode: 420,
        sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }],
      },
    },
  ]);
});

describe('workloads', () => {
  const spec = { selector: {}, template };

  it('roll by a quarter, three back to front, or one by one', () => {
    expect(filled('deployments', { spec }).spec).toMatchObject({
      replicas: 1,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
    });
    expect(filled('statefulsets', { spec }).spec).toMatchObject({
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    expect(filled('daemonsets', { spec }).spec).toMatchObject({
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      },
    });
  });

  it('keep a strategy that is given', () => {
    const strategy = { type: 'Recreate' };
    expect(filled('deployments', { spec: { ...spec, strategy } }).spec).toHaveProperty(
      'strategy',
      strategy,
    );
    const updateStrategy = { type: 'OnDelete' };
    expect(filled('statefulsets', { spec: { ...spec, updateStrategy } }).spec).toHaveProperty(
      'updateStrategy',
      updateStrategy,
    );
  });

  it('of a Job run once, six times again, under the labels of its template', () => {
    const job = filled('jobs', { spec: { template } });
    expect(job.spec).toMatchObject({
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      completions: 1,
      manualSelector: false,
      parallelism: 1,
      podReplacementPolicy: 'TerminatingOrFailed',
      suspend: false,
    });
    expect(job.metadata).toMatchObject({ labels: { app: 'web' } });
    expect(filled('jobs', { spec: { template, parallelism: 3 } }).spec).not.toHaveProperty(
      'completions',
    );
  });

  it('of a CronJob leave the Job alone until it is made', () => {
    const cronJob = filled('cronjobs', {
      spec: { schedule: '@daily', jobTemplate: { spec: { template } } },
    });
    const { jobTemplate, ...rest } = cronJob.spec as { jobTemplate: { spec: object } };
    expect(rest).toEqual({
      schedule: '@daily',
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    expect(jobTemplate.spec).not.toHaveProperty('backoffLimit');
    expect(jobTemplate.spec).toHaveProperty('template.spec.restartPolicy', 'Always');
  });
});

describe('a Service', () => {
  it('is of the cluster and goes to the port of its name', () => {
    expect(filled('services', { spec: { ports: [{ port: 80 }] } }).spec).toEqual({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
  });

  it('that is seen from outside says where its traffic may go', () => {
    expect(filled('services', { spec: { type: 'LoadBalancer' } }).spec).toMatchObject({
      allocateLoadBalancerNodePorts: true,
      externalTrafficPolicy: 'Cluster',
    });
    expect(filled('services', { spec: { type: 'ExternalName' } }).spec).toEqual({
      type: 'ExternalName',
      sessionAffinity: 'None',
    });
  });

  it('remembers a client for three hours', () => {
    expect(filled('services', { spec: { sessionAffinity: 'ClientIP' } }).spec).toMatchObject({
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    });
  });
});

describe('the rest', () => {
  const cases: [ResourceName, object, object][] = [
    ['secrets', {}, { type: 'Opaque' }],
    ['priorityclasses', { value: 5 }, { preemptionPolicy: 'PreemptLowerPriority' }],
    ['storageclasses', {}, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }],
    [
      'persistentvolumes',
      {},
      {
        spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' },
        status: { phase: 'Pending' },
      },
    ],
    ['persistentvolumeclaims', {}, { spec: { volumeMode: 'Filesystem' } }],
    [
      'networkpolicies',
      { spec: { egress: [{}] } },
      { spec: { policyTypes: ['Ingress', 'Egress'] } },
    ],
    [
      'rolebindings',
      { roleRef: { kind: 'Role', name: 'a' }, subjects: [{ kind: 'User', name: 'b' }] },
      {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }],
      },
    ],
    [
      'limitranges',
      { spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' } }] } },
      {
        spec: {
          limits: [{ default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '1Mi' } }],
        },
      },
    ],
    [
      'httproutes',
      {
        spec: { parentRefs: [{ name: 'g' }], rules: [{ backendRefs: [{ name: 's', port: 80 }] }] },
      },
      {
        spec: {
          parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' }],
          rules: [
            {
              matches: [{ path: { type: 'PathPrefix', value: '/' } }],
              backendRefs: [{ group: '', kind: 'Service', name: 's', port: 80, weight: 1 }],
            },
          ],
        },
      },
    ],
  ];
  it.each(cases)('of %s', (resource, given, expected) => {
    const once = filled(resource, given);
    expect(once).toMatchObject(expected);
    expect(setDefaults(resource, once as unknown as KubeObject)).toEqual(once);
  });

  it('labels a Namespace with its name, once it has one', () => {
    expect(filled('namespaces', {}).metadata).toEqual({
      name: 'web',
      labels: { 'kubernetes.io/metadata.name': 'web' },
    });
    expect(filled('namespaces', {}, { name: undefined }).metadata).toEqual({ name: undefined });
  });

  it('writes out a behavior of an HPA and leaves out none', () => {
    const spec = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 10 };
    const plain = filled('horizontalpodautoscalers', { spec }).spec as object;
    expect(plain).toMatchObject({ minReplicas: 1, metrics: [{ resource: { name: 'cpu' } }] });
    expect(plain).not.toHaveProperty('behavior');
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    const told = filled('horizontalpodautoscalers', { spec: { ...spec, behavior } });
    expect(told.spec).toMatchObject({
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: 'Max' },
        scaleDown: {
          stabilizationWindowSeconds: 60,
          policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
        },
      },
    });
  });
});
