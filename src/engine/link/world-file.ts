/**
 * A world as a file, for what is too long for a link, and for reports: the same run as JSON that
 * people can read. `format` tells it from other files, `version` is its own, and whatever the version,
 * `engine` says which engine made it. Every version that was ever written is read for ever.
 */
import { parseShallow, readRun, type DecodedWorld, type WorldRun } from './world-run.ts';

export const WORLD_FILE_SUFFIX = '.drydock.json';
const FORMAT = 'drydock-world';
const VERSION = 1;
const BEGINNING = /^\uFEFF?\s*\{\s*"format":\s*"drydock-world"/;
/** Characters. Nobody types so much; what is larger is not read. */
export const FILE_LIMIT = 4 << 20;

/** The text of the file; undefined when the run is larger than any file that is read. */
export function writeWorldFile({ journal, moment, hash }: WorldRun): string | undefined {
  const { engine, world, seed, entries } = journal;
  const data = { format: FORMAT, version: VERSION, engine, world, seed, moment, hash, entries };
  const text = `${JSON.stringify(data, null, 2)}\n`;
  return text.length <= FILE_LIMIT ? text : undefined;
}

/** Never throws. */
export function readWorldFile(text: string): DecodedWorld {
  if (text.length > FILE_LIMIT) return { kind: 'broken' };
  try {
    const data = parseShallow(text.replace(/^\uFEFF/, ''));
    if (!isRecord(data) || data.format !== FORMAT) return { kind: 'none' };
    if (!Number.isSafeInteger(data.version)) return { kind: 'broken' };
    // What no engine made is of no version.
    if (typeof data.engine !== 'string') return { kind: 'broken' };
    if ((data.version as number) > VERSION) return { kind: 'future' };
    const run = data.version === VERSION ? readData(data) : undefined;
    return run ? { kind: 'world', run } : { kind: 'broken' };
  } catch {
    // Cut off on the way, or mended by hand.
    return { kind: BEGINNING.test(text) ? 'broken' : 'none' };
  }
}

function readData(data: Readonly<Record<string, unknown>>): WorldRun | undefined {
  const { engine, world, seed, moment, hash, entries } = data;
  if (!Array.isArray(entries) || !entries.every(isRecord)) return undefined;
  const loose = entries.map(({ moment: at, action }) => ({ moment: at, action }));
  return readRun({ engine, world, seed, moment, hash, entries: loose });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
