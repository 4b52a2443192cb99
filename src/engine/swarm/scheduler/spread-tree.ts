import type { Placement } from '../api.ts';
import type { NodeObject } from '../objects.ts';
import type { NodeInfo } from './node-info.ts';

/**
 * Nodes by the labels over which a service is spread, a level for each preference (moby/swarmkit
 * v2.1 `manager/scheduler/nodeset.go`, `decision_tree.go`).
 */
export interface SpreadTree {
  /** Tasks of the service below it. */
  tasks: number;
  /** By value; undefined for a leaf. A label that is missing has the value ''. */
  readonly next?: Map<string, SpreadTree>;
  readonly infos: NodeInfo[];
}

const NODE_LABEL = 'node.labels.';
const ENGINE_LABEL = 'engine.labels.';

/** Preferences for anything but labels are passed over. */
function valueOf(descriptor: string, node: NodeObject): string | undefined {
  const name = descriptor.toLowerCase();
  const labels: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [NODE_LABEL, node.spec.Labels ?? {}],
    [ENGINE_LABEL, node.engineLabels],
  ];
  for (const [prefix, values] of labels) {
    if (name.length > prefix.length && name.startsWith(prefix)) {
      return values[descriptor.slice(prefix.length)] ?? '';
    }
  }
  return undefined;
}

export function spreadTree(
  infos: readonly NodeInfo[],
  service: string,
  preferences: Placement['Preferences'] = [],
): SpreadTree {
  const descriptors = preferences.flatMap(({ Spread }) =>
    Spread ? [Spread.SpreadDescriptor] : [],
  );
  return branch(infos, service, descriptors);
}

function branch(
  infos: readonly NodeInfo[],
  service: string,
  descriptors: readonly string[],
): SpreadTree {
  const tasks = infos.reduce((sum, { usage }) => sum + (usage.services[service] ?? 0), 0);
  const at = descriptors.findIndex((one) =>
    infos.some(({ node }) => valueOf(one, node) !== undefined),
  );
  const descriptor = descriptors[at];
  if (descriptor === undefined) return { tasks, infos: [...infos] };
  const byValue = new Map<string, NodeInfo[]>();
  for (const info of infos) {
    const value = valueOf(descriptor, info.node) ?? '';
    const members = byValue.get(value);
    if (members) members.push(info);
    else byValue.set(value, [info]);
  }
  const rest = descriptors.slice(at + 1);
  const next = [...byValue].map(
    ([value, members]) => [value, branch(members, service, rest)] as const,
  );
  return { tasks, next: new Map(next), infos: [] };
}
