import { countsOf } from '../../engine/compare/clients.ts';
import { SECOND } from '../../engine/sim/clock.ts';
import type { World } from '../../engine/world.ts';
import type { NodeView } from './figure-view.ts';

/** So long nothing failed: it is well again. */
const STEADY_MS = 3 * SECOND;

/** By the kind in `%% bind node x = KIND/NAME`. */
export const compareSubjects: Readonly<Record<string, (world: World, name: string) => NodeView>> = {
  /** Those who ask a platform of the comparison: how many requests were served, how many failed. */
  clients(world, platform) {
    const object = `component ${platform}`;
    const counts = countsOf(world.kernel, platform);
    if (!counts || counts.sent === 0) return { state: 'empty', object };
    const { served, failed, lastFailedMs = -Infinity } = counts;
    const isWell = world.kernel.now - lastFailedMs >= STEADY_MS;
    return { state: isWell ? 'running' : 'failed', badge: `${served} / ${failed}`, object };
  },
};
