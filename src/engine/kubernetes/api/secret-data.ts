import type { Secret } from './config.ts';

/**
 * What the server makes of the plain text of a Secret: `stringData` goes into `data`, encoded, and is
 * not kept (pkg/apis/core/v1/conversion.go `Convert_v1_Secret_To_core_Secret`, v1.36).
 */
export function withEncodedText(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  if (!stringData) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeText(text)] as const);
  return { ...rest, data: { ...secret.data, ...Object.fromEntries(encoded) } };
}

/** A text in UTF-8 as base64. */
export function encodeText(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
