import {
  CONTROLLER_UID,
  JOB_NAME,
  OLD_CONTROLLER_UID,
  OLD_JOB_NAME,
  type Job,
} from '../api/batch.ts';
import { TEMPLATE_GENERATION, type DaemonSet } from '../api/workloads.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';

/**
 * What the server writes into workloads so that their Pods can be told apart
 * (pkg/registry/batch/job/strategy.go `generateSelector`, pkg/registry/apps/daemonset/strategy.go,
 * v1.36).
 */

/** A Job selects its Pods by its own uid, unless its maker chose a selector. */
export function withJobSelector(job: Job): Job {
  if (job.spec.manualSelector) return job;
  const { uid, name } = job.metadata;
  const { template, selector } = job.spec;
  const labels = {
    [OLD_CONTROLLER_UID]: uid,
    [CONTROLLER_UID]: uid,
    [OLD_JOB_NAME]: name,
    [JOB_NAME]: name,
    // Another value that the maker gave stays, and validation refuses it.
    ...template.metadata?.labels,
  };
  const own = job.metadata.labels ?? {};
  const spec = {
    ...job.spec,
    selector: {
      ...selector,
      matchLabels: { ...selector?.matchLabels, [CONTROLLER_UID]: uid },
    },
    template: { ...template, metadata: { ...template.metadata, labels } },
  };
  // A Job without labels has those of its template.
  const metadata = Object.keys(own).length === 0 ? { ...job.metadata, labels } : job.metadata;
  return { ...job, metadata, spec };
}

/** How often a DaemonSet's template has changed, as an annotation that apps/v1 kept. */
export function withTemplateGeneration(set: DaemonSet, previous?: DaemonSet): DaemonSet {
  const known = Number(previous?.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  const changed = !previous || !sameValue(set.spec.template, previous.spec.template);
  const generation = String(changed ? known + 1 : known);
  const { annotations } = set.metadata;
  if (annotations?.[TEMPLATE_GENERATION] === generation) return set;
  return {
    ...set,
    metadata: {
      ...set.metadata,
      annotations: { ...annotations, [TEMPLATE_GENERATION]: generation },
    },
  };
}
