import { findCondition } from '../../engine/kubernetes/apimachinery/object.ts';
import type { Pod } from '../../engine/kubernetes/api/pod.ts';
import { MINUTE, parseRfc3339, SECOND } from '../../engine/sim/clock.ts';
import type { World } from '../../engine/world.ts';
import type { StateName } from '../state-glyphs.ts';
import type { Wait } from './figure-view.ts';

/** Waiting reasons that say: it will be tried again later. */
const backingOff: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
]);

/**
 * The one glyph for a Pod: what a reader most wants to know of it now. Of a Pod whose node is silent
 * nobody can tell.
 */
export function stateOfPod(pod: Pod, world: World): StateName {
  if (pod.metadata.deletionTimestamp !== undefined) return 'terminating';
  const { phase } = pod.status;
  if (phase === 'Succeeded') return 'succeeded';
  if (phase === 'Failed') return 'failed';
  if (phase === 'Unknown') return 'unknown';
  if (pod.spec.nodeName === undefined) return 'pending';
  const node = world.cluster?.client.get('nodes', '', pod.spec.nodeName);
  if (findCondition(node?.status.conditions, 'Ready')?.status === 'Unknown') return 'unknown';
  const statuses = pod.status.containerStatuses ?? [];
  const reasons = statuses.map((status) => status.state?.waiting?.reason ?? '');
  if (reasons.some((reason) => backingOff.has(reason))) return 'waiting';
  return findCondition(pod.status.conditions, 'Ready')?.status === 'True' ? 'running' : 'starting';
}

/**
 * How long a Pod's container is still held back after a crash, as its status tells: the end of the
 * container, to the second, and the delay in the kubelet's words.
 */
export function waitOf({ status }: Pod, nowMs: number): Wait | undefined {
  for (const { state, lastState } of status.containerStatuses ?? []) {
    if (state?.waiting?.reason !== 'CrashLoopBackOff') continue;
    const [, minutes = 0, seconds = 0] =
      /^back-off (?:(\d+)m)?(?:(\d+)s)? /.exec(state.waiting.message ?? '') ?? [];
    const wholeMs = Number(minutes) * MINUTE + Number(seconds) * SECOND;
    const ended = parseRfc3339(lastState?.terminated?.finishedAt ?? '');
    if (wholeMs === 0 || ended === undefined) return undefined;
    const untilMs = ended + wholeMs;
    return { untilMs, wholeMs, leftMs: Math.max(0, untilMs - nowMs) };
  }
  return undefined;
}

/** The five characters that tell a Pod from its siblings. */
export function shortNameOf(pod: Pod): string {
  return pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1);
}

/** What the Pod runs: the tag, or the start of the digest, of its first container's image. */
export function versionOf(pod: Pod): string {
  const image = pod.spec.containers[0]?.image ?? '';
  const digest = /@sha256:([0-9a-f]{7})/.exec(image)?.[1];
  return digest ?? /:([\w.-]+)$/.exec(image)?.[1] ?? 'latest';
}
