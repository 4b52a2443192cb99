import type {
  Container,
  EphemeralContainer,
  Lifecycle,
  LifecycleHandler,
  Probe,
  ResourceAmounts,
  Resources,
} from '../container.ts';
import type { PodSpec, PodTemplate } from '../pod.ts';
import { roundedAmounts } from './amounts.ts';
import { fillEmpty, fillMissing, mapKept, once, withFields } from './filling.ts';
import { pullPolicyOf } from './pull-policy.ts';
import { fieldDefaults, volumeDefaults } from './volumes.ts';

/**
 * What is filled into a Pod's spec, be it of a Pod or of a template
 * (pkg/apis/core/v1/{defaults,zz_generated.defaults}.go, v1.36).
 */
const GRACE_SECONDS = 30;

/** One object for all, so that it costs nothing in a hundred thousand Pods. */
const NO_SECURITY_CONTEXT = {};
const NO_RESOURCES: Resources = {};
const NO_CONTAINERS: readonly Container[] = [];

export const templateDefaults = once((template: PodTemplate): PodTemplate =>
  withFields(fillMissing(template, { metadata: {} }), {
    spec: podSpecDefaults(template.spec ?? { containers: NO_CONTAINERS }),
  }),
);

export const podSpecDefaults = once((spec: PodSpec): PodSpec => {
  const filled = fillMissing(
    fillEmpty(spec, {
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
    }),
    {
      containers: NO_CONTAINERS,
      securityContext: NO_SECURITY_CONTEXT,
      terminationGracePeriodSeconds: GRACE_SECONDS,
    },
  );
  const { containers, initContainers, ephemeralContainers, volumes, overhead } = filled;
  return withFields(filled, {
    ...accountNames(filled),
    containers: mapKept(containers, containerDefaults),
    initContainers: initContainers && mapKept(initContainers, containerDefaults),
    ephemeralContainers:
      ephemeralContainers &&
      mapKept(ephemeralContainers, (one) => containerDefaults(one) as EphemeralContainer),
    volumes: volumes && mapKept(volumes, volumeDefaults),
    overhead: overhead && roundedAmounts(overhead),
  });
});

/** Two names of one field (`Convert_core_PodSpec_To_v1_PodSpec`, pkg/apis/core/v1/conversion.go). */
function accountNames({ serviceAccountName, serviceAccount }: PodSpec): Partial<PodSpec> {
  const name = serviceAccountName || serviceAccount;
  return name ? { serviceAccountName: name, serviceAccount: name } : {};
}

export const containerDefaults = once((container: Container): Container => {
  const filled = fillMissing(
    fillEmpty(container, {
      imagePullPolicy: container.imagePullPolicy || pullPolicyOf(container.image ?? ''),
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    }),
    { resources: NO_RESOURCES },
  );
  const { ports, env, resources, lifecycle } = filled;
  return withFields(filled, {
    ports: ports && mapKept(ports, (port) => fillEmpty(port, { protocol: 'TCP' })),
    env: env && mapKept(env, envDefaults),
    resources: resources && resourcesDefaults(resources),
    livenessProbe: filled.livenessProbe && probeDefaults(filled.livenessProbe),
    readinessProbe: filled.readinessProbe && probeDefaults(filled.readinessProbe),
    startupProbe: filled.startupProbe && probeDefaults(filled.startupProbe),
    lifecycle: lifecycle && lifecycleDefaults(lifecycle),
  });
});

function envDefaults(variable: NonNullable<Container['env']>[number]): typeof variable {
  const { valueFrom } = variable;
  if (!valueFrom?.fieldRef) return variable;
  return withFields(variable, {
    valueFrom: withFields(valueFrom, { fieldRef: fieldDefaults(valueFrom.fieldRef) }),
  });
}

function resourcesDefaults(resources: Resources): Resources {
  const round = (amounts: ResourceAmounts | undefined) => amounts && roundedAmounts(amounts);
  return withFields(resources, {
    limits: round(resources.limits),
    requests: round(resources.requests),
  });
}

/** A probe in full: tried every 10 s, given 1 s, failed by 3 in a row, passed by 1. */
export function probeDefaults(probe: Probe): Probe {
  const { httpGet, grpc } = probe;
  const filled = fillEmpty(probe, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  return withFields(filled, {
    httpGet: httpGet && fillEmpty(httpGet, { path: '/', scheme: 'HTTP' }),
    grpc: grpc && fillMissing(grpc, { service: '' }),
  });
}

function lifecycleDefaults(lifecycle: Lifecycle): Lifecycle {
  const handler = (one: LifecycleHandler | undefined) =>
    one?.httpGet
      ? withFields(one, { httpGet: fillEmpty(one.httpGet, { path: '/', scheme: 'HTTP' }) })
      : one;
  return withFields(lifecycle, {
    postStart: handler(lifecycle.postStart),
    preStop: handler(lifecycle.preStop),
  });
}
