import type { PodTemplate } from '../pod.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../workloads.ts';
import { fillEmpty, fillMissing, mapKept, once, withFields } from './filling.ts';
import { templateDefaults } from './pod-spec.ts';
import { claimDefaults } from './storage.ts';

/** Workloads (pkg/apis/apps/v1/defaults.go, v1.36). */
const REVISION_HISTORY_LIMIT = 10;
const PROGRESS_DEADLINE_SECONDS = 600;

const templateOf = ({ template }: { readonly template?: PodTemplate }): PodTemplate =>
  templateDefaults(template ?? EMPTY_TEMPLATE);
const EMPTY_TEMPLATE: PodTemplate = { spec: { containers: [] } };

const deploymentSpecDefaults = once((given: Deployment['spec']): Deployment['spec'] => {
  const spec = fillMissing(given, {
    replicas: 1,
    revisionHistoryLimit: REVISION_HISTORY_LIMIT,
    progressDeadlineSeconds: PROGRESS_DEADLINE_SECONDS,
  });
  const strategy = fillEmpty(spec.strategy ?? {}, { type: 'RollingUpdate' });
  const rolling = fillMissing(strategy.rollingUpdate ?? {}, {
    maxUnavailable: '25%',
    maxSurge: '25%',
  });
  return withFields(spec, {
    template: templateOf(spec),
    strategy:
      strategy.type === 'RollingUpdate'
        ? withFields(strategy, { rollingUpdate: rolling })
        : strategy,
  });
});

export function deploymentDefaults(object: Deployment): Deployment {
  const spec = deploymentSpecDefaults(object.spec ?? {});
  return withFields(object, { spec, status: object.status ?? {} });
}

const replicaSetSpecDefaults = once((spec: ReplicaSet['spec']): ReplicaSet['spec'] =>
  withFields(fillMissing(spec, { replicas: 1 }), { template: templateOf(spec) }),
);

export function replicaSetDefaults(object: ReplicaSet): ReplicaSet {
  const spec = replicaSetSpecDefaults(object.spec ?? {});
  return withFields(object, { spec, status: fillMissing(object.status ?? {}, { replicas: 0 }) });
}

/**
 * Rolling back to front unless told otherwise.
 *
 * `maxUnavailable` has no default: its feature gate is off in 1.36.
 */
const statefulSetSpecDefaults = once((given: StatefulSet['spec']): StatefulSet['spec'] => {
  const spec = fillEmpty(given, { podManagementPolicy: 'OrderedReady' });
  const asked = spec.updateStrategy ?? {};
  const typed = asked.type
    ? asked
    : { ...asked, type: 'RollingUpdate' as const, rollingUpdate: asked.rollingUpdate ?? {} };
  const rolling = typed.type === 'RollingUpdate' ? typed.rollingUpdate : undefined;
  return withFields(
    fillMissing(spec, { replicas: 1, revisionHistoryLimit: REVISION_HISTORY_LIMIT }),
    {
      template: templateOf(spec),
      updateStrategy: withFields(typed, {
        rollingUpdate: rolling && fillMissing(rolling, { partition: 0 }),
      }),
      persistentVolumeClaimRetentionPolicy: fillEmpty(
        spec.persistentVolumeClaimRetentionPolicy ?? {},
        { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ),
      volumeClaimTemplates:
        spec.volumeClaimTemplates && mapKept(spec.volumeClaimTemplates, claimTemplateDefaults),
    },
  );
});

/** A claim within a StatefulSet is written out as one of its own would be. */
const claimTemplateDefaults: typeof claimDefaults = (claim) =>
  claimDefaults({
    ...fillEmpty(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
    metadata: claim.metadata ?? {},
  });

export function statefulSetDefaults(object: StatefulSet): StatefulSet {
  const spec = statefulSetSpecDefaults(object.spec ?? {});
  const status = fillMissing(object.status ?? {}, { replicas: 0, availableReplicas: 0 });
  return withFields(object, { spec, status });
}

const daemonSetSpecDefaults = once((given: DaemonSet['spec']): DaemonSet['spec'] => {
  const spec = fillMissing(given, { revisionHistoryLimit: REVISION_HISTORY_LIMIT });
  const strategy = fillEmpty(spec.updateStrategy ?? {}, { type: 'RollingUpdate' });
  const rolling = fillMissing(strategy.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 });
  return withFields(spec, {
    template: templateOf(spec),
    updateStrategy:
      strategy.type === 'RollingUpdate'
        ? withFields(strategy, { rollingUpdate: rolling })
        : strategy,
  });
});

const NO_DAEMONS: DaemonSet['status'] = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};

export function daemonSetDefaults(object: DaemonSet): DaemonSet {
  const spec = daemonSetSpecDefaults(object.spec ?? {});
  return withFields(object, { spec, status: fillMissing(object.status ?? {}, NO_DAEMONS) });
}
