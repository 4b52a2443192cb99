import type { ServiceMount } from '../../api.ts';
import { countNodes, type Filter } from '../filter.ts';

/** Drivers of volumes that every daemon brings. */
const LOCAL = 'local';

function volumeDriver({ Type, VolumeOptions }: ServiceMount): string {
  if (Type !== 'volume') return '';
  return VolumeOptions?.DriverConfig?.Name ?? '';
}

/**
 * The plugins for the task's volumes are there.
 *
 * Simplified: machines have no plugins, and all have the drivers that come with the daemon; networks
 * and logs need no others.
 */
export const plugins: Filter = {
  name: 'PluginFilter',
  check(task) {
    const drivers = (task.spec.ContainerSpec.Mounts ?? []).map(volumeDriver);
    const wanted = drivers.filter((driver) => driver !== '' && driver !== LOCAL);
    if (wanted.length === 0) return undefined;
    return ({ node }) =>
      wanted.every((driver) =>
        (node.volumePlugins ?? []).some((name) => name === driver || name === `${driver}:latest`),
      );
  },
  explain: (nodes) => `missing plugin on ${countNodes(nodes)}`,
};
