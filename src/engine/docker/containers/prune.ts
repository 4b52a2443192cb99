import { parseRfc3339 } from '../../sim/clock.ts';
import { ask, now, type Program } from '../../sim/process.ts';
import { answer, fail } from '../answer.ts';
import { dockerService, type EngineResponse, type PruneReport } from '../api.ts';
import { readFilters, type Filters } from '../filters.ts';
import { readTimestamp } from '../timestamps.ts';
import { inside } from './internal.ts';

/** `docker container prune` (moby/moby v29.7 `daemon/prune.go`). */
const ACCEPTED = ['label', 'label!', 'until'];

interface PruneArgs {
  readonly machine: string;
  readonly filters: string;
}

export const prune: Program<PruneArgs, EngineResponse> = function* ({ machine, filters: text }) {
  const read = readFilters(text);
  if (!read.ok) return fail(400, read.message);
  const { filters } = read;
  const problem = filters.problem(ACCEPTED);
  if (problem !== undefined) return fail(400, problem);
  const until = untilOf(filters, yield* now());
  if ('message' in until) return fail(400, until.message);
  const stopped = yield* inside(machine, { op: 'stopped' });
  const deleted: string[] = [];
  let reclaimed = 0;
  for (const { id, createdMs, labels, sizeBytes } of stopped) {
    if (createdMs > until.timeMs || !isMeant(filters, labels)) continue;
    const request = { method: 'DELETE', path: `/containers/${id}` } as const;
    const said = yield* ask<EngineResponse>(dockerService(machine), request);
    if (said.status !== 204) continue;
    deleted.push(id);
    reclaimed += sizeBytes;
  }
  yield* inside(machine, { op: 'pruned', reclaimed });
  const ContainersDeleted = deleted.length === 0 ? null : deleted;
  return answer<PruneReport>(200, { ContainersDeleted, SpaceReclaimed: reclaimed });
};

/** `matchLabels`: all of `label`, and not all of `label!`. */
function isMeant(filters: Filters, labels: Readonly<Record<string, string>>): boolean {
  if (!filters.pairs('label', labels)) return false;
  return !filters.has('label!') || !filters.pairs('label!', labels);
}

/** The latest creation that counts: a duration before now, a time, or seconds since 1970. */
export function untilOf(
  filters: Filters,
  nowMs: number,
): { readonly timeMs: number } | { readonly message: string } {
  const values = filters.get('until');
  const [text] = values;
  if (text === undefined) return { timeMs: Infinity };
  if (values.length > 1) return { message: 'more than one until filter specified' };
  const duration = durationMs(text);
  if (duration !== undefined) return { timeMs: nowMs - duration };
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const time = parseRfc3339(full.endsWith('Z') ? full : `${full}Z`);
  if (time !== undefined) return { timeMs: time };
  const seconds = readTimestamp(text);
  if (seconds.ok && seconds.timeMs !== undefined) return { timeMs: seconds.timeMs };
  const why = seconds.ok ? '' : `: ${seconds.message.replace(/^invalid timestamp "[^"]*": /, '')}`;
  return { message: `failed to parse value as time or duration${why}` };
}

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  ns: 0.000_001,
};

/** Go's `1h30m`; undefined for what is none. */
function durationMs(text: string): number | undefined {
  if (text === '' || !/^(\d+(\.\d+)?(h|ms|m|s|us|ns))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count, , unit = ''] of text.matchAll(/(\d+(\.\d+)?)(h|ms|m|s|us|ns)/g)) {
    sum += Number(count) * (UNIT_MS[unit] ?? 0);
  }
  return Math.round(sum);
}
