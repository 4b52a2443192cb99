import { findCondition } from '../../apimachinery/object.ts';
import type { Node } from '../../api/cluster-objects.ts';

/**
 * How much of a zone is down, and how fast its nodes are given up on then
 * (pkg/controller/nodelifecycle/node_lifecycle_controller.go `ComputeZoneState`,
 * `setLimiterInZone`, v1.36). A zone that is down as a whole is more likely cut off than broken.
 */
export type ZoneState = 'Normal' | 'PartialDisruption' | 'FullDisruption';

export const EVICTION_RATES = {
  /** Nodes a second of a zone that is well, or fully down while others are not. */
  primaryPerSecond: 0.1,
  /** Of a large zone of which most is down. */
  secondaryPerSecond: 0.01,
  /** A zone with more nodes than this is large. */
  largeClusterThreshold: 50,
  /** The part of a zone that is down from which on most of it counts as down. */
  unhealthyZoneThreshold: 0.55,
};

/** Region and zone of a node; nodes without these labels are in one zone together. */
export function zoneOf({ metadata: { labels = {} } }: Node): string {
  const region = labels['topology.kubernetes.io/region'] ?? '';
  const zone = labels['topology.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}:\u0000:${zone}`;
}

export interface ZoneCount {
  readonly ready: number;
  readonly notReady: number;
}

/** The nodes of each zone, counted by their condition Ready. */
export function countZones(nodes: Iterable<Node>): Map<string, ZoneCount> {
  const zones = new Map<string, ZoneCount>();
  for (const node of nodes) {
    const zone = zoneOf(node);
    const { ready, notReady } = zones.get(zone) ?? { ready: 0, notReady: 0 };
    const isReady = findCondition(node.status.conditions, 'Ready')?.status === 'True';
    zones.set(zone, { ready: ready + Number(isReady), notReady: notReady + Number(!isReady) });
  }
  return zones;
}

export function zoneState({ ready, notReady }: ZoneCount): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption';
  const part = notReady / (notReady + ready);
  if (notReady > 2 && part >= EVICTION_RATES.unhealthyZoneThreshold) return 'PartialDisruption';
  return 'Normal';
}

/** Nodes a second that may be given up in a zone; none at all once every zone is fully down. */
export function evictionRate(state: ZoneState, { ready, notReady }: ZoneCount): number {
  const { primaryPerSecond, secondaryPerSecond, largeClusterThreshold } = EVICTION_RATES;
  if (state !== 'PartialDisruption') return primaryPerSecond;
  return ready + notReady > largeClusterThreshold ? secondaryPerSecond : 0;
}
