import type { Node } from '../cluster-objects.ts';
import { ageOf } from './age.ts';
import { columns, type Cell } from './columns.ts';

/** The row of a Node (pkg/printers/internalversion/printers.go `printNode`, v1.36). */
export const NODE_COLUMNS = columns(
  ['Name', 'Status', 'Roles', 'Age', 'Version'],
  ['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'],
);

const ROLE_PREFIX = 'node-role.kubernetes.io/';

export function nodeRow({ metadata, spec, status }: Node, nowMs: number): Cell[] {
  const ready = status.conditions?.filter(({ type }) => type === 'Ready').at(-1);
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (spec.unschedulable) words.push('SchedulingDisabled');
  const info = status.nodeInfo ?? {};
  return [
    metadata.name,
    words.join(','),
    rolesOf(metadata.labels ?? {}),
    ageOf(metadata.creationTimestamp, nowMs),
    info.kubeletVersion ?? '',
    addressOf(status.addresses, 'InternalIP'),
    addressOf(status.addresses, 'ExternalIP'),
    info.osImage || '<unknown>',
    info.kernelVersion || '<unknown>',
    info.containerRuntimeVersion || '<unknown>',
  ];
}

function rolesOf(labels: Readonly<Record<string, string>>): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) {
      roles.add(key.slice(ROLE_PREFIX.length));
    } else if (key === 'kubernetes.io/role' && value !== '') {
      roles.add(value);
    }
  }
  return roles.size > 0 ? [...roles].sort((a, b) => (a < b ? -1 : 1)).join(',') : '<none>';
}

function addressOf(addresses: Node['status']['addresses'], type: string): string {
  return addresses?.find((address) => address.type === type)?.address ?? '<none>';
}
