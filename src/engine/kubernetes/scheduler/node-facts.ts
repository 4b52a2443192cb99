import type { Node } from '../api/cluster-objects.ts';
import type { Amounts } from '../api/pod-resources.ts';
import type { Labels } from '../apimachinery/object.ts';

/**
 * What the scheduler knows of nodes (pkg/scheduler/framework/types.go `NodeInfo`, v1.36), and
 * before it, a port of a node that a Pod takes.
 */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** What the Pods on a node ask for in all. */
export interface Usage {
  readonly requested: Amounts;
  /** As scoring counts: a container without a request takes 100m and 200Mi. */
  readonly nonZeroRequested: Amounts;
  readonly pods: number;
  readonly ports: readonly HostPort[];
}

export const NO_USAGE: Usage = {
  requested: { cpuMillis: 0, memoryBytes: 0 },
  nonZeroRequested: { cpuMillis: 0, memoryBytes: 0 },
  pods: 0,
  ports: [],
};

/** A node as it is at one time: never changed, a new one is made instead. */
export interface NodeInfo {
  readonly node: Node;
  readonly name: string;
  readonly labels: Labels;
  /** Its place in the list of nodes. */
  readonly index: number;
  readonly allocatable: Amounts & { readonly pods: number };
  readonly usage: Usage;
  /** Sizes of the images that the node has, by name. */
  readonly imageBytes: ReadonlyMap<string, number>;
}

/** How many nodes have an image, and how big it is. */
export interface ImageSpread {
  readonly sizeBytes: number;
  readonly nodes: number;
}
