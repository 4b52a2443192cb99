import { milliValue, wholeValue } from '../apimachinery/quantity.ts';
import type { Node } from '../api/cluster-objects.ts';
import { joinOthers, otherAmounts, type Amounts } from '../api/pod-resources.ts';
import { NO_USAGE, type NodeInfo, type Usage } from './node-facts.ts';
import { normalizedImageName } from './image-name.ts';
import type { PodInfo, SpecFacts } from './pod-info.ts';

/** What the scheduler reads out of a Node, worked out once for each version of it. */
type NodeFacts = Omit<NodeInfo, 'index' | 'usage'>;

const known = new WeakMap<Node, NodeFacts>();
const NO_LABELS = {};

export function newNodeInfo(node: Node, index: number, usage: Usage = NO_USAGE): NodeInfo {
  return { ...factsOfNode(node), index, usage };
}

function factsOfNode(node: Node): NodeFacts {
  const before = known.get(node);
  if (before) return before;
  const { allocatable = {}, images = [] } = node.status;
  const imageBytes = new Map<string, number>();
  for (const { names = [], sizeBytes = 0 } of images) {
    for (const name of names) imageBytes.set(normalizedImageName(name), sizeBytes);
  }
  const facts = {
    node,
    name: node.metadata.name,
    labels: node.metadata.labels ?? NO_LABELS,
    allocatable: {
      cpuMillis: milliValue(allocatable.cpu),
      memoryBytes: wholeValue(allocatable.memory),
      pods: wholeValue(allocatable.pods),
      others: otherAmounts(allocatable),
    },
    imageBytes,
  };
  known.set(node, facts);
  return facts;
}

/** The node with a Pod more, or less. */
export function withPod(info: NodeInfo, pod: PodInfo, by: 1 | -1): NodeInfo {
  return { ...info, usage: changedUsage(info.usage, pod.facts, by) };
}

export function changedUsage(before: Usage, facts: SpecFacts, by: 1 | -1): Usage {
  const { requests, nonZeroRequests, hostPorts } = facts;
  let { ports } = before;
  if (hostPorts.length > 0 && by > 0) ports = [...ports, ...hostPorts];
  else if (hostPorts.length > 0) {
    const left = [...ports];
    for (const { ip, protocol, port } of hostPorts) {
      const at = left.findIndex((p) => p.port === port && p.ip === ip && p.protocol === protocol);
      if (at >= 0) left.splice(at, 1);
    }
    ports = left;
  }
  return {
    requested: changed(before.requested, requests, by),
    nonZeroRequested: changed(before.nonZeroRequested, nonZeroRequests, by),
    pods: before.pods + by,
    ports,
  };
}

function changed(a: Amounts, b: Amounts, by: 1 | -1): Amounts {
  const cpuMillis = a.cpuMillis + by * b.cpuMillis;
  const memoryBytes = a.memoryBytes + by * b.memoryBytes;
  if (!a.others && !b.others) return { cpuMillis, memoryBytes };
  const others = joinOthers(a.others, b.others, (x, y) => x + by * y);
  return { cpuMillis, memoryBytes, ...(others && { others }) };
}
