import {
  JOB_COMPLETION_INDEX,
  JOB_INDEX_FAILURE_COUNT,
  JOB_TRACKING_FINALIZER,
  type Job,
} from '../../api/batch.ts';
import type { Container, Pod, PodSpec } from '../../api/pod.ts';
import type { Labels } from '../../apimachinery/object.ts';
import type { PodVariation } from '../pod-control.ts';
import { judgeFailure } from './policies.ts';
import { countAnnotation, JOB_INDEX_IGNORED_FAILURE_COUNT, limitsIndexes } from './view.ts';

/**
 * The Pods of a Job: all carry the finalizer by which they are counted; those of an Indexed Job
 * know their index by annotation, label, host name and environment
 * (pkg/controller/job/{job_controller,indexed_job_utils}.go, v1.36).
 */
const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';

/** Names are made up of at most so many characters and five drawn by lot. */
const LONGEST_PREFIX = 58;

/** @param replaced the failed Pod of the same index, whose failures the new one remembers */
export function jobPod(
  job: Job,
  index: number | undefined,
  replaced: Pod | undefined,
): PodVariation {
  const { metadata, spec } = job.spec.template;
  const given = metadata?.finalizers ?? [];
  const finalizers = given.includes(JOB_TRACKING_FINALIZER)
    ? given
    : [...given, JOB_TRACKING_FINALIZER];
  if (index === undefined) return { finalizers };
  const text = String(index);
  const { name } = job.metadata;
  return {
    finalizers,
    generateName: `${name.slice(0, LONGEST_PREFIX - text.length - 2)}-${text}-`,
    labels: { ...metadata?.labels, [JOB_COMPLETION_INDEX]: text },
    annotations: {
      ...metadata?.annotations,
      [JOB_COMPLETION_INDEX]: text,
      ...(limitsIndexes(job) && failureCounts(job, replaced)),
    },
    spec: { ...withIndexVariable(spec), hostname: `${name}-${text}` },
  };
}

function failureCounts(job: Job, replaced: Pod | undefined): Labels {
  if (!replaced) return { [JOB_INDEX_FAILURE_COUNT]: '0' };
  const { counts } = judgeFailure(job.spec.podFailurePolicy, replaced);
  const failures = countAnnotation(replaced, JOB_INDEX_FAILURE_COUNT) + Number(counts);
  const ignored = countAnnotation(replaced, JOB_INDEX_IGNORED_FAILURE_COUNT) + Number(!counts);
  return {
    [JOB_INDEX_FAILURE_COUNT]: String(failures),
    ...(ignored > 0 && { [JOB_INDEX_IGNORED_FAILURE_COUNT]: String(ignored) }),
  };
}

const INDEXED_SPECS = new WeakMap<PodSpec, PodSpec>();

/** The template's spec with the index in every container's environment; made once. */
function withIndexVariable(spec: PodSpec): PodSpec {
  let indexed = INDEXED_SPECS.get(spec);
  if (!indexed) {
    indexed = {
      ...spec,
      containers: spec.containers.map(withVariable),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(withVariable) }),
    };
    INDEXED_SPECS.set(spec, indexed);
  }
  return indexed;
}

function withVariable(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === INDEX_VARIABLE)) return container;
  const fieldPath = `metadata.labels['${JOB_COMPLETION_INDEX}']`;
  return {
    ...container,
    env: [...env, { name: INDEX_VARIABLE, valueFrom: { fieldRef: { fieldPath } } }],
  };
}
