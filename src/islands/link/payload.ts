/**
 * A link to a moment of a run. Behind the `#` stands `v1.` and deflated JSON in base64url. A link
 * carries no state: it says where to replay to, and the hash that its maker saw there. Version 2
 * holds a whole world (engine/link/world-link.ts).
 *
 * Every version that was ever written decodes for ever; what changes its form gets a new number.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { fromBase64Url, toBase64Url } from '../../engine/link/base64url.ts';
import { asSent } from './as-sent.ts';

export interface MomentLink {
  /** Version of the engine that computed it. */
  readonly engine: string;
  readonly scenario: string;
  readonly figure: string;
  readonly moment: { readonly timeMs: number; readonly sequence: number };
  /** Which of the moment's records, by its id in the trace; 0 for none. */
  readonly record: number;
  /** The state hash there. */
  readonly hash: string;
}

export type DecodedLink =
  /** An ordinary `#heading`, or nothing. */
  | { readonly kind: 'none' }
  | { readonly kind: 'moment'; readonly link: MomentLink }
  /** Not to a moment of a figure but to a world; `decodeWorld` says to which. */
  | { readonly kind: 'world' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'future' };

const VERSION = 1;
const WORLD_VERSION = 2;
/** Longer addresses are cut by some programs that pass links on; none of ours comes near. */
const PAYLOAD_LIMIT = 8_000;
const TEXT_LIMIT_BYTES = 16_384;

/** What to put behind the `#`. */
export function encodeLink(link: MomentLink): string {
  const { engine, scenario, figure, moment, record, hash } = link;
  const { timeMs, sequence } = moment;
  const text = JSON.stringify([engine, scenario, figure, timeMs, sequence, record, hash]);
  return `v${VERSION}.${toBase64Url(deflateSync(strToU8(text), { level: 9 }))}`;
}

/** @param hash `location.hash`, with or without its `#`. Never throws. */
export function decodeLink(hash: string): DecodedLink {
  const [, version, payload = ''] = /^#?v(\d+)\.(.*)$/s.exec(asSent(hash)) ?? [];
  if (version === undefined) return { kind: 'none' };
  if (Number(version) === WORLD_VERSION) return { kind: 'world' };
  if (Number(version) > WORLD_VERSION) return { kind: 'future' };
  if (Number(version) !== VERSION || payload.length > PAYLOAD_LIMIT) return { kind: 'broken' };
  try {
    const packed = fromBase64Url(payload);
    // With room given beforehand, a payload that unpacks to more is cut, and then is no JSON.
    const text = strFromU8(inflateSync(packed, { out: new Uint8Array(TEXT_LIMIT_BYTES) }));
    const link = readLink(JSON.parse(text));
    return link ? { kind: 'moment', link } : { kind: 'broken' };
  } catch {
    return { kind: 'broken' };
  }
}

function readLink(data: unknown): MomentLink | undefined {
  if (!Array.isArray(data) || data.length !== 7) return undefined;
  const [engine, scenario, figure, timeMs, sequence, record, hash] = data as unknown[];
  const texts = [engine, scenario, figure, hash];
  if (!texts.every((text) => typeof text === 'string' && text.length < 200)) return undefined;
  if (!isCount(timeMs) || !isCount(sequence) || !isCount(record)) return undefined;
  const [known, run, id, seen] = texts as string[];
  return {
    engine: known!,
    scenario: run!,
    figure: id!,
    moment: { timeMs, sequence },
    record,
    hash: seen!,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
