import { BLOCK } from './tar.ts';

/**
 * Bytes that went through streams. A stream carries text; what is no text goes through it with one
 * character for each byte, and a file that `>` wrote from that holds those characters in UTF-8.
 */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export const fromLatin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (char) => char.charCodeAt(0));

/** The bytes of an archive, whether or not they went through a stream before they became a file. */
export function asStreamed(bytes: Uint8Array): Uint8Array {
  const isZip = bytes[0] === 0x1f && bytes[1] === 0xc2 && bytes[2] === 0x8b;
  const isTar = bytes[0] !== 0x1f && bytes.length > BLOCK && bytes.length % BLOCK !== 0;
  if (!isZip && !(isTar && bytes.includes(0))) return bytes;
  return fromLatin1(new TextDecoder().decode(bytes));
}
