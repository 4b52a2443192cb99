import { asSent } from '../link/as-sent.ts';

/**
 * What stands behind the `#` of the lab: `preset=cluster&seed=7`, `scenario=AREA/ID`, with `&at=MS`
 * lived on to there, `challenge=ID`, or a world's link, `v2.…`, with `&challenge=ID` where the world
 * began as that exercise, or `&scenario=AREA/ID&steps=N` where it began before the first step of that
 * scenario and so many of them were typed.
 */
export type LabAddress =
  /** Nothing, or an ordinary heading. */
  | { readonly kind: 'none' }
  | ({ readonly kind: 'preset'; readonly preset: string; readonly seed: number } & Unread)
  /** `atMs`: so much virtual time after it begins, its steps until then typed. */
  | ({ readonly kind: 'scenario'; readonly id: string; readonly atMs?: number } & Unread)
  | { readonly kind: 'challenge'; readonly id: string }
  | {
      readonly kind: 'link';
      readonly payload: string;
      readonly challenge?: string;
      readonly story?: { readonly id: string; readonly steps: number };
    }
  /** A link of version 1: to a moment of a figure, on the page that has it. */
  | { readonly kind: 'moment' }
  /** Asks for something that has no name which anything here could have. */
  | { readonly kind: 'unknown'; readonly asked: string };

/** What of an address was meant for a number and is none: the world is opened without it. */
interface Unread {
  readonly unread?: string;
}

export const USUAL_SEED = 7;

const EXERCISE = /^[a-z0-9-]+(\/[a-z0-9-]+)?$/;
/** `nodes-N` itself is a place of the page: its N is still to be chosen. */
const PRESET = /^[a-z]+(-[a-z]+)?(-\d{1,4})?$/;

const ASKING: readonly string[] = ['preset', 'scenario', 'challenge'];
/** Of a name that nothing has, so much is said again. */
const ASKED_LIMIT = 80;
/** As `drydock at`: a year ahead. */
const AT_LIMIT_MS = 366 * 86_400_000;
const STEPS_LIMIT = 1_000;

/** @param hash `location.hash`, with or without its `#`. Never throws. */
export function readAddress(hash: string): LabAddress {
  const text = asSent(hash.replace(/^#/, ''));
  if (text.startsWith('v1.')) return { kind: 'moment' };
  const [first = '', ...more] = text.split('&');
  const [key, value] = split(first);
  const valueOf = (name: string): string | undefined =>
    more.map(split).find(([known]) => known === name)?.[1];
  const numberOf = (name: string, limit: number): { is?: number } & Unread => {
    const written = valueOf(name);
    if (written === undefined) return {};
    const is = Number(written);
    const isNumber = /^\d+$/.test(written) && is <= limit;
    return isNumber ? { is } : { unread: `${name}=${written}`.slice(0, ASKED_LIMIT) };
  };
  // Of a version to come, too: whoever opens worlds says so.
  if (/^v\d+\./.test(first)) {
    const [challenge = '', id = ''] = [valueOf('challenge'), valueOf('scenario')];
    const { is: steps = 0 } = numberOf('steps', STEPS_LIMIT);
    return {
      ...{ kind: 'link', payload: first },
      ...(EXERCISE.test(challenge) && { challenge }),
      ...(EXERCISE.test(id) && { story: { id, steps } }),
    };
  }
  if (key === 'scenario' && EXERCISE.test(value)) {
    const { is: atMs, ...unread } = numberOf('at', AT_LIMIT_MS);
    return { kind: 'scenario', id: value, ...(atMs && { atMs }), ...unread };
  }
  if (key === 'challenge' && EXERCISE.test(value)) return { kind: 'challenge', id: value };
  if (!ASKING.includes(key) || first === 'preset=nodes-N') return { kind: 'none' };
  if (key !== 'preset' || !PRESET.test(value)) {
    return { kind: 'unknown', asked: first.slice(0, ASKED_LIMIT) };
  }
  const { is: seed = USUAL_SEED, ...unread } = numberOf('seed', Number.MAX_SAFE_INTEGER);
  return { kind: 'preset', preset: value, seed, ...unread };
}

/** What to put behind the `#`; the usual seed goes without saying. */
export function writeAddress(address: LabAddress): string {
  if (address.kind === 'preset') {
    const seed = address.seed === USUAL_SEED ? '' : `&seed=${address.seed}`;
    return `preset=${address.preset}${seed}`;
  }
  if (address.kind === 'link') {
    const { payload, challenge, story } = address;
    const more = [
      ...(challenge === undefined ? [] : [`challenge=${challenge}`]),
      ...(story ? [`scenario=${story.id}`, `steps=${story.steps}`] : []),
    ];
    return [payload, ...more].join('&');
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
