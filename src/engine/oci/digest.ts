import { sha256 } from '@noble/hashes/sha2.js';
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

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export const isDigest = (text: string): boolean => DIGEST.test(text);

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
