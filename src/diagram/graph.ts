/**
 * What a figure says, apart from how it is drawn: the parsed diagram as plain data. It is stored
 * beside the drawing, told in words to readers who do not see it, and compared between languages.
 */

export type FigureKind = 'flowchart' | 'sequence' | 'state' | 'class';

export interface Graph {
  readonly kind: FigureKind;
  readonly title: string;
  readonly description: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Sequence diagrams only: messages, notes and frames in the order in which they are read. */
  readonly steps: readonly GraphStep[];
}

/** A box, a state, a class, a participant, or a group of them. */
export interface GraphNode {
  /** The author's own id. */
  readonly id: string;
  /** As read aloud: line breaks are spaces. Empty for a start or end state. */
  readonly label: string;
  readonly shape: NodeShape;
  /** Semantic classes of the drawing grammar (`image`, `pod` …) in the author's order. */
  readonly classes: readonly string[];
  /** The group that holds it. */
  readonly parent: string | null;
  /** Class diagrams only. */
  readonly members?: readonly string[];
  readonly methods?: readonly string[];
  readonly annotations?: readonly string[];
}

export type NodeShape =
  'box' | 'group' | 'note' | 'start' | 'end' | 'choice' | 'fork' | 'actor' | 'participant';

export interface GraphEdge {
  /** The author's own id (`e1@-->`), else its number in the source, from 1. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly line: 'solid' | 'dotted' | 'thick' | 'invisible';
  readonly relation: EdgeRelation;
  /** What stands at the two ends of a class relation (`1`, `*`). */
  readonly fromEnd?: string;
  readonly toEnd?: string;
}

export type EdgeRelation =
  'arrow' | 'both' | 'line' | 'inherits' | 'contains' | 'owns' | 'uses' | 'note';

export type GraphStep =
  | { readonly type: 'message'; readonly edge: string }
  | { readonly type: 'note'; readonly over: readonly string[]; readonly label: string }
  | { readonly type: 'frame'; readonly frame: string; readonly label: string }
  | { readonly type: 'section'; readonly label: string }
  | { readonly type: 'close' };

/** Semantic classes of flowcharts. Each has an accent and a symbol. */
export const semanticClasses = [
  'file',
  'image',
  'registry',
  'machine',
  'container',
  'pod',
  'api',
  'etcd',
  'controller',
  'scheduler',
  'service',
  'volume',
  'client',
  'kernel',
  'process',
  'actor',
] as const;

export type SemanticClass = (typeof semanticClasses)[number];

export function isSemanticClass(name: string): name is SemanticClass {
  return semanticClasses.some((known) => known === name);
}
