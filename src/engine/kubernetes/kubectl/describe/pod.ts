import { qosClass } from '../../api/pod-resources.ts';
import type { Toleration, TopologySpreadConstraint } from '../../api/affinity.ts';
import { isPodFinished, type Pod, type PodTemplate } from '../../api/pod.ts';
import { formatSelector } from '../../apimachinery/label-selector.ts';
import type { Labels } from '../../apimachinery/object.ts';
import type { Around } from './around.ts';
import { describeContainers, describeResources, type FieldReader } from './containers.ts';
import { describeEvents } from './events.ts';
import {
  annotationColumn,
  by,
  column,
  controlledBy,
  fullTime,
  labelColumn,
  since,
  Text,
} from './text.ts';
import { describeVolumes } from './volumes.ts';

/** Pods and their templates (`describePod`, `DescribePodTemplate`). */
export function podText(pod: Pod, { nowMs, events }: Around): string {
  const text = new Text();
  describePlace(text, pod);
  labelColumn(text, 'Labels', pod.metadata.labels);
  annotationColumn(text, 'Annotations', pod.metadata.annotations);
  describePhase(text, pod, nowMs);
  describeAddresses(text, pod);
  controlledBy(text, pod);
  const { spec, status } = pod;
  if (status.nominatedNodeName) text.line(0, `NominatedNodeName:\t${status.nominatedNodeName}`);
  if (spec.resources) {
    text.line(0, 'Resources:');
    describeResources(text, spec.resources, 1);
  }
  describeAllContainers(text, pod);
  describeConditions(text, pod);
  describeVolumes(text, spec.volumes);
  text.line(0, `QoS Class:\t${status.qosClass ?? qosClass(spec)}`);
  labelColumn(text, 'Node-Selectors', spec.nodeSelector);
  describeTolerations(text, 'Tolerations', spec.tolerations);
  describeSpread(text, spec.topologySpreadConstraints, '');
  describeEvents(text, events, nowMs);
  return text.toString();
}

function describePlace(text: Text, { metadata, spec, status }: Pod): void {
  text.line(0, `Name:\t${metadata.name}`);
  text.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  if (spec.priority !== undefined) text.line(0, `Priority:\t${spec.priority}`);
  if (spec.priorityClassName) text.line(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.runtimeClassName) text.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec.serviceAccountName) text.line(0, `Service Account:\t${spec.serviceAccountName}`);
  const node = spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>';
  text.line(0, `Node:\t${node}`);
  if (status.startTime) text.line(0, `Start Time:\t${fullTime(status.startTime)}`);
}

function describePhase(text: Text, pod: Pod, nowMs: number): void {
  const { metadata, status, spec } = pod;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  if (deletionTimestamp && !isPodFinished(pod)) {
    text.line(0, `Status:\tTerminating (lasts ${since(deletionTimestamp, nowMs)})`);
    text.line(0, `Termination Grace Period:\t${deletionGracePeriodSeconds}s`);
  } else text.line(0, `Status:\t${status.phase}`);
  if (status.reason) text.line(0, `Reason:\t${status.reason}`);
  if (status.message) text.line(0, `Message:\t${status.message}`);
  const { seccompProfile } = spec.securityContext ?? {};
  if (!seccompProfile) return;
  text.line(0, `SeccompProfile:\t${seccompProfile.type}`);
  if (seccompProfile.type === 'Localhost') {
    text.line(0, `LocalhostProfile:\t${seccompProfile.localhostProfile ?? ''}`);
  }
}

function describeAddresses(text: Text, { status }: Pod): void {
  const { podIP = '', podIPs = [] } = status;
  text.line(0, `IP:\t${podIP}`);
  text.line(0, podIPs.length === 0 ? 'IPs:\t<none>' : 'IPs:');
  for (const { ip } of podIPs) text.line(1, `IP:\t${ip}`);
}

