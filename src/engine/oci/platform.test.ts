import { describe, expect, it } from 'vitest';
import {
  formatPlatform,
  HOST_PLATFORM,
  isPlatform,
  parsePlatform,
  platformRank,
} from './platform.ts';

const read = (text: string) => {
  const parsed = parsePlatform(text);
  return parsed.ok ? formatPlatform(parsed.platform) : parsed.message;
};

describe('a platform', () => {
  it('is read as containerd reads it', () => {
    expect(read('linux/arm64')).toBe('linux/arm64');
    expect(read('linux/arm64/v8')).toBe('linux/arm64/v8');
    expect(read('arm64')).toBe('linux/arm64');
    expect(read('linux')).toBe('linux/amd64');
    expect(read('linux/x86_64')).toBe('linux/amd64');
    expect(read('macos/aarch64')).toBe('darwin/arm64');
    expect(read('linux/armhf')).toBe('linux/arm');
    expect(read('linux/arm/v6')).toBe('linux/arm/v6');
  });

  it('is refused in its words', () => {
    expect(read('toaster')).toBe(
      '"toaster": unknown operating system or architecture: invalid argument',
    );
    expect(read('linux/*')).toBe('"linux/*": wildcards not yet supported: invalid argument');
    expect(read('linux/a/b/c')).toBe(
      '"linux/a/b/c": cannot parse platform specifier: invalid argument',
    );
    expect(read('linux/a b')).toContain('"a b" is an invalid component of "linux/a b"');
  });

  it('runs what was built for it and for its smaller kin', () => {
    const rank = (wanted: string, offered: string) => {
      const [a, b] = [parsePlatform(wanted), parsePlatform(offered)];
      return a.ok && b.ok ? platformRank(a.platform, b.platform) : 'unread';
    };
    expect(rank('linux/amd64', 'linux/amd64')).toBe(0);
    expect(rank('linux/amd64', 'linux/386')).toBe(1);
    expect(rank('linux/amd64', 'linux/arm64')).toBeUndefined();
    expect(rank('linux/arm64', 'linux/arm64/v8')).toBe(0);
    expect(rank('linux/arm64', 'linux/arm/v7')).toBe(2);
    expect(rank('linux/arm/v7', 'linux/arm/v6')).toBe(1);
    expect(rank('linux/arm/v6', 'linux/arm/v7')).toBeUndefined();
    expect(isPlatform(HOST_PLATFORM, { os: 'linux', architecture: 'x86_64' })).toBe(true);
  });
});
