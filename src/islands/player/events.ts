import type { EventMark } from '../../diagram/event-marks.ts';
import type { NodeView } from '../../diagram/projection/figure-view.ts';
import type { Film } from '../engine-room/run-messages.ts';

/** A mark of a timeline, at the first of the steps that it stands for. */
export interface TimelineMark {
  readonly step: number;
  readonly kind: EventMark;
}

/** What fails again within this is the same trouble. */
const TOGETHER_MS = 1000;

/** The marks of a film; failures that follow one another closely are one. */
export function marksOf({ steps }: Film): TimelineMark[] {
  const marks: TimelineMark[] = [];
  let lastFailureMs = -Infinity;
  for (const [step, { mark, moment }] of steps.entries()) {
    if (!mark) continue;
    const follows = moment.timeMs - lastFailureMs < TOGETHER_MS;
    if (mark === 'failure') lastFailureMs = moment.timeMs;
    if (mark === 'fault' || !follows) marks.push({ step, kind: mark });
  }
  return marks;
}

/**
 * The steps that are events of a node: what it shows changes, it acts, or something is done to what
 * it shows.
 */
export function eventsOfNode({ steps, nodes }: Film, node: string): number[] {
  const changes = nodes[node] ?? [];
  let next = 0;
  let object: string | undefined;
  const events: number[] = [];
  for (const [step, shown] of steps.entries()) {
    const before = changes[next - 1]?.[1];
    const change = changes[next]?.[0] === step ? changes[next++]?.[1] : undefined;
    if (change) object = change.object;
    // At the very start everything is shown for the first time.
    const changed = before !== undefined && change !== undefined && isOther(before, change);
    const concerns = object !== undefined && shown.object === object;
    if (changed || concerns || shown.acting === node) events.push(step);
  }
  return events;
}

/** That a wait has grown shorter is no event. */
const isOther = (before: NodeView, after: NodeView): boolean =>
  (['state', 'label', 'badge', 'object'] as const).some((key) => before[key] !== after[key]) ||
  before.wait?.untilMs !== after.wait?.untilMs;

/** Where a run is worth stopping when nothing is chosen: chapters and marks, in order. */
export function landmarksOf(film: Film): number[] {
  const chapters = film.chapters.map(({ firstStep }) => firstStep);
  const all = new Set([...chapters, ...marksOf(film).map(({ step }) => step)]);
  return [...all].filter((step) => step < film.steps.length).sort((a, b) => a - b);
}

/** The nearest of some steps before or after one; undefined when there is none. */
export function nextOf(events: readonly number[], step: number, towards: 1 | -1) {
  return towards > 0
    ? events.find((event) => event > step)
    : events.findLast((event) => event < step);
}
