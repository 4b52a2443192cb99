import { describe, expect, it } from 'vitest';
import {
  familiarMatch,
  familiarName,
  formatReference,
  parseDockerReference,
  parseRawReference,
  parseReference,
  withDefaultTag,
} from './reference.ts';

const full = (text: string) => {
  const parsed = parseReference(text);
  return parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : parsed.message;
};

describe('an image reference', () => {
  it('is completed as Docker completes it', () => {
    expect(full('nginx')).toBe('docker.io/library/nginx:latest');
    expect(full('dmcgowan/myapp:1')).toBe('docker.io/dmcgowan/myapp:1');
    expect(full('registry.local:5000/web:1.0')).toBe('registry.local:5000/web:1.0');
    expect(full('localhost/web')).toBe('localhost/web:latest');
    expect(full('FOO/bar')).toBe('FOO/bar:latest');
    // Without a slash there is no registry: this is an image with a tag.
    expect(full('192.168.1.1:5000')).toBe('docker.io/library/192.168.1.1:5000');
    const digest = `sha256:${'e'.repeat(64)}`;
    expect(full(`busybox@${digest}`)).toBe(`docker.io/library/busybox@${digest}`);
  });

  it('is refused in the words of the distribution library', () => {
    expect(full('Bad')).toBe(
      'invalid reference format: repository name (library/Bad) must be lowercase',
    );
    expect(full('')).toBe('invalid reference format');
    expect(full('web:')).toBe('invalid reference format');
    expect(full('a'.repeat(64))).toContain('cannot specify 64-byte hexadecimal strings');
    expect(full('web@sha256:abcd')).toBe('invalid reference format');
  });

  it('is shown without the parts that go without saying', () => {
    const familiar = (text: string) => {
      const parsed = parseReference(text);
      return parsed.ok && familiarName(parsed.reference);
    };
    expect(familiar('docker.io/library/nginx')).toBe('nginx');
    expect(familiar('docker.io/other/library')).toBe('other/library');
    expect(familiar('registry.local:5000/web')).toBe('registry.local:5000/web');
  });

  it('is only read, not completed, where its parts are wanted as they stand', () => {
    const raw = (text: string) => {
      const parsed = parseRawReference(text);
      return parsed.ok ? parsed.reference : parsed.message;
    };
    expect(raw('test.com:tag')).toEqual({ domain: '', path: 'test.com', tag: 'tag' });
    expect(raw('Uppercase:tag')).toBe('repository name must be lowercase');
    expect(raw(`repo@sha256:${'f'.repeat(32)}`)).toBe('invalid checksum digest length');
    expect(raw(`a@sha512:${'f'.repeat(128)}`)).toBe('unsupported digest algorithm');
    expect(raw(`d/${'a'.repeat(256)}`)).toBe(
      'repository name must not be more than 255 characters',
    );
    expect(raw('a/'.repeat(500_000))).toBe('invalid reference format');
    expect(raw('a-'.repeat(50_000))).toBe('invalid reference format');
  });

  it('loses its tag to a digest when it is run', () => {
    const digest = `sha256:${'e'.repeat(64)}`;
    const parsed = parseDockerReference(`busybox:1@${digest}`);
    expect(parsed.ok && formatReference(parsed.reference)).toBe(
      `docker.io/library/busybox@${digest}`,
    );
  });

  it('is found by a pattern of what is shown of it', () => {
    const parsed = parseReference('example.com/foo/c/baz:tag');
    expect(parsed.ok && familiarMatch('*/foo/c/baz', parsed.reference)).toBe(true);
    expect(parsed.ok && familiarMatch('baz', parsed.reference)).toBe(false);
  });
});
