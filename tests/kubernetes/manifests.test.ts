import { describe, expect, it } from 'vitest';
import { setDefaults } from '../../src/engine/kubernetes/api/defaults.ts';
import { RESOURCES } from '../../src/engine/kubernetes/api/resources.ts';
import { decodeObject } from '../../src/engine/kubernetes/api/schema/decode-object.ts';
import { randomManifest, spoilt, type Manifest } from './random-manifest.ts';

/**
 * Whatever fits the schema is read and filled in, and nothing that does not fit it is a fault of
 * ours: `MANIFESTS=10000 npm run unit -- tests/kubernetes/manifests` for more than the usual number
 * of each kind. A failure names its seed.
 */
const MANIFESTS = Number(process.env.MANIFESTS ?? 60);

const KINDS = RESOURCES.filter(({ verbs }) => verbs.includes('create'));
const seeds = Array.from({ length: MANIFESTS }, (_, seed) => seed);

const read = (manifest: Manifest) =>
  decodeObject(String(manifest.apiVersion), String(manifest.kind), manifest, 'Strict');

describe.each(KINDS)('random manifests of $kind', (info) => {
  it('are filled in once and for all, with fields of the kind', () => {
    let readable = 0;
    for (const seed of seeds) {
      const decoded = read(randomManifest(info, seed));
      expect(decoded.ok ? '' : decoded.failure.message, `seed ${seed}`).toBe('');
      if (!decoded.ok) continue;
      readable += 1;
      const filled = setDefaults(info.resource, decoded.value.object);
      expect(setDefaults(info.resource, filled), `seed ${seed}, filled in twice`).toEqual(filled);
      const again = read(filled as unknown as Manifest);
      expect(again.ok ? '' : again.failure.message, `seed ${seed}, read again`).toBe('');
    }
    expect(readable).toBeGreaterThan(0);
  });

  it('may be spoilt, and are refused in words', () => {
    let refused = 0;
    for (const seed of seeds) {
      const manifest = spoilt(randomManifest(info, seed), seed) as Manifest;
      const decoded = read(manifest);
      if (!decoded.ok) {
        refused += 1;
        expect(decoded.failure.message, `seed ${seed}`).toMatch(/ (cannot be handled|is invalid)/);
      } else {
        expect(() => setDefaults(info.resource, named(decoded.value.object))).not.toThrow();
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});

/** Objects get their metadata before anything is filled in. */
const named = <T extends object>(object: T): T => ({ metadata: {}, ...object });
