/** The part of CBOR (RFC 8949) that a Pagefind index uses: integers, text and arrays. */
export type Cbor = number | string | null | readonly Cbor[];

export function decodeCbor(bytes: Uint8Array): Cbor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder();
  let at = 0;

  /** The argument of an item's head; undefined for a length that is not given. */
  function argument(low: number): number | undefined {
    if (low < 24) return low;
    const start = at;
    if (low === 24) at += 1;
    else if (low === 25) at += 2;
    else if (low === 26) at += 4;
    else if (low === 31) return undefined;
    else throw new Error(`CBOR argument ${low} is not supported`);
    if (low === 24) return view.getUint8(start);
    return low === 25 ? view.getUint16(start) : view.getUint32(start);
  }

  function item(): Cbor {
    const head = view.getUint8(at);
    at += 1;
    const value = argument(head & 31);
    switch (head >> 5) {
      case 0:
        return value ?? 0;
      case 1:
        return -1 - (value ?? 0);
      case 3:
        at += value ?? 0;
        return text.decode(bytes.subarray(at - (value ?? 0), at));
      case 4:
        return array(value);
      case 7:
        return null;
      default:
        throw new Error(`CBOR type ${head >> 5} is not supported`);
    }
  }

  function array(length: number | undefined): Cbor[] {
    const items: Cbor[] = [];
    if (length === undefined) {
      while (view.getUint8(at) !== 0xff) items.push(item());
      at += 1;
    } else {
      for (let index = 0; index < length; index += 1) items.push(item());
    }
    return items;
  }

  return item();
}
