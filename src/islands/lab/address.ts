import { asSent } from '../link/as-sent.ts';

/**
 * What stands behind the `#` of the lab: `preset=cluster&seed=7`, `scenario=AREA/ID`, with `&at=MS`
 * lived on to there, `challenge=ID`, or a world's link, `v2.…`, with `&challenge=ID` where the world
 * began as that exercise.
 */
export type LabAddress =
  /** Nothing, or an ordinary heading. */
  | { readonly kind: 'none' }
  | { readonly kind: 'preset'; readonly preset: string; readonly seed: number }
  /** `atMs`: so much virtual time after it begins, its steps until then typed. */
  | { readonly kind: 'scenario'; readonly id: string; readonly atMs?: number }
  | { readonly kind: 'challenge'; readonly id: string }
  | { readonly kind: 'link'; readonly payload: string; readonly challenge?: string }
  /** A link of version 1: to a moment of a figure, on the page that has it. */
  | { readonly kind: 'moment' }
  /** Asks for something that has no name which anything here could have. */
  | { readonly kind: 'unknown'; readonly asked: string };

export const USUAL_SEED = 7;

const EXERCISE = /^[a-z0-9-]+(\/[a-z0-9-]+)?$/;
/** `nodes-N` itself is a place of the page: its N is still to be chosen. */
const PRESET = /^[a-z]+(-[a-z]+)?(-\d{1,4})?$/;

const ASKING: readonly string[] = ['preset', 'scenario', 'challenge'];
/** Of a name that nothing has, so much is said again. */
const ASKED_LIMIT = 80;

/** @param hash `location.hash`, with or without its `#`. Never throws. */
export function readAddress(hash: string): LabAddress {
  const text = asSent(hash.replace(/^#/, ''));
  if (text.startsWith('v1.')) return { kind: 'moment' };
  const [first = '', ...more] = text.split('&');
  const [key, value] = split(first);
  const valueOf = (name: string): string | undefined =>
    more.map(split).find(([known]) => known === name)?.[1];
  const numberOf = (name: string): number => Number(valueOf(name) ?? Number.NaN);
  // Of a version to come, too: whoever opens worlds says so.
  if (/^v\d+\./.test(first)) {
    const challenge = valueOf('challenge') ?? '';
    return { kind: 'link', payload: first, ...(EXERCISE.test(challenge) && { challenge }) };
  }
  if (key === 'scenario' && EXERCISE.test(value)) {
    const atMs = numberOf('at');
    const isLater = Number.isSafeInteger(atMs) && atMs > 0;
    return { kind: 'scenario', id: value, ...(isLater && { atMs }) };
  }
  if (key === 'challenge' && EXERCISE.test(value)) return { kind: 'challenge', id: value };
  if (!ASKING.includes(key) || first === 'preset=nodes-N') return { kind: 'none' };
  if (key !== 'preset' || !PRESET.test(value)) {
    return { kind: 'unknown', asked: first.slice(0, ASKED_LIMIT) };
  }
  const seed = numberOf('seed');
  return { kind: 'preset', preset: value, seed: Number.isSafeInteger(seed) ? seed : USUAL_SEED };
}

/** What to put behind the `#`; the usual seed goes without saying. */
export function writeAddress(address: LabAddress): string {
  if (address.kind === 'preset') {
    const seed = address.seed === USUAL_SEED ? '' : `&seed=${address.seed}`;
    return `preset=${address.preset}${seed}`;
  }
  if (address.kind === 'link') {
    const { payload, challenge } = address;
    return challenge === undefined ? payload : `${payload}&challenge=${challenge}`;
  }
  if (address.kind === 'unknown') return address.asked;
  if (address.kind === 'scenario' && address.atMs !== undefined) {
    return `scenario=${address.id}&at=${address.atMs}`;
  }
  return 'id' in address ? `${address.kind}=${address.id}` : '';
}

function split(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
