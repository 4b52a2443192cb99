import type { KubeObject } from '../apimachinery/object.ts';

/**
 * A manifest as Go's typed objects write it: parts that are no pointers show even when they are
 * empty (`strategy: {}`, `resources: {}`, `status: {}`; staging/src/k8s.io/api, v1.36).
 */
type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const plainOf = (value: unknown): Plain => (isPlain(value) ? value : {});

export function typedForm(object: KubeObject): KubeObject {
  const { spec, ...rest } = object as KubeObject & { spec?: unknown; status?: unknown };
  const { kind } = object;
  if (!SHAPES.has(kind)) return object;
  const status = rest.status ?? EMPTY_STATUS[kind] ?? {};
  return { ...rest, spec: specForm(kind, plainOf(spec)), status } as unknown as KubeObject;
}

/** Counts of a status that are written even when they are 0. */
const EMPTY_STATUS: Readonly<Record<string, Plain>> = {
  Service: { loadBalancer: {} },
  ReplicaSet: { replicas: 0 },
  StatefulSet: { availableReplicas: 0, replicas: 0 },
  DaemonSet: {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  },
};

const SHAPES = new Set([
  ...['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Service'],
]);

function specForm(kind: string, spec: Plain): Plain {
  if (kind === 'Pod') return podForm(spec);
  if (kind === 'Service') return serviceForm(spec);
  if (kind === 'CronJob') {
    const job = plainOf(spec.jobTemplate);
    const inner = specForm('Job', plainOf(job.spec));
    return { ...spec, jobTemplate: { metadata: {}, ...job, spec: inner } };
  }
  const template = plainOf(spec.template);
  const shaped = { metadata: {}, ...template, spec: podForm(plainOf(template.spec)) };
  const strategy = kind === 'Deployment' ? { strategy: {} } : {};
  const update = kind === 'DaemonSet' || kind === 'StatefulSet' ? { updateStrategy: {} } : {};
  return { ...strategy, ...update, ...spec, template: shaped };
}

function podForm(spec: Plain): Plain {
  const shaped = (list: unknown): unknown =>
    Array.isArray(list)
      ? (list as unknown[]).map((one) => ({ resources: {}, ...plainOf(one) }))
      : list;
  const init =
    spec.initContainers === undefined ? {} : { initContainers: shaped(spec.initContainers) };
  return { ...spec, ...init, containers: shaped(spec.containers) ?? null };
}

function serviceForm(spec: Plain): Plain {
  if (!Array.isArray(spec.ports)) return spec;
  const ports = (spec.ports as unknown[]).map((port) => ({ targetPort: 0, ...plainOf(port) }));
  return { ...spec, ports };
}
