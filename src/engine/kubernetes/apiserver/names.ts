import { SAFE_ALPHABET } from '../apimachinery/safe-names.ts';
import type { Backend } from './backend.ts';

/**
 * Names that the server makes up
 * (staging/src/k8s.io/apiserver/pkg/storage/names/generate.go, v1.36).
 */
const NAME_MAX = 63;
const RANDOM_LENGTH = 5;
export const GENERATED_TRIES = 8;

/** `generateName` cut to what leaves room, and five characters by lot. */
export function generatedName(backend: Backend, base: string, nth: number): string {
  const room = base.slice(0, NAME_MAX - RANDOM_LENGTH);
  return room + backend.random('name', nth).text(RANDOM_LENGTH, SAFE_ALPHABET);
}

/** A version 4 UUID that the seed and the revision decide. */
export function newUid(backend: Backend): string {
  const random = backend.random('uid');
  const words = Array.from({ length: 8 }, () => random.integer(0, 0xffff));
  const hex = words.map((word) => word.toString(16).padStart(4, '0')).join('');
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