function describeAllContainers(text: Text, pod: Pod): void {
  const { spec, status } = pod;
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  const common = { fieldOf: fieldReader(pod), space: '' };
  if (initContainers.length > 0) {
    const statuses = status.initContainerStatuses;
    const label = 'Init Containers';
    describeContainers(text, { ...common, label, containers: initContainers, statuses });
  }
  const statuses = status.containerStatuses;
  describeContainers(text, { ...common, label: 'Containers', containers, statuses });
  if (ephemeralContainers.length === 0) return;
  describeContainers(text, {
    ...common,
    label: 'Ephemeral Containers',
    containers: ephemeralContainers,
    statuses: status.ephemeralContainerStatuses,
  });
}

/** Only the fields of the metadata are looked up (`ExtractFieldPathAsString`). */
function fieldReader({ metadata }: Pod): FieldReader {
  const all = (labels: Labels = {}): string =>
    Object.keys(labels)
      .sort()
      .map((key) => `${key}=${JSON.stringify(labels[key])}`)
      .join('\n');
  return (fieldPath) => {
    const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
    if (subscript) {
      const [, map, key = ''] = subscript;
      return metadata[map as 'labels' | 'annotations']?.[key] ?? '';
    }
    if (fieldPath === 'metadata.name') return metadata.name;
    if (fieldPath === 'metadata.namespace') return metadata.namespace ?? '';
    if (fieldPath === 'metadata.uid') return metadata.uid;
    if (fieldPath === 'metadata.labels') return all(metadata.labels);
    return fieldPath === 'metadata.annotations' ? all(metadata.annotations) : '';
  };
}

function describeConditions(text: Text, { spec, status }: Pod): void {
  const { conditions = [] } = status;
  const { readinessGates = [] } = spec;
  if (readinessGates.length > 0) text.line(0, 'Readiness Gates:\n  Type\tStatus');
  for (const { conditionType } of readinessGates) {
    const condition = conditions.find(({ type }) => type === conditionType);
    text.line(1, `${conditionType} \t${condition?.status ?? '<none>'} `);
  }
  if (conditions.length > 0) text.line(0, 'Conditions:\n  Type\tStatus');
  for (const { type, status: is } of conditions) text.line(1, `${type} \t${is} `);
}

export function describeTemplate(text: Text, { metadata, spec }: PodTemplate): void {
  text.line(0, 'Pod Template:');
  labelColumn(text, '  Labels', metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0) {
    annotationColumn(text, '  Annotations', metadata?.annotations);
  }
  if (spec.serviceAccountName) text.line(1, `Service Account:\t${spec.serviceAccountName}`);
  const { initContainers = [], containers } = spec;
  const space = '  ';
  if (initContainers.length > 0) {
    describeContainers(text, { label: 'Init Containers', containers: initContainers, space });
  }
  describeContainers(text, { label: 'Containers', containers, space });
  describeVolumes(text, spec.volumes, space);
  describeSpread(text, spec.topologySpreadConstraints, space);
  if (spec.priorityClassName) text.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  labelColumn(text, '  Node-Selectors', spec.nodeSelector);
  describeTolerations(text, '  Tolerations', spec.tolerations);
}

/** What a template is, with the tabs left in, as `kubectl rollout` prints it. */
export function templateLines(template: PodTemplate): string[] {
  const text = new Text();
  describeTemplate(text, template);
  return text.raw.trimEnd().split('\n');
}

function describeTolerations(
  text: Text,
  title: string,
  tolerations: readonly Toleration[] = [],
): void {
  const sorted = tolerations.toSorted(by(({ key = '' }) => key));
  column(text, title, sorted.map(tolerationText));
}

function tolerationText(toleration: Toleration): string {
  const { key = '', value = '', effect = '', operator, tolerationSeconds } = toleration;
  const what = `${key}${value && `=${value}`}${effect && `:${effect}`}`;
  const exists = operator === 'Exists' && value === '' ? (what ? ' op=Exists' : 'op=Exists') : '';
  const how = tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`;
  return `${what}${exists}${how}`;
}

function describeSpread(
  text: Text,
  constraints: readonly TopologySpreadConstraint[] = [],
  space: string,
): void {
  if (constraints.length === 0) return;
  const sorted = constraints.toSorted(by(({ topologyKey }) => topologyKey));
  const lines = sorted.map(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) => {
    const whom = labelSelector ? ` for selector ${formatSelector(labelSelector)}` : '';
    return `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${whom}`;
  });
  column(text, 'Topology Spread Constraints', lines, space);
}
