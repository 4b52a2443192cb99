import type { TraceRecord } from '../engine/sim/trace.ts';

/** What of a run deserves a mark of its own: a fault that was caused, or something that failed. */
export type EventMark = 'fault' | 'failure';

/** Verbs of what went wrong by itself. */
const failures: ReadonlySet<string> = new Set([
  ...['warn', 'down', 'failed', 'refuse', 'unhealthy', 'oom-kill', 'back-off'],
  ...['pull-failed', 'build-failed'],
]);

export function eventMarkOf({ verb, actor, object, detail }: TraceRecord): EventMark | undefined {
  if (verb === 'run' && actor === 'developer') {
    return /^drydock fault\b/.test(object) ? 'fault' : undefined;
  }
  if (verb === 'fault') return detail?.kind === 'none' ? undefined : 'fault';
  return failures.has(verb) ? 'failure' : undefined;
}

/** Around a point on a line of 16: a fault is a cross, a failure a diamond. */
export const markPaths: Readonly<Record<EventMark, string>> = {
  fault: 'M-4 -4L4 4M4 -4L-4 4',
  failure: 'M0 -5L4.5 0L0 5L-4.5 0Z',
};
