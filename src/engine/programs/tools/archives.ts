import { gunzipSync, gzipSync } from 'fflate';
import { asStreamed, fromLatin1, latin1 } from '../../oci/streamed.ts';
import type { Tool } from '../../shell-language/tools/tool.ts';
import { readBytes } from '../../machine/files.ts';
import type { Step } from './console.ts';

/** What goes into a stream: text as such, bytes as `oci/streamed.ts` says. */
export function toText(bytes: Uint8Array): string {
  if (!bytes.includes(0) && !isGzip(bytes)) return new TextDecoder().decode(bytes);
  return latin1(bytes);
}

const toBytes = (text: string): Uint8Array =>
  text.includes('\0') || text.startsWith('\x1f\x8b')
    ? fromLatin1(text)
    : new TextEncoder().encode(text);

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes of a file, or of standard input (`-`); undefined when there is no such file. */
export function* bytesOf(tool: Tool, name: string): Step<Uint8Array | undefined> {
  if (name === '-') return toBytes(yield* tool.input());
  const bytes = yield* readBytes(tool.place, tool.path(name));
  return bytes && asStreamed(bytes);
}

/** Of equal bytes the same, whenever it is done (RFC 1952 with a time of 0). */
export const deflated = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { mtime: 0, level: 6 });

/** Undefined where it is broken. */
export function inflated(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}
