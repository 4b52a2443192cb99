/** Bytes as text (RFC 4648, section 4): credentials in files and headers. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const toBase64 = (text: string): string => encodeBase64(encoder.encode(text));

export function encodeBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += ALPHABET[(bits >> 18) & 63]! + ALPHABET[(bits >> 12) & 63]!;
    out += b === undefined ? '=' : ALPHABET[(bits >> 6) & 63]!;
    out += c === undefined ? '=' : ALPHABET[bits & 63]!;
  }
  return out;
}

/** Undefined for what is no base64. */
export function fromBase64(text: string): string | undefined {
  const bytes = decodeBase64(text);
  return bytes && decoder.decode(bytes);
}

/** Undefined for what is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const [a, b, c, d] = [...text.slice(i, i + 4)].map((char) => ALPHABET.indexOf(char));
    const bits = (a! << 18) | (b! << 12) | (Math.max(c!, 0) << 6) | Math.max(d!, 0);
    bytes.push((bits >> 16) & 255);
    if (c !== -1) bytes.push((bits >> 8) & 255);
    if (d !== -1) bytes.push(bits & 255);
  }
  return new Uint8Array(bytes);
}
