import { rfc3339 } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import type { Node, NodeImage, Taint } from '../api/cluster-objects.ts';
import type { Condition, Labels } from '../apimachinery/object.ts';
import { wholeValue } from '../apimachinery/quantity.ts';
import { NODE_DISK_BYTES } from './cri.ts';
import { MEMORY_THRESHOLD_BYTES, NO_PRESSURE, type Pressures } from './eviction-signals.ts';

/** What a node says of itself (pkg/kubelet/nodestatus/setters.go, v1.36). */
export interface NodeSpec {
  readonly name: string;
  readonly ip: string;
  readonly podCidr: string;
  readonly cpu: string;
  readonly memory: string;
  readonly labels?: Labels;
  readonly taints?: readonly Taint[];
}

const KUBELET_PORT = 10_250;
const MAX_PODS = '110';

const NODE_INFO = {
  architecture: 'amd64',
  operatingSystem: 'linux',
  kubeletVersion: 'v1.36.0',
  kubeProxyVersion: '',
  osImage: 'Ubuntu 24.04.3 LTS',
  kernelVersion: '6.8.0-85-generic',
  containerRuntimeVersion: 'containerd://2.1.4',
};

export const nodeLabels = ({ name, labels }: NodeSpec): Labels => ({
  'beta.kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/hostname': name,
  'kubernetes.io/os': 'linux',
  ...labels,
});

/** The status of a node that has just come, ready from the start. */
export function firstStatus(
  spec: NodeSpec,
  images: readonly NodeImage[],
  random: Random,
  nowMs: number,
): Node['status'] {
  const capacityBytes = wholeValue(spec.memory);
  const inKi = (bytes: number): string => `${Math.floor(bytes / 1024)}Ki`;
  const others = { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' };
  const id = (length: number): string => random.text(length, '0123456789abcdef');
  const uuid = (): string => [8, 4, 4, 4, 12].map(id).join('-');
  return {
    capacity: {
      cpu: spec.cpu,
      'ephemeral-storage': inKi(NODE_DISK_BYTES),
      ...others,
      memory: inKi(capacityBytes),
      pods: MAX_PODS,
    },
    allocatable: {
      cpu: spec.cpu,
      // A tenth is kept free of Pods.
      'ephemeral-storage': String(Math.floor((NODE_DISK_BYTES * 9) / 10)),
      ...others,
      memory: inKi(capacityBytes - MEMORY_THRESHOLD_BYTES),
      pods: MAX_PODS,
    },
    conditions: nodeConditions(nowMs, NO_PRESSURE),
    addresses: [
      { type: 'InternalIP', address: spec.ip },
      { type: 'Hostname', address: spec.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
    images,
    nodeInfo: { ...NODE_INFO, machineID: id(32), systemUUID: uuid(), bootID: uuid() },
  };
}

export function nodeConditions(nowMs: number, { memory, disk }: Pressures): readonly Condition[] {
  const at = rfc3339(nowMs);
  const times = { lastHeartbeatTime: at, lastTransitionTime: at };
  const fine = (type: string, reason: string, message: string): Condition => ({
    ...{ type, status: 'False', ...times, reason, message },
  });
  const bad = (type: string, reason: string, message: string): Condition => ({
    ...{ type, status: 'True', ...times, reason, message },
  });
  const short = 'kubelet has insufficient memory available';
  const enough = 'kubelet has sufficient memory available';
  return [
    memory
      ? bad('MemoryPressure', 'KubeletHasInsufficientMemory', short)
      : fine('MemoryPressure', 'KubeletHasSufficientMemory', enough),
    disk
      ? bad('DiskPressure', 'KubeletHasDiskPressure', 'kubelet has disk pressure')
      : fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    {
      type: 'Ready',
      status: 'True',
      ...times,
      reason: 'KubeletReady',
      message: 'kubelet is posting ready status',
    },
  ];
}

/** The conditions as they are now: what has not changed keeps the time since when it is so. */
export function refreshedConditions(
  before: readonly Condition[] = [],
  now: readonly Condition[],
): readonly Condition[] {
  const own = new Set(now.map(({ type }) => type));
  const kept = before.filter(({ type }) => !own.has(type));
  const next = now.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    if (old?.status !== condition.status) return condition;
    return { ...condition, lastTransitionTime: old.lastTransitionTime };
  });
  return [...kept, ...next];
}
