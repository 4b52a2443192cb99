/**
 * Names that the machinery makes up (staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go,
 * v1.36): consonants and digits only, so that no bad word comes out.
 */
export const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Each character of a text as one of the safe ones (`rand.SafeEncodeString`). */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let i = 0; i < text.length; i++) {
    encoded += SAFE_ALPHABET.charAt(text.charCodeAt(i) % SAFE_ALPHABET.length);
  }
  return encoded;
}

/** The 32-bit FNV-1a hash of a text in UTF-8, as an unsigned integer. */
export function fnv32a(text: string): number {
  let hash = 0x811c_9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x0100_0193);
  }
  return hash >>> 0;
}
