import type { FieldSelector, ResourceFieldSelector } from '../../api/volumes.ts';
import type { ResourceAmounts } from '../../api/amounts.ts';
import type { Container, Pod } from '../../api/pod.ts';
import type { Labels } from '../../apimachinery/object.ts';
import { milliValue, wholeValue } from '../../apimachinery/quantity.ts';

/**
 * What a Pod is told of itself: the downward API (pkg/fieldpath/fieldpath.go,
 * pkg/api/v1/resource/helpers.go, pkg/kubelet/kubelet_pods.go `podFieldSelectorRuntimeValue`,
 * v1.36).
 */
export interface OwnFacts {
  readonly podIp: string;
  readonly hostIp: string;
  /** What its node can give: stands in for limits that are not set. */
  readonly allocatable: ResourceAmounts;
}

/** The value of a field of a Pod; undefined when it has no such field. */
export function fieldValue(pod: Pod, { fieldPath }: FieldSelector, facts: OwnFacts) {
  const { metadata, spec } = pod;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (subscript) {
    const [, map, key = ''] = subscript;
    return metadata[map as 'labels' | 'annotations']?.[key] ?? '';
  }
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return formatMap(metadata.labels);
    case 'metadata.annotations':
      return formatMap(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.hostIp;
    case 'status.podIP':
    case 'status.podIPs':
      return facts.podIp;
    default:
      return undefined;
  }
}

/** `key="value"` a line, by key. */
function formatMap(map: Labels = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}\n`)
    .join('');
}

/** A container's request or limit in units of the divisor, rounded up; undefined if unknown. */
export function resourceValue(
  pod: Pod,
  own: Container | undefined,
  { containerName, resource, divisor }: ResourceFieldSelector,
  { allocatable }: OwnFacts,
): string | undefined {
  const { containers, initContainers = [] } = pod.spec;
  const named = [...containers, ...initContainers].find(({ name }) => name === containerName);
  const container = containerName === undefined || containerName === '' ? own : named;
  const [list, name = ''] = resource.split(/\.(.*)/, 2);
  if (!container || (list !== 'limits' && list !== 'requests')) return undefined;
  const amounts = container.resources ?? {};
  const value =
    list === 'limits' ? (amounts.limits?.[name] ?? allocatable[name]) : amounts.requests?.[name];
  return String(inUnits(name, value ?? 0, divisor));
}

function inUnits(name: string, value: string | number, divisor: string | number = 0): number {
  const isCpu = name === 'cpu';
  const amount = isCpu ? milliValue(value) : wholeValue(value);
  const unit = isCpu ? milliValue(divisor) : wholeValue(divisor);
  const one = isCpu ? 1000 : 1;
  return Math.ceil(amount / (unit === 0 ? one : unit));
}
