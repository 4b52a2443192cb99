import type { NodeSelector } from '../../api/affinity.ts';
import type { Pod } from '../../api/pod.ts';
import {
  DEFAULT_STORAGE_CLASS,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
  type TopologySelectorTerm,
} from '../../api/storage.ts';
import { accessModesText } from '../../api/tables/storage-rows.ts';
import { formatSelector } from '../../apimachinery/label-selector.ts';
import type { Labels } from '../../apimachinery/object.ts';
import type { Describer } from './around.ts';
import { describeEvents } from './events.ts';
import {
  annotationColumn,
  by,
  column,
  fullTime,
  goList,
  labelColumn,
  since,
  Text,
  trueFalse,
} from './text.ts';
import { describeClaim, sourceLines } from './volumes.ts';

/** Volumes of the cluster, claims and classes (`describePersistentVolume`, …). */
export const persistentVolume: Describer<PersistentVolume> = {
  text({ metadata, spec, status }, { events, nowMs }) {
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    labelColumn(text, 'Labels', metadata.labels);
    annotationColumn(text, 'Annotations', metadata.annotations);
    text.line(0, `Finalizers:\t${goList(metadata.finalizers)}`);
    text.line(0, `StorageClass:\t${spec.storageClassName ?? ''}`);
    text.line(0, `Status:\t${stateText(metadata.deletionTimestamp, status.phase, nowMs)}`);
    const { claimRef } = spec;
    text.line(0, `Claim:\t${claimRef ? `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}` : ''}`);
    text.line(0, `Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ''}`);
    text.line(0, `Access Modes:\t${accessModesText(spec.accessModes)}`);
    if (spec.volumeMode) text.line(0, `VolumeMode:\t${spec.volumeMode}`);
    text.line(0, `Capacity:\t${spec.capacity?.storage ?? 0}`);
    describeAffinity(text, spec.nodeAffinity?.required);
    text.line(0, `Message:\t${status.message ?? ''}`);
    text.line(0, 'Source:');
    const lines = sourceLines(spec);
    if (!lines) text.line(1, '<unknown>');
    else for (const line of lines) text.line(2, line);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

const stateText = (deletion: string | undefined, phase: string, nowMs: number): string =>
  deletion ? `Terminating (lasts ${since(deletion, nowMs)})` : phase;

function describeAffinity(text: Text, required: NodeSelector | undefined): void {
  if (!required) return text.line(0, 'Node Affinity:\t<none>');
  text.line(0, 'Node Affinity:\t');
  const { nodeSelectorTerms: terms } = required;
  text.line(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}`);
  terms.forEach(({ matchExpressions = [] }, i) => {
    const lines = matchExpressions.map(({ key, operator, values = [] }) => {
      const list = values.length === 0 ? '' : ` [${values.join(', ')}]`;
      return `${key} ${operator.toLowerCase()}${list}`;
    });
    column(text, `Term ${i}`, lines, '    ');
  });
}

export const claim: Describer<PersistentVolumeClaim> = {
  needs: ({ metadata: { namespace = '' } }) => [{ resource: 'pods', namespace }],
  text(object, { all, events, nowMs }) {
    const { metadata, status } = object;
    const text = new Text();
    describeClaim(text, object, 0, {
      state: stateText(metadata.deletionTimestamp, status.phase, nowMs),
      finalizers: goList(metadata.finalizers),
    });
    const users = all('pods').filter((pod) => usesClaim(pod, object));
    const names = users.toSorted(by((pod) => pod.metadata.name)).map((pod) => pod.metadata.name);
    column(text, 'Used By', names);
    const { conditions = [] } = status;
    if (conditions.length > 0) {
      const columns = [
        'Type',
        'Status',
        'LastProbeTime',
        'LastTransitionTime',
        'Reason',
        'Message',
      ];
      text.line(0, 'Conditions:');
      text.line(1, columns.join('\t'));
      text.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    }
    for (const condition of conditions) {
      const { type, status: is, reason = '', message = '' } = condition;
      const times = [condition.lastProbeTime, condition.lastTransitionTime].map(fullTime);
      text.line(1, [type, is, ...times, reason, message].join(' \t'));
    }
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

/** By name, or as the owner of a claim that was made for it. */
function usesClaim({ metadata: { uid }, spec }: Pod, { metadata }: PersistentVolumeClaim): boolean {
  const byName = (spec.volumes ?? []).some(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name,
  );
  const owners = metadata.ownerReferences ?? [];
  return byName || owners.some((owner) => owner.kind === 'Pod' && owner.uid === uid);
}

const mapText = (labels: Labels | undefined): string =>
  formatSelector(labels && { matchLabels: labels });

export const storageClass: Describer<StorageClass> = {
  text(object, { events, nowMs }) {
    const { metadata, allowVolumeExpansion, mountOptions = [], allowedTopologies } = object;
    const isDefault = metadata.annotations?.[DEFAULT_STORAGE_CLASS] === 'true';
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    text.line(0, `IsDefaultClass:\t${isDefault ? 'Yes' : 'No'}`);
    text.line(0, `Annotations:\t${mapText(metadata.annotations)}`);
    text.line(0, `Provisioner:\t${object.provisioner}`);
    text.line(0, `Parameters:\t${mapText(object.parameters)}`);
    const grows = allowVolumeExpansion === undefined ? '<unset>' : trueFalse(allowVolumeExpansion);
    text.line(0, `AllowVolumeExpansion:\t${grows}`);
    text.line(0, mountOptions.length === 0 ? 'MountOptions:\t<none>' : 'MountOptions:');
    for (const option of mountOptions) text.line(1, option);
    if (object.reclaimPolicy) text.line(0, `ReclaimPolicy:\t${object.reclaimPolicy}`);
    if (object.volumeBindingMode) text.line(0, `VolumeBindingMode:\t${object.volumeBindingMode}`);
    if (allowedTopologies) describeTopologies(text, allowedTopologies);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

function describeTopologies(text: Text, terms: readonly TopologySelectorTerm[]): void {
  text.line(0, `AllowedTopologies:\t${terms.length === 0 ? '<none>' : ''}`);
  terms.forEach(({ matchLabelExpressions = [] }, i) => {
    const lines = matchLabelExpressions.map(({ key, values }) => {
      return values.length === 0 ? `${key} in` : `${key} in [${values.join(', ')}]`;
    });
    column(text, `Term ${i}`, lines, '  ');
  });
}
