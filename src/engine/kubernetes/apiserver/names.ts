import { SAFE_ALPHABET } from '../apimachinery/safe-names.ts';
import { uuid } from '../apimachinery/uid.ts';
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

/** A UUID that the seed and the revision decide. */
export const newUid = (backend: Backend): string => uuid(backend.random('uid'));
