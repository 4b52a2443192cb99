import { describe, expect, it } from 'vitest';
import { rfc3339 } from '../../../sim/clock.ts';
import type { Event } from '../../api/cluster-objects.ts';
import { NOW_MS, text } from './described.ts';

const NO_EVENTS = { events: [] };

describe('the description of a Pod', () => {
  const container = {
    name: 'test',
    image: 'image',
    ports: [
      { containerPort: 80, protocol: 'TCP', name: 'http' },
      { containerPort: 53, protocol: 'UDP' },
    ],
    command: ['sh', '-c', 'echo\nwait'],
    resources: { limits: { memory: '1Gi' }, requests: { cpu: '100m' } },
    livenessProbe: { exec: { command: ['cat', '/tmp/x'] }, periodSeconds: 10, failureThreshold: 3 },
    envFrom: [{ prefix: 'A_', configMapRef: { name: 'map' } }],
    env: [
      { name: 'PLAIN', value: 'one' },
      { name: 'NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
      { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'hidden', key: 'k' } } },
    ],
    volumeMounts: [
      { name: 'data', mountPath: '/z', subPath: 'foo' },
      { name: 'data', mountPath: '/a', readOnly: true },
    ],
  };
  const pod = {
    spec: {
      containers: [container],
      nodeName: 'node-1',
      volumes: [
        { name: 'data', projected: { sources: [{ secret: { name: 's', optional: true } }] } },
      ],
      tolerations: [
        { operator: 'Exists' },
        { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    },
    status: {
      phase: 'Running',
      hostIP: '10.0.0.1',
      podIP: '10.244.0.7',
      podIPs: [{ ip: '10.244.0.7' }],
      containerStatuses: [
        {
          name: 'test',
          image: 'image',
          imageID: 'sha256:1',
          containerID: 'containerd://2',
          ready: true,
          restartCount: 7,
          state: { running: { startedAt: '2026-01-05T11:59:00Z' } },
          lastState: {
            terminated: { exitCode: 3, reason: 'Error', startedAt: '2026-01-05T11:00:00Z' },
          },
        },
      ],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };

  it('is laid out to the last blank', () => {
    expect(text('pods', pod, NO_EVENTS)).toBe(`Name:         bar
Namespace:    foo
Node:         node-1/10.0.0.1
Labels:       <none>
Annotations:  <none>
Status:       Running
IP:           10.244.0.7
IPs:
  IP:  10.244.0.7
Containers:
  test:
    Container ID:  containerd://2
    Image:         image
    Image ID:      sha256:1
    Ports:         80/TCP (http), 53/UDP
    Host Ports:    0/TCP (http), 0/UDP
    Command:
      sh
      -c
      echo
      wait
    State:          Running
      Started:      Mon, 05 Jan 2026 11:59:00 +0000
    Last State:     Terminated
      Reason:       Error
      Exit Code:    3
      Started:      Mon, 05 Jan 2026 11:00:00 +0000
      Finished:     Mon, 01 Jan 0001 00:00:00 +0000
    Ready:          True
    Restart Count:  7
    Limits:
      memory:  1Gi
    Requests:
      cpu:     100m
    Liveness:  exec [cat /tmp/x] delay=0s timeout=0s period=10s #success=0 #failure=3
    Environment Variables from:
      map  ConfigMap with prefix 'A_'  Optional: false
    Environment:
      PLAIN:  one
      NAME:   bar (v1:metadata.name)
      IP:      (v1:status.podIP)
      CPU:    node allocatable (limits.cpu)
      KEY:    <set to the key 'k' in secret 'hidden'>  Optional: false
    Mounts:
      /a from data (ro)
      /z from data (rw,path="foo")
Conditions:
  Type    Status
  Ready   True 
Volumes:
  data:
    Type:        Projected (a volume that contains injected data from multiple sources)
    SecretName:  s
    Optional:    true
QoS Class:       Burstable
Node-Selectors:  <none>
Tolerations:     op=Exists
                 a:NoExecute op=Exists for 300s
Events:          <none>
`);
  });

  it('ends with what happened, the newest last', () => {
    const at = (agoMs: number): string => rfc3339(NOW_MS - agoMs);
    const event = {
      type: 'Normal',
      source: { component: 'kubelet' },
      involvedObject: {},
      count: 1,
    };
    const events = [
      {
        ...event,
        reason: 'BackOff',
        message: ' again ',
        count: 3,
        firstTimestamp: at(300_000),
        lastTimestamp: at(10_000),
        involvedObject: { fieldPath: 'spec.containers{test}' },
      },
      {
        ...event,
        reason: 'Scheduled',
        message: 'done',
        source: { component: '' },
        reportingComponent: 'default-scheduler',
        firstTimestamp: at(301_000),
        lastTimestamp: at(301_000),
      },
    ];
    const shown = text('pods', pod, { events: events as unknown as Partial<Event>[] });
    expect(shown.slice(shown.indexOf('Events:'))).toBe(`Events:
  Type    Reason     Age               From               Message
  ----    ------     ----              ----               -------
  Normal  Scheduled  5m1s              default-scheduler  done
  Normal  BackOff    10s (x3 over 5m)  kubelet            spec.containers{test}: again
`);
  });

  it('has no events when none are wanted', () => {
    expect(text('pods', pod)).not.toContain('Events');
  });
});

describe('the description of what runs Pods', () => {
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  };
  const owner = { controller: true, kind: 'Deployment', name: 'bar', uid: 'u' };
  const set = (name: string, revision: string): object => ({
    metadata: {
      name,
      ownerReferences: [owner],
      annotations: { 'deployment.kubernetes.io/revision': revision },
    },
    spec: { replicas: 2 },
    status: { replicas: 1 },
  });

  it('tells the new ReplicaSet of a Deployment from the old ones', () => {
    const deployment = {
      metadata: { uid: 'u', annotations: { 'deployment.kubernetes.io/revision': '2' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: 1 } },
        template,
      },
      status: {},
    };
    const all = { replicasets: [set('bar-1', '1'), set('bar-2', '2')] };
    const shown = text('deployments', deployment, { all });
    expect(shown).toContain('RollingUpdateStrategy:  25% max unavailable, 1 max surge\n');
    expect(shown).toContain(`Pod Template:
  Labels:  app=web
  Containers:
   web:
    Image:         nginx
    Port:          <none>
    Host Port:     <none>
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
OldReplicaSets:    bar-1 (1/2 replicas created)
NewReplicaSet:     bar-2 (1/2 replicas created)
`);
  });

  it('counts only the Pods of a set, by where they are', () => {
    const pod = (phase: string, uid: string): object => ({
      metadata: { ownerReferences: [{ ...owner, uid }] },
      status: { phase },
    });
    const all = { pods: [pod('Running', 'u'), pod('Pending', 'u'), pod('Failed', 'other')] };
    const object = {
      metadata: { uid: 'u' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
      status: { replicas: 1, conditions: [{ type: 'ReplicaFailure', status: 'True' }] },
    };
    const shown = text('replicasets', object, { all });
    expect(shown).toContain('Pods Status:  1 Running / 1 Waiting / 0 Succeeded / 0 Failed\n');
    expect(shown).toContain('  ReplicaFailure   True    \n');
  });

  it('cuts the list of completed indexes', () => {
    const completedIndexes = '0-5,7,9,10,12,13,15,16,18,20,21,23,24,26,27,29,30,32-34,36,37';
    const spec = { completionMode: 'Indexed', template };
    const shown = text('jobs', { spec, status: { completedIndexes } });
    expect(shown).toContain(
      'Completed Indexes:  0-5,7,9,10,12,13,15,16,18,20,21,23,24,26,27,29,30,32-34,...\n',
    );
    expect(shown).not.toContain('Suspend:');
  });

  it('shows what a CronJob leaves out as unset', () => {
    const spec = {
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      startingDeadlineSeconds: 200,
      jobTemplate: { spec: { parallelism: 4, template } },
    };
    const shown = text('cronjobs', { spec, status: { active: [{ name: 'a' }, { name: 'b' }] } });
    expect(shown).toContain(`Schedule:                      */5 * * * *
Concurrency Policy:            Forbid
Suspend:                       False
Time Zone:                     <unset>
Successful Job History Limit:  <unset>
Failed Job History Limit:      <unset>
Starting Deadline Seconds:     200s
Selector:                      <unset>
Parallelism:                   4
Completions:                   <unset>
`);
    expect(shown).toContain('Last Schedule Time:  <unset>\nActive Jobs:         a, b\n');
  });
});

describe('the description of a node', () => {
  it('adds up what its Pods ask for', () => {
    const pod = {
      metadata: { name: 'pod', namespace: 'foo', creationTimestamp: rfc3339(NOW_MS - 60_000) },
      spec: {
        containers: [
          { resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } } },
          { resources: { requests: { 'hugepages-2Mi': '512Mi' } } },
        ],
      },
    };
    const allocatable = { cpu: '4', memory: '12Gi', pods: '110', 'hugepages-2Mi': '2Gi', gpu: '1' };
    const object = {
      metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } },
      spec: { unschedulable: true, taints: [{ key: 'k', effect: 'NoSchedule' }] },
      status: { allocatable },
    };
    const leases = [{ spec: { holderIdentity: 'holder', renewTime: '2026-01-05T00:00:00Z' } }];
    const shown = text('nodes', object, { all: { pods: [pod], leases } });
    expect(shown).toContain('Roles:              control-plane\n');
    expect(shown).toContain(`Taints:             k:NoSchedule
Unschedulable:      true
Lease:
  HolderIdentity:  holder
  AcquireTime:     <unset>
  RenewTime:       Mon, 05 Jan 2026 00:00:00 +0000
`);
    expect(shown).toContain(`Non-terminated Pods:          (1 in total)
  Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----    ------------  ----------  ---------------  -------------  ---
  foo                         pod     1 (25%)       2 (50%)     1Gi (8%)         0 (0%)         60s
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests     Limits
  --------           --------     ------
  cpu                1 (25%)      2 (50%)
  memory             1Gi (8%)     0 (0%)
  ephemeral-storage  0 (0%)       0 (0%)
  hugepages-2Mi      512Mi (25%)  0 (0%)
  gpu                0            0
`);
  });
});

describe('the description of an autoscaler', () => {
  it('shows each metric as it is and as it should be', () => {
    const target = { type: 'Utilization', averageUtilization: 80 };
    const current = { averageUtilization: 50, averageValue: '40m' };
    const hpa = {
      metadata: { creationTimestamp: '2026-01-05T00:00:00Z' },
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'web' },
        maxReplicas: 10,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target } },
          { type: 'Pods', pods: { metric: { name: 'hits' }, target: { averageValue: '10' } } },
        ],
        behavior: {
          scaleDown: { policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }] },
        },
      },
      status: {
        currentReplicas: 4,
        desiredReplicas: 5,
        currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current } }],
      },
    };
    const shown = text('horizontalpodautoscalers', hpa);
    expect(shown).toContain(`
  resource cpu on pods  (as a percentage of request):  50% (40m) / 80%
  "hits" on pods:                                      <unknown> / 10
Min replicas:                                          <unset>
Max replicas:                                          10
Behavior:
  Scale Down:
    Select Policy: Max
    Policies:
      - Type: Percent  Value: 10  Period: 60 seconds
Deployment pods:       4 current / 5 desired
`);
  });
});
