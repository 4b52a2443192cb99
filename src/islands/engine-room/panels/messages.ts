/**
 * What panels ask of a world, and what they are told: plain data, types only. Every question names
 * the world, and of a figure's run the step; every answer is of that moment.
 */
import type { StateName } from '../../../diagram/state-glyphs.ts';
import type { NodeVerdict } from '../../../engine/kubernetes/scheduler/verdict.ts';
import type { Locale } from '../../../i18n/locales.ts';

export interface Look {
  /** The page's name of it. */
  readonly world: string;
  /** Of a figure's run. */
  readonly step?: number;
  readonly locale: Locale;
}

/** An object by its name in the trace, `Pod default/web-1`, and the machine that has it, if one has. */
export interface ObjectRef {
  readonly object: string;
  readonly machine?: string;
}

/** `there`: of what has no life of its own. */
export type ShownState = StateName | 'empty' | 'there';

/** One line of the tree. */
export interface ObjectRow {
  /** Names the line, and the branch below it. */
  readonly id: string;
  readonly label: string;
  /** Left out for a group. */
  readonly ref?: ObjectRef;
  readonly state?: ShownState;
  /** The product's own word for how it is: `CrashLoopBackOff`, `2/3`, `Exited (0)`. */
  readonly word?: string;
  /** How many are in it; left out for what cannot be opened. */
  readonly count?: number;
  readonly opens: boolean;
}

/** The lines `from` on, as many as `count`, of what is below a line; `''` is the whole. */
export interface BranchAsk {
  readonly id: string;
  readonly from: number;
  readonly count: number;
}

export interface BranchAnswer {
  readonly id: string;
  readonly from: number;
  readonly total: number;
  readonly rows: readonly ObjectRow[];
}

export interface CauseTold {
  readonly record: number;
  readonly timeMs: number;
  readonly caption: string;
}

/** How the scheduler's last try for a Pod went. */
export interface PlacementTold {
  readonly atMs: number;
  /** Undefined when it fits nowhere. */
  readonly node?: string;
  readonly message: string;
  readonly verdicts: readonly NodeVerdict[];
}

export interface InspectedObject {
  readonly title: string;
  readonly whatItIs: string;
  readonly state: ShownState;
  readonly stateText: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly why: readonly CauseTold[];
  readonly placement?: PlacementTold;
  /** What would show more of it, and where it is typed. */
  readonly commands: readonly InspectCommand[];
}

export type DetailForm = 'yaml' | 'json' | 'describe';

export interface InspectCommand {
  readonly form: DetailForm;
  readonly line: string;
  readonly machine: string;
}

export type EventSource = 'kubernetes' | 'docker' | 'compose' | 'swarm';

export interface EventRow {
  readonly key: string;
  readonly timeMs: number;
  readonly source: EventSource;
  readonly warning: boolean;
  /** `BackOff`, `die`. */
  readonly reason: string;
  readonly message: string;
  readonly ref: ObjectRef;
  /** Its record, if the trace has it. */
  readonly record?: number;
}

export interface EventsAnswer {
  /** Oldest first. */
  readonly rows: readonly EventRow[];
  /** How many there are that fit the question, of which `rows` are the last. */
  readonly total: number;
  readonly kinds: readonly string[];
}

/** What a line of the timeline or chart marks. */
export interface Mark {
  readonly timeMs: number;
  readonly kind: 'act' | 'fault' | 'failure';
  readonly text: string;
}

/** Requests that ended within a second, by who sent them. */
export interface LoadSecond {
  /** Seconds since the epoch of the world. */
  readonly second: number;
  readonly served: number;
  readonly failed: number;
  /** The sum of the times of those that were answered, in ms, where they are known. */
  readonly latencyMs?: number;
}

export interface LoadSeries {
  /** `Service default/web`, or a platform of a comparison. */
  readonly name: string;
  readonly seconds: readonly LoadSecond[];
}

export interface HistoryAnswer {
  readonly series: readonly LoadSeries[];
  readonly marks: readonly Mark[];
}

/** What differs between two branches at one virtual time. */
export interface BranchComparison {
  readonly sides: readonly [BranchSide, BranchSide];
  readonly differences: readonly BranchDifference[];
  /** How many there are, of which `differences` are the first. */
  readonly total: number;
}

export interface BranchSide {
  readonly branch: number;
  /** Where it was looked at: earlier than asked where it has not been lived so far. */
  readonly timeMs: number;
  readonly served: number;
  readonly failed: number;
  /** How many objects there are, by kind and state. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface BranchDifference {
  readonly object: string;
  readonly machine?: string;
  /** Undefined where it is not there. */
  readonly sides: readonly [string | undefined, string | undefined];
}

/** A place of the map: a node and its state; the first one has what is nowhere yet. */
export interface Berth {
  readonly name: string;
  readonly platform: 'kubernetes' | 'swarm' | 'docker';
}

/**
 * The whole map, or what changed since a revision: each change is a number, its berth times 2^16
 * plus its cell times 2^5 plus its state; cell 2047 is the berth itself. A state is an index into
 * `CELL_STATES`; 0 is an empty cell.
 */
export type MapAnswer = MapTold &
  (
    | {
        readonly kind: 'whole';
        readonly berths: readonly Berth[];
        readonly berthStates: Uint8Array;
        /** How many cells each berth has, and the states of all, berth by berth. */
        readonly cellCounts: Uint16Array;
        readonly cells: Uint8Array;
      }
    | { readonly kind: 'changes'; readonly changes: Uint32Array }
  );

interface MapTold {
  readonly revision: number;
  /** How many have no cell, since their berth has no more of them; by state. */
  readonly beyond: readonly number[];
}

export interface BerthAnswer {
  readonly name: string;
  readonly rows: readonly ObjectRow[];
  readonly total: number;
}

/** A time of this branch, and the record that is meant. */
export interface PlaceTold {
  readonly timeMs: number;
  readonly record: number;
}
