import { assert } from './assert.ts';

/**
 * The hash that tells whether two worlds are the same. It is structural (equal data, equal hash,
 * whatever the order in which an object's fields were written), and it can be summed: the hash of
 * a collection is the sum of the hashes of its entries, so a change costs only what it touched.
 *
 * A hash is one integer below 2^52, so sums stay exact in a double. It is for comparing states,
 * not for security; content that is named by digest uses sha256 (`engine/oci/digest.ts`).
 */
export type Hash = number;

const MODULUS = 2 ** 52;

/** Anything with its own, already cached, hash: the persistent collections. */
export interface Hashed {
  hash(): Hash;
}

export function addHashes(a: Hash, b: Hash): Hash {
  const sum = a + b;
  return sum >= MODULUS ? sum - MODULUS : sum;
}

/** 13 hexadecimal digits. */
export function formatHash(hash: Hash): string {
  return hash.toString(16).padStart(13, '0');
}

const fields = new WeakMap<object, Hash>();

/**
 * The hash of a plain value: null, booleans, numbers, strings, arrays, plain objects, bytes and
 * persistent collections. A field holding `undefined` counts as absent. Objects are remembered, so
 * they must never change once hashed.
 */
export function hashValue(value: unknown): Hash {
  switch (typeof value) {
    case 'string':
      return hashText(value, 0x5eed_0001);
    case 'number':
      return hashText(Object.is(value, -0) ? '0' : String(value), 0x5eed_0002);
    case 'boolean':
      return hashText(value ? 'true' : 'false', 0x5eed_0003);
    case 'object':
      return value === null ? hashText('null', 0x5eed_0003) : hashObject(value);
    default:
      assert(false, `a world holds plain data only, not a ${typeof value}`);
  }
}

function hashObject(value: object): Hash {
  const known = fields.get(value);
  if (known !== undefined) return known;
  const hash = computeObject(value);
  fields.set(value, hash);
  return hash;
}

function hashList(list: readonly unknown[]): Hash {
  let hash = hashText(`[${list.length}`, 0x5eed_0004);
  for (let i = 0; i < list.length; i++) {
    hash = addHashes(hash, hashPair(i, hashValue(list[i] ?? null)));
  }
  return hash;
}

function computeObject(value: object): Hash {
  if (Array.isArray(value)) return hashList(value);
  if (value instanceof Uint8Array) return hashBytes(value);
  if ('hash' in value && typeof value.hash === 'function') return (value as Hashed).hash();
  let hash = hashText('{', 0x5eed_0004);
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    hash = addHashes(hash, hashPair(hashText(key, 0x5eed_0005), hashValue(field)));
  }
  return hash;
}

/** The hash of a list that nobody keeps: as {@link hashValue} of it, without remembering it. */
export function hashWords(words: readonly (string | number)[]): Hash {
  return hashList(words);
}

/** Mixes two hashes, order counted. */
export function hashPair(a: Hash, b: Hash): Hash {
  return mixWords([low(a), high(a), low(b), high(b)], 0x5eed_0006);
}

const low = (hash: Hash): number => hash | 0;
const high = (hash: Hash): number => Math.floor(hash / 2 ** 32);

/** The two-lane multiply-and-xor hash known as cyrb53, kept to 52 bits. */
function hashText(text: string, seed: number): Hash {
  let a = 0xdead_beef ^ seed;
  let b = 0x41c6_ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e37_79b1);
    b = Math.imul(b ^ code, 0x5f35_6495);
  }
  return finish(a, b);
}

function hashBytes(bytes: Uint8Array): Hash {
  let a = 0xdead_beef ^ bytes.length;
  let b = 0x41c6_ce57 ^ bytes.length;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x9e37_79b1);
    b = Math.imul(b ^ byte, 0x5f35_6495);
  }
  return finish(a, b);
}

function mixWords(words: readonly number[], seed: number): Hash {
  let a = 0xdead_beef ^ seed;
  let b = 0x41c6_ce57 ^ seed;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x9e37_79b1);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0x5f35_6495);
    b ^= b >>> 13;
  }
  return finish(a, b);
}

function finish(a: number, b: number): Hash {
  const x = Math.imul(a ^ (a >>> 16), 0x85eb_ca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2_ae35);
  const y = Math.imul(b ^ (b >>> 16), 0x85eb_ca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2_ae35);
  return ((y >>> 0) & 0xf_ffff) * 2 ** 32 + (x >>> 0);
}
