import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * Names of content: `sha256:` and the hash of its bytes (image-spec `descriptor.md`, digests).
 * Bytes are hashed once: they never change after they were made.
 */
const known = new WeakMap<Uint8Array, string>();
const encoder = new TextEncoder();

export function digestOf(bytes: Uint8Array): string {
  let digest = known.get(bytes);
  if (digest === undefined) {
    digest = `sha256:${bytesToHex(sha256(bytes))}`;
    known.set(bytes, digest);
  }
  return digest;
}

export const digestOfText = (text: string): string => digestOf(encoder.encode(text));

/** The algorithms that image-spec registers, and how their hashes are written. */
export const DIGEST_FORMS: Readonly<Record<string, RegExp>> = {
  sha256: /^[0-9a-f]{64}$/,
  sha384: /^[0-9a-f]{96}$/,
  sha512: /^[0-9a-f]{128}$/,
};

/** Whether a text is a hash of a known algorithm, as it must be written. */
export function isDigest(text: string): boolean {
  const [algorithm = '', encoded = '', ...more] = text.split(':', 3);
  const form = Object.hasOwn(DIGEST_FORMS, algorithm) ? DIGEST_FORMS[algorithm] : undefined;
  return more.length === 0 && (form?.test(encoded) ?? false);
}

/** The hash of bytes by a digest's own algorithm, written as the digest is. */
export function digestLike(digest: string, bytes: Uint8Array): string {
  if (digest.startsWith('sha512:')) return `sha512:${bytesToHex(sha512(bytes))}`;
  if (digest.startsWith('sha384:')) return `sha384:${bytesToHex(sha384(bytes))}`;
  return digestOf(bytes);
}

/** The twelve digits that Docker's tables and progress lines show. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);

const chains = new WeakMap<readonly string[], readonly string[]>();

/**
 * Names of stacks of layers (image-spec `config.md`, chain ID): the lowest layer's is its diff ID;
 * each further one hashes the text of the chain ID below, a blank, and its own diff ID.
 */
export function chainIds(diffIds: readonly string[]): readonly string[] {
  const before = chains.get(diffIds);
  if (before) return before;
  const chain: string[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOfText(`${below} ${diffId}`));
  }
  chains.set(diffIds, chain);
  return chain;
}
