/**
 * Bytes that grow at their end, as a file does to which a program appends for a minute: each length
 * is a value of its own and none is copied, since all stand in one buffer with room behind them.
 * Whoever appends to a length that is not the longest gets a buffer of its own; so a world that went
 * back in time does not write over its other future.
 */
const filled = new WeakMap<ArrayBufferLike, number>();

/** Smaller ones are copied: room behind every small file would cost more. */
const SMALL_BYTES = 4096;

/** The bytes of `before` and then of `more`; neither is changed. */
export function joinBytes(before: Uint8Array, more: Uint8Array): Uint8Array {
  if (more.length === 0) return before;
  const length = before.length + more.length;
  const { buffer, byteOffset } = before;
  const isLongest = byteOffset === 0 && filled.get(buffer) === before.length;
  if (isLongest && length <= buffer.byteLength) {
    new Uint8Array(buffer).set(more, before.length);
    filled.set(buffer, length);
    return new Uint8Array(buffer, 0, length);
  }
  const room = new Uint8Array(length <= SMALL_BYTES ? length : 2 * length);
  room.set(before);
  room.set(more, before.length);
  if (length > SMALL_BYTES) filled.set(room.buffer, length);
  return room.subarray(0, length);
}
