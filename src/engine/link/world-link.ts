/**
 * A link that holds a world. Behind the `#` stands `v2.` and, in base64url, a zlib stream (RFC 1950)
 * of JSON:
 *
 *     [engine, preset, seed, timeMs, sequence, hash, [[Δtime, Δsequence, kind, machine, …texts], …]]
 *
 * The stream's checksum tells a link that was cut or mistyped from one of another engine. Version 1
 * is a link to a moment of a figure (islands/link). Every version that was ever written decodes for
 * ever; what changes its form gets a new number. Behind an `&`, which base64url does not have, stands
 * what is for the page alone (islands/lab/address): it is no part of the world, and is passed over.
 */
import { strFromU8, strToU8, unzlibSync, zlibSync } from 'fflate';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { packAction, unpackAction } from './world-action.ts';
import { parseShallow, readRun, type DecodedWorld, type WorldRun } from './world-run.ts';

export const WORLD_VERSION = 2;
/** Longer addresses are cut by some programs that pass links on. */
export const LINK_LIMIT = 8_000;
const TEXT_LIMIT_BYTES = 1 << 18;
/** As far as deflate can pack anything. */
const PACKED_TIMES = 1_032;
const PARTS = 7;

export type EncodedWorld =
  /** What to put behind the `#`. */
  | { readonly kind: 'link'; readonly payload: string }
  /** It would be longer than {@link LINK_LIMIT}: see world-file.ts. */
  | { readonly kind: 'too-long'; readonly length: number };

/** A run as a link, or how much too long that would be. */
export function encodeWorld({ journal, moment, hash }: WorldRun): EncodedWorld {
  let [timeMs, sequence] = [0, 0];
  const entries = journal.entries.map(({ moment: at, action }) => {
    const since = [at.timeMs - timeMs, at.sequence - sequence];
    ({ timeMs, sequence } = at);
    return [...since, ...packAction(action)];
  });
  const { engine, world, seed } = journal;
  const parts = [engine, world, seed, moment.timeMs, moment.sequence, hash, entries];
  const text = strToU8(JSON.stringify(parts));
  const payload = `v${WORLD_VERSION}.${toBase64Url(zlibSync(text, { level: 9 }))}`;
  const fits = payload.length <= LINK_LIMIT && text.length <= TEXT_LIMIT_BYTES;
  return fits ? { kind: 'link', payload } : { kind: 'too-long', length: payload.length };
}

/** @param link an address, or what stands behind its `#`, with or without it. Never throws. */
export function decodeWorld(link: string): DecodedWorld {
  const [behind = ''] = link.slice(link.indexOf('#') + 1).split('&', 1);
  const [, digits, payload = ''] = /^v(\d+)\.(.*)$/s.exec(behind) ?? [];
  if (digits === undefined) return { kind: 'none' };
  const version = Number(digits);
  if (version > WORLD_VERSION) return { kind: 'future' };
  if (version === 1) return { kind: 'moment' };
  if (version !== WORLD_VERSION || behind.length > LINK_LIMIT) return { kind: 'broken' };
  try {
    const run = readParts(parseShallow(unpack(fromBase64Url(payload))));
    return run ? { kind: 'world', run } : { kind: 'broken' };
  } catch {
    return { kind: 'broken' };
  }
}

/** With room given beforehand, what unpacks to more is cut, and then its checksum is wrong. */
function unpack(packed: Uint8Array): string {
  const room = Math.min(TEXT_LIMIT_BYTES, packed.length * PACKED_TIMES);
  const text = unzlibSync(packed, { out: new Uint8Array(room) });
  const sum = packed.subarray(-4).reduce((all, byte) => all * 256 + byte, 0);
  if (sum !== adler32(text)) throw new Error('the checksum is another');
  return strFromU8(text);
}

/** RFC 1950, section 9; fflate writes it and does not look at it. */
function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let at = 0; at < bytes.length; at++) {
    a += bytes[at]!;
    b += a;
    // Divided now and then: so long both stay exact.
    if (at % 4_096 !== 0) continue;
    a %= 65_521;
    b %= 65_521;
  }
  a %= 65_521;
  b %= 65_521;
  return b * 65_536 + a;
}

function readParts(data: unknown): WorldRun | undefined {
  if (!Array.isArray(data) || data.length !== PARTS) return undefined;
  const [engine, world, seed, timeMs, sequence, hash, packed] = data as unknown[];
  if (!Array.isArray(packed)) return undefined;
  let at = { timeMs: 0, sequence: 0 };
  const entries = (packed as unknown[]).map((entry) => {
    const [sinceMs, steps, ...action] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof sinceMs !== 'number' || typeof steps !== 'number') return undefined;
    at = { timeMs: at.timeMs + sinceMs, sequence: at.sequence + steps };
    return { moment: at, action: unpackAction(action) };
  });
  const known = entries.filter((entry) => entry !== undefined);
  if (known.length < entries.length) return undefined;
  return readRun({ engine, world, seed, moment: { timeMs, sequence }, hash, entries: known });
}
