import type { KubeObject } from '../apimachinery/object.ts';
import type { Service } from './cluster-objects.ts';
import type { Container, Pod, PodSpec, PodTemplate, Probe, PullPolicy } from './pod.ts';
import type { ResourceName } from './resources.ts';
import type { Deployment, ReplicaSet } from './workloads.ts';

/**
 * What the server fills in when a field is left out (pkg/apis/{core,apps}/v1/defaults.go, v1.36).
 */
export function setDefaults(resource: ResourceName, object: KubeObject): KubeObject {
  switch (resource) {
    case 'pods': {
      const pod = object as Pod;
      const status = pod.status ?? { phase: 'Pending' };
      return { ...pod, spec: podSpecDefaults(pod.spec), status } as Pod;
    }
    case 'deployments':
      return deploymentDefaults(object as Deployment);
    case 'replicasets':
      return replicaSetDefaults(object as ReplicaSet);
    case 'services':
      return serviceDefaults(object as Service);
    case 'namespaces':
      return {
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
        ...object,
      } as KubeObject;
    case 'nodes':
      return { spec: {}, status: {}, ...object } as KubeObject;
    default:
      return object;
  }
}

function deploymentDefaults(object: Deployment): Deployment {
  const { spec } = object;
  const strategy = spec.strategy ?? {};
  const rolling = (strategy.type ?? 'RollingUpdate') === 'RollingUpdate';
  return {
    ...object,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      template: templateDefaults(spec.template),
      strategy: rolling
        ? {
            type: 'RollingUpdate',
            rollingUpdate: {
              maxSurge: strategy.rollingUpdate?.maxSurge ?? '25%',
              maxUnavailable: strategy.rollingUpdate?.maxUnavailable ?? '25%',
            },
          }
        : strategy,
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
      progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
    },
    status: object.status ?? {},
  };
}

function replicaSetDefaults(object: ReplicaSet): ReplicaSet {
  const { spec } = object;
  return {
    ...object,
    spec: { ...spec, replicas: spec.replicas ?? 1, template: templateDefaults(spec.template) },
    status: object.status ?? { replicas: 0 },
  };
}

function templateDefaults(template: PodTemplate): PodTemplate {
  return { ...template, spec: podSpecDefaults(template.spec) };
}

function podSpecDefaults(spec: PodSpec): PodSpec {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    ...spec,
    containers: spec.containers.map(containerDefaults),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(containerDefaults) }),
  };
}

function containerDefaults(container: Container): Container {
  const { resources = {} } = container;
  const requests = { ...resources.limits, ...resources.requests };
  return {
    ...container,
    imagePullPolicy: container.imagePullPolicy ?? pullPolicyOf(container.image),
    resources: Object.keys(requests).length > 0 ? { ...resources, requests } : resources,
    ...(container.ports && {
      ports: container.ports.map((port) => ({ protocol: 'TCP', ...port })),
    }),
    ...(container.livenessProbe && { livenessProbe: probeDefaults(container.livenessProbe) }),
    ...(container.readinessProbe && { readinessProbe: probeDefaults(container.readinessProbe) }),
    ...(container.startupProbe && { startupProbe: probeDefaults(container.startupProbe) }),
  };
}

export function probeDefaults(probe: Probe): Probe {
  return {
    ...probe,
    ...(probe.httpGet && { httpGet: { path: '/', ...probe.httpGet } }),
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  };
}

/** Always for `:latest` and for no tag at all, else IfNotPresent; a digest counts as a tag. */
export function pullPolicyOf(image: string): PullPolicy {
  if (image.includes('@')) return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function serviceDefaults(object: Service): Service {
  const { spec } = object;
  return {
    ...object,
    spec: {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ...spec,
      ...(spec.sessionAffinity === 'ClientIP' && {
        sessionAffinityConfig: {
          clientIP: { timeoutSeconds: 10_800, ...spec.sessionAffinityConfig?.clientIP },
        },
      }),
      ...(spec.ports && {
        ports: spec.ports.map((port) => ({
          ...port,
          protocol: port.protocol ?? 'TCP',
          targetPort: port.targetPort ?? port.port,
        })),
      }),
    },
    status: object.status ?? { loadBalancer: {} },
  };
}
