import {
  NODE_LEASE_NAMESPACE,
  type Lease,
  type Node,
  type ResourceList,
  type Taint,
} from '../../api/cluster-objects.ts';
import { podQuantities } from '../../api/pod-resources.ts';
import type { Pod } from '../../api/pod.ts';
import {
  addQuantities,
  formatQuantity,
  milliValue,
  wholeValue,
  ZERO,
  type Quantity,
} from '../../apimachinery/quantity.ts';
import type { Describer } from './around.ts';
import { describeEvents } from './events.ts';
import {
  annotationColumn,
  by,
  column,
  fullTime,
  labelColumn,
  orNone,
  orUnset,
  since,
  Text,
} from './text.ts';

/** A node and what runs on it (`describeNode`). */
export const node: Describer<Node> = {
  needs: ({ metadata: { name } }) => [
    {
      resource: 'pods',
      namespace: '',
      fieldSelector: [
        { field: 'spec.nodeName', operator: '=', value: name },
        { field: 'status.phase', operator: '!=', value: 'Succeeded' },
        { field: 'status.phase', operator: '!=', value: 'Failed' },
      ],
    },
    {
      resource: 'leases',
      namespace: NODE_LEASE_NAMESPACE,
      fieldSelector: [{ field: 'metadata.name', operator: '=', value: name }],
    },
  ],
  text(object, { all, events, nowMs }) {
    const { metadata, spec, status } = object;
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    text.line(0, `Roles:\t${orNone(rolesOf(object).join(','))}`);
    labelColumn(text, 'Labels', metadata.labels);
    annotationColumn(text, 'Annotations', metadata.annotations);
    text.line(0, `CreationTimestamp:\t${fullTime(metadata.creationTimestamp)}`);
    const taints = (spec.taints ?? []).toSorted(by(({ effect, key }) => `${effect},${key}`));
    column(text, 'Taints', taints.map(taintText));
    text.line(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
    describeLease(text, all('leases')[0], metadata.name);
    describeConditions(text, object);
    text.line(0, 'Addresses:');
    for (const { type, address } of status.addresses ?? []) text.line(1, `${type}:\t${address}`);
    describeAmounts(text, 'Capacity', status.capacity);
    describeAmounts(text, 'Allocatable', status.allocatable);
    describeSystem(text, object);
    const pods = all('pods');
    const allocatable = status.allocatable ?? status.capacity ?? {};
    describePods(text, pods, allocatable, nowMs);
    describeAllocated(text, pods, allocatable);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

const ROLE = 'node-role.kubernetes.io/';
const OLD_ROLE = 'kubernetes.io/role';

function rolesOf({ metadata: { labels = {} } }: Node): string[] {
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(ROLE)) return [key.slice(ROLE.length)];
    return key === OLD_ROLE ? [value] : [];
  });
  return [...new Set(roles.filter((role) => role !== ''))].sort();
}

const taintText = ({ key, value, effect }: Taint): string =>
  `${key}${value ? `=${value}` : ''}${effect && `:${effect}`}`;

function describeLease(text: Text, lease: Lease | undefined, name: string): void {
  if (!lease) {
    const why = `leases.coordination.k8s.io "${name}" not found`;
    return text.line(0, `Lease:\tFailed to get lease: ${why}`);
  }
  const { holderIdentity, acquireTime, renewTime } = lease.spec;
  text.line(0, 'Lease:');
  text.line(1, `HolderIdentity:\t${orUnset(holderIdentity)}`);
  text.line(1, `AcquireTime:\t${acquireTime ? fullTime(acquireTime) : '<unset>'}`);
  text.line(1, `RenewTime:\t${renewTime ? fullTime(renewTime) : '<unset>'}`);
}

function describeConditions(text: Text, { status: { conditions = [] } }: Node): void {
  if (conditions.length === 0) return;
  const columns = [
    'Type',
    'Status',
    'LastHeartbeatTime',
    'LastTransitionTime',
    'Reason',
    'Message',
  ];
  text.line(0, `Conditions:\n  ${columns.join('\t')}`);
  text.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const condition of conditions) {
    const { type, status, reason = '', message = '' } = condition;
    const times = [condition.lastHeartbeatTime, condition.lastTransitionTime].map(fullTime);
    text.line(1, [type, status, ...times, reason, message].join(' \t'));
  }
}

