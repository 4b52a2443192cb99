import type { Channel } from '../bindings.ts';
import type { StateName } from '../state-glyphs.ts';

/**
 * What a running figure shows at one step: plain data, made from a world by a projection and put
 * into a drawing by whoever holds one (the player into the DOM, the build into a still).
 */
export interface FigureView {
  /** By node id; nodes that are not named show what the drawing shows. */
  readonly nodes: Readonly<Record<string, NodeView>>;
  /** The node that acts at this step. */
  readonly acting?: string;
}

export interface NodeView {
  /** The state of what the node stands for; `empty` for a slot that nothing fills. */
  readonly state?: NodeState;
  /** Replaces the drawn label: the name of what fills a slot. */
  readonly label?: string;
  /** A short count or version beside the node: `3/3`, `1.1`. */
  readonly badge?: string;
  /** What it waits for comes at a known time: shown as a ring that closes, and counted down. */
  readonly wait?: Wait;
  /** The trace name of the object it shows: `Pod default/web-5d9c7-x2k4q`. */
  readonly object?: string;
}

export interface Wait {
  /** Virtual time at which it ends. */
  readonly untilMs: number;
  readonly wholeMs: number;
  /** What is left of it at the step of this view. */
  readonly leftMs: number;
}

export type NodeState = StateName | 'empty';

/** Something that travels in a figure: along these edges, one after the other. */
export interface Journey {
  readonly channel: Channel;
  readonly legs: readonly Leg[];
}

export interface Leg {
  readonly edge: string;
  /** True when it travels against the direction in which the edge was drawn. */
  readonly reversed: boolean;
}
