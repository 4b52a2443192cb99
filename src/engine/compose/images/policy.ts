import type { Service } from '../../compose-file/service.ts';
import { parseDuration } from '../../go/duration.ts';
import { isRefused } from '../../go/refused.ts';
import { parseRfc3339 } from '../../sim/clock.ts';
import type { LocalImage } from './local.ts';

/** When an image is pulled (compose-go v2.13 `types/types.go` GetPullPolicy). */
const DAY_MS = 86_400_000;
const NAMED: Readonly<Record<string, number>> = { daily: DAY_MS, weekly: 7 * DAY_MS };

/** Milliseconds after which an image is pulled anew; undefined for another policy. */
function refreshMs(policy: string): number | undefined {
  if (policy in NAMED) return NAMED[policy];
  if (!policy.startsWith('every_')) return undefined;
  const text = policy.slice('every_'.length);
  const [, weeks, days] = /^(?:(\d+)w)?(?:(\d+)d)?/.exec(text) ?? [];
  const rest = text.replace(/^(\d+w)?(\d+d)?/, '');
  const more = rest === '' ? 0 : parseDuration(rest);
  const wholeMs = (Number(weeks ?? 0) * 7 + Number(days ?? 0)) * DAY_MS;
  return isRefused(more) ? undefined : wholeMs + more / 1e6;
}

export function mustPull(
  { image = '', pull_policy: policy = 'missing', provider }: Service,
  local: LocalImage | undefined,
  nowMs: number,
): boolean {
  if (provider || image === '') return false;
  if (policy === 'always') return true;
  if (policy === 'never' || policy === 'build') return false;
  const window = refreshMs(policy);
  if (!local || window === undefined) return !local;
  return nowMs > (parseRfc3339(local.lastTagTime) ?? 0) + window;
}