function describeAmounts(text: Text, title: string, amounts: ResourceList = {}): void {
  const names = Object.keys(amounts).sort();
  if (names.length > 0) text.line(0, `${title}:`);
  for (const name of names) text.line(1, `${name}:\t${amounts[name] ?? ''}`);
}

function describeSystem(text: Text, { spec, status: { nodeInfo = {} } }: Node): void {
  text.line(0, 'System Info:');
  for (const [title, value = ''] of [
    ['Machine ID', nodeInfo.machineID],
    ['System UUID', nodeInfo.systemUUID],
    ['Boot ID', nodeInfo.bootID],
    ['Kernel Version', nodeInfo.kernelVersion],
    ['OS Image', nodeInfo.osImage],
    ['Operating System', nodeInfo.operatingSystem],
    ['Architecture', nodeInfo.architecture],
    ['Container Runtime Version', nodeInfo.containerRuntimeVersion],
    ['Kubelet Version', nodeInfo.kubeletVersion],
  ] as const) {
    text.line(1, `${title}:\t${value}`);
  }
  const { podCIDR, podCIDRs = [], providerID } = spec;
  if (podCIDR) text.line(0, `PodCIDR:\t${podCIDR}`);
  if (podCIDRs.length > 0) text.line(0, `PodCIDRs:\t${podCIDRs.join(',')}`);
  if (providerID) text.line(0, `ProviderID:\t${providerID}`);
}

type Quantities = Readonly<Record<string, Quantity>>;

/** An amount and how much of the node it is. */
function shareText(amounts: Quantities, name: string, allocatable: ResourceList): string {
  const amount = formatQuantity(amounts[name] ?? ZERO);
  const valueOf = name === 'cpu' ? milliValue : wholeValue;
  const whole = valueOf(allocatable[name]);
  const percent = whole === 0 ? 0 : Math.trunc((valueOf(amount) / whole) * 100);
  return `${amount} (${percent}%)`;
}

function describePods(
  text: Text,
  pods: readonly Pod[],
  allocatable: ResourceList,
  nowMs: number,
): void {
  text.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  const columns = ['CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age'];
  text.line(1, `Namespace\tName\t\t${columns.join('\t')}`);
  text.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const { metadata, spec } of pods) {
    const requests = podQuantities(spec, 'requests');
    const limits = podQuantities(spec, 'limits');
    const shares = (['cpu', 'memory'] as const).flatMap((name) => [
      shareText(requests, name, allocatable),
      shareText(limits, name, allocatable),
    ]);
    const { namespace = '', name, creationTimestamp } = metadata;
    const cells = [...shares, since(creationTimestamp, nowMs)].join('\t');
    text.line(1, `${namespace}\t${name}\t\t${cells}`);
  }
}

const STANDARD: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);

function describeAllocated(text: Text, pods: readonly Pod[], allocatable: ResourceList): void {
  text.line(0, 'Allocated resources:');
  text.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)');
  text.line(1, 'Resource\tRequests\tLimits');
  text.line(1, '--------\t--------\t------');
  const [requests, limits] = [totalOf(pods, 'requests'), totalOf(pods, 'limits')];
  const names = Object.keys(allocatable).sort();
  const huge = names.filter((name) => name.startsWith('hugepages-'));
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...huge]) {
    const shares = [requests, limits].map((amounts) => shareText(amounts, name, allocatable));
    text.line(1, [name, ...shares].join('\t'));
  }
  for (const name of names) {
    if (STANDARD.has(name) || huge.includes(name)) continue;
    const amounts = [requests, limits].map((all) => formatQuantity(all[name] ?? ZERO));
    text.line(1, [name, ...amounts].join('\t'));
  }
}

function totalOf(pods: readonly Pod[], part: 'requests' | 'limits'): Quantities {
  const total: Record<string, Quantity> = {};
  for (const { spec } of pods) {
    for (const [name, amount] of Object.entries(podQuantities(spec, part))) {
      const sum = total[name];
      total[name] = sum ? addQuantities(sum, amount) : amount;
    }
  }
  return total;
}
