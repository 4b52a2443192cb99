/**
 * Presentation time: a pure map from what happened in virtual time to seconds on screen. At x1
 * every shown step lasts at least 240 ms, a gap in which nothing is shown shrinks to at most
 * 600 ms, and whatever lies between runs one to one. x10 and x60 shorten both. No figure has any
 * other timeline: playing, stepping and scrubbing are positions on this one.
 */
export interface ShownStep {
  readonly timeMs: number;
  /** How long what it shows is under way in virtual time; 0 for what happens at once. */
  readonly durationMs: number;
}

export const speeds = [1, 10, 60] as const;
export type Speed = (typeof speeds)[number];

interface Pace {
  readonly stepMs: number;
  readonly idleMs: number;
}

const paces: Readonly<Record<Speed, Pace>> = {
  1: { stepMs: 240, idleMs: 600 },
  10: { stepMs: 80, idleMs: 160 },
  60: { stepMs: 24, idleMs: 40 },
};

/** How long a step that travels stays on screen at least: two steps' time. */
const TRAVEL_STEPS = 2;

/** One step placed on screen; times in milliseconds of screen time from the start. */
export interface PlacedStep {
  readonly startMs: number;
  /** When what it shows has arrived. */
  readonly endMs: number;
  /** Virtual time that was left out before this step, beyond what was shown one to one. */
  readonly skippedMs: number;
}

export interface Presentation {
  readonly steps: readonly PlacedStep[];
  readonly lengthMs: number;
}

/**
 * Places steps, given in the order they happened, on screen.
 * @param steps times never decrease
 */
export function present(steps: readonly ShownStep[], speed: Speed): Presentation {
  const { stepMs, idleMs } = paces[speed];
  const starts: number[] = [];
  let atMs = 0;
  steps.forEach((step, i) => {
    const before = steps[i - 1];
    if (before) atMs += clamp(step.timeMs - before.timeMs, stepMs, idleMs);
    starts.push(atMs);
  });
  const endOfLast = atMs + idleMs;
  const placed = steps.map((step, i) => {
    const startMs = starts[i]!;
    const before = steps[i - 1];
    const gapMs = before ? step.timeMs - before.timeMs : 0;
    const arrivalMs = screenTimeOf(steps, starts, step.timeMs + step.durationMs, i);
    const endMs = Math.min(endOfLast, Math.max(startMs + TRAVEL_STEPS * stepMs, arrivalMs));
    return { startMs, endMs, skippedMs: Math.max(0, gapMs - idleMs) };
  });
  return { steps: placed, lengthMs: steps.length === 0 ? 0 : endOfLast };
}

/** The screen time of a virtual time at or after step `from`: between two steps, in proportion. */
function screenTimeOf(
  steps: readonly ShownStep[],
  starts: readonly number[],
  timeMs: number,
  from: number,
): number {
  let i = from;
  while (i + 1 < steps.length && steps[i + 1]!.timeMs <= timeMs) i++;
  const start = starts[i]!;
  const here = steps[i]!.timeMs;
  const next = steps[i + 1];
  if (!next) return start;
  return start + ((timeMs - here) / (next.timeMs - here)) * (starts[i + 1]! - start);
}

/** The last step that has begun at a screen position; -1 before the first. */
export function stepAt(presentation: Presentation, positionMs: number): number {
  const { steps } = presentation;
  let from = 0;
  let to = steps.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (steps[middle]!.startMs <= positionMs) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** The virtual time shown at a screen position, in proportion between two steps. */
export function virtualTimeAt(
  steps: readonly ShownStep[],
  presentation: Presentation,
  positionMs: number,
): number {
  const at = stepAt(presentation, positionMs);
  const step = steps[at];
  const placed = presentation.steps[at];
  if (!step || !placed) return steps[0]?.timeMs ?? 0;
  const next = steps[at + 1];
  const nextPlaced = presentation.steps[at + 1];
  if (!next || !nextPlaced || nextPlaced.startMs === placed.startMs) return step.timeMs;
  const share = (positionMs - placed.startMs) / (nextPlaced.startMs - placed.startMs);
  return Math.round(step.timeMs + share * (next.timeMs - step.timeMs));
}

/** How far along its way what a step shows is: 0 before, 1 once it has arrived. */
export function progressOf(placed: PlacedStep, positionMs: number): number {
  if (placed.endMs === placed.startMs) return positionMs >= placed.startMs ? 1 : 0;
  return clamp((positionMs - placed.startMs) / (placed.endMs - placed.startMs), 0, 1);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
