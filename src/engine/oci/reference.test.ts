import { describe, expect, it } from 'vitest';
import { familiarName, formatReference, parseReference, withDefaultTag } from './reference.ts';

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
});
