import fc from 'fast-check';
import { deflateSync, strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { toBase64Url } from '../../engine/link/base64url.ts';
import { decodeLink, encodeLink, type MomentLink } from './payload.ts';

const link: MomentLink = {
  engine: '0.1.0',
  scenario: 'delivery/code-to-cluster',
  figure: 'code-to-cluster',
  moment: { timeMs: 1_767_571_283_400, sequence: 4_211 },
  record: 12,
  hash: '0123456789abc',
};

const packed = (data: unknown) => `v1.${toBase64Url(deflateSync(strToU8(JSON.stringify(data))))}`;

describe('a link to a moment', () => {
  test('comes back as it went', () => {
    expect(decodeLink(`#${encodeLink(link)}`)).toEqual({ kind: 'moment', link });
  });

  test('of version 1 decodes for ever', () => {
    const frozen =
      '#v1.Zck7DoAgDADQu3QGbPkVz2IcFDqYkJAgmnh73V3fWwANGQQFRepxS3-m3Iro0XSu1zmkf_UT4siBySbnEZW3RIqsAiTrfIic5m3PsL4';
    expect(decodeLink(frozen)).toEqual({ kind: 'moment', link });
  });

  test('leaves the hashes of headings alone', () => {
    for (const hash of ['', '#', '#isolation', '#v1', '#v2-changes', '#version.1']) {
      expect(decodeLink(hash), hash).toEqual({ kind: 'none' });
    }
  });

  test('from a newer Drydock is told apart from a broken one', () => {
    expect(decodeLink('#v3.abcd')).toEqual({ kind: 'future' });
    expect(decodeLink('#v10.')).toEqual({ kind: 'future' });
    const whole = encodeLink(link);
    const broken = [
      'v1.',
      'v0.abcd',
      'v1.%%%',
      'v1.한글',
      whole.slice(0, -9),
      `v1.${'A'.repeat(9_000)}`,
      packed({ engine: '0.1.0' }),
      packed(['0.1.0', 's', 'f', -1, 0, 0, 'h']),
      packed(['0.1.0', 's', 'f', 1, 0.5, 0, 'h']),
      packed(['0.1.0', 's', 'f', 1, 1, 7]),
      packed(['x'.repeat(1_000_000)]),
    ];
    for (const hash of broken) {
      expect(decodeLink(hash), hash.slice(0, 40)).toEqual({ kind: 'broken' });
    }
  });

  test('leaves worlds to those who open worlds', () => {
    expect(decodeLink('#v2.abcd')).toEqual({ kind: 'world' });
  });

  test('whatever stands behind the #, reading it never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `v1.${text}`),
        ),
        (hash) => {
          expect(['none', 'broken', 'future', 'moment']).toContain(decodeLink(hash).kind);
        },
      ),
    );
  });
});
