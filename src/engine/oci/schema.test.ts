import { describe, expect, it } from 'vitest';
import { digestOfText } from './digest.ts';
import { validateDocument, validateText } from './schema.ts';

const descriptor = { mediaType: 'application/octet-stream', size: 0, digest: digestOfText('') };

describe('a document of image-spec', () => {
  it('is told where it breaks a rule', () => {
    const layers = [{ ...descriptor, size: '7' }];
    expect(validateDocument('manifest', { schemaVersion: 1, layers })).toEqual([
      { at: 'config', message: 'is missing' },
      { at: 'schemaVersion', message: 'is not an integer in its range' },
      { at: 'layers/0/size', message: 'is not an integer in its range' },
    ]);
    expect(validateText('layout', '{"imageLayoutVersion": 1.0.0}')).toEqual([
      { at: '', message: 'is not JSON' },
    ]);
  });

  it('may hold what the specification does not name', () => {
    expect(validateDocument('descriptor', { ...descriptor, extra: [1] })).toEqual([]);
  });

  it('names hashes of known algorithms as they are written, and others as they come', () => {
    const digest = (text: string) =>
      validateDocument('descriptor', { ...descriptor, digest: text });
    expect(digest(`sha256:${'A'.repeat(64)}`)).toHaveLength(1);
    expect(digest(`sha512:${'a'.repeat(64)}`)).toHaveLength(1);
    expect(digest('blake3+x:abc')).toEqual([]);
  });
});
