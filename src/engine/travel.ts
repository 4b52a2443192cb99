import { encodeWorld, LINK_LIMIT } from './link/world-link.ts';
import { runOf } from './link/world-run.ts';
import type { Breathing } from './sim/breath.ts';
import { DAY, HOUR, MINUTE, SECOND, rfc3339 } from './sim/clock.ts';
import type { Timeline } from './sim/timeline.ts';

/**
 * `drydock undo` and `drydock at TIME`: what moves a person through the time of a world, and `drydock
 * link`: what others need to come here. No program in the world can do that, so whoever reads the
 * lines that are typed carries it out.
 */
export type Travel =
  | { readonly to: 'undo' }
  | { readonly to: 'time'; readonly text: string }
  /** Others: to here. */
  | { readonly to: 'here' };

/** The travel that a typed line asks for; undefined for every other line. */
export function travelOf(line: string): Travel | undefined {
  const words = line.trim().split(/\s+/);
  if (words[0] !== 'drydock') return undefined;
  if (words[1] === 'undo' && words.length === 2) return { to: 'undo' };
  // With words behind it, it is about a link between machines.
  if (words[1] === 'link' && words.length === 2) return { to: 'here' };
  return words[1] === 'at' && words.length <= 3 ? { to: 'time', text: words[2] ?? '' } : undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  d: DAY,
  h: HOUR,
  m: MINUTE,
  s: SECOND,
  ms: 1,
};

/** `90s`, `1h30m`, `250ms` as milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,9}(\.\d{1,3})?(ms|[dhms]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)];
  return Math.round(parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit!]!, 0));
}

/** The furthest anybody travels at once. */
const LIMIT_MS = 366 * DAY;

/** Carries it out, with breaths. @returns what is printed, and the exit code */
export function* travelling(
  timeline: Timeline,
  wish: Travel,
): Breathing<{ printed: string; exitCode: number }> {
  if (wish.to === 'here') return linkTo(timeline);
  if (wish.to === 'undo') {
    const action = yield* timeline.undoing();
    if (!action) return { printed: 'drydock: nothing was done yet\n', exitCode: 1 };
    const { type, ...what } = action as { type: string; line?: string; path?: string };
    const undone = what.line ?? what.path ?? type;
    return { printed: `undone: ${undone}\n`, exitCode: 0 };
  }
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/.exec(wish.text) ?? [];
  const duration = parseDuration(rest);
  const { timeMs: now } = timeline.moment;
  const wanted = sign === '' ? duration : now + (sign === '+' ? 1 : -1) * (duration ?? NaN);
  if (wanted === undefined || Number.isNaN(wanted) || wanted > now + LIMIT_MS) {
    const usage = 'a time since the start such as 90s or 1h30m, or +10s, or -10s';
    return { printed: `drydock: at wants ${usage}, at most 366 days ahead\n`, exitCode: 1 };
  }
  yield* timeline.seekingTime(Math.max(wanted, timeline.start.timeMs));
  return { printed: `${rfc3339(timeline.moment.timeMs)}\n`, exitCode: 0 };
}

function linkTo(timeline: Timeline): { printed: string; exitCode: number } {
  const encoded = encodeWorld(runOf(timeline));
  if (encoded.kind === 'link') return { printed: `#${encoded.payload}\n`, exitCode: 0 };
  const length = `a link to this world would have ${encoded.length} characters`;
  const remedy = `more than ${LINK_LIMIT} do not arrive everywhere; keep it as a file`;
  return { printed: `drydock: ${length}, and ${remedy}\n`, exitCode: 1 };
}
