import { describe, expect, it } from 'vitest';
import { isIgnored, readIgnore } from './ignore.ts';

const ignored = (patterns: string, path: string) => {
  const read = readIgnore(patterns);
  return typeof read === 'string' ? read : isIgnored(read, path);
};

describe('.dockerignore', () => {
  it('lets the last pattern that matches decide, parents counted', () => {
    expect(ignored('docs', 'docs/a/b')).toBe(true);
    expect(ignored('**\n!util/docker/web', 'util/docker/web/foo')).toBe(false);
    expect(ignored('*.md\n!README.md', 'README.md')).toBe(false);
    expect(ignored('!README.md\n*.md', 'README.md')).toBe(true);
  });

  it('reads patterns as moby/patternmatcher does', () => {
    expect(ignored('*', 'fileutils.go')).toBe(true);
    expect(ignored('dir/**', 'dir/file')).toBe(true);
    expect(ignored('dir/**', 'dir')).toBe(false);
    expect(ignored('**/**/*.txt', 'dir/dir/file.txt')).toBe(true);
    expect(ignored('**/*.txt', 'file.txt')).toBe(true);
    expect(ignored('abc.def', 'abcdef')).toBe(false);
    expect(ignored('a*b?c*x', 'abxbbxdbxebxczzx')).toBe(true);
    expect(ignored('**file', 'deep/down/some-file')).toBe(true);
    expect(ignored('**/file', 'some-file')).toBe(false);
    expect(ignored('a/**/b', 'a/xb')).toBe(false);
    expect(ignored('a/**/b', 'a/b')).toBe(true);
    expect(ignored('a/*.txt', 'a/b/c.txt')).toBe(false);
    expect(ignored('/dist/', 'dist/x')).toBe(true);
    expect(ignored('# comment\n \n', 'comment')).toBe(false);
    expect(ignored('[-x]', 'x')).toBe('syntax error in pattern');
    expect(ignored('[x-]', 'x')).toBe('syntax error in pattern');
    expect(ignored('[', 'x')).toBe('syntax error in pattern');
    expect(ignored('[z-a]', 'x')).toBe('syntax error in pattern');
    expect(ignored('[\\-x]', 'a')).toBe(false);
    expect(ignored('[^a-c]?', 'dz')).toBe(true);
    expect(ignored('!', 'x')).toBe('illegal exclusion pattern: "!"');
  });

  it('is soon done with hostile patterns and paths', () => {
    const deep = 'a/'.repeat(5000) + 'a';
    expect(ignored('*a'.repeat(200) + 'b', 'a'.repeat(2000))).toBe(false);
    expect(ignored('**/a/**/b/**/c', deep)).toBe(false);
    expect(ignored('**/'.repeat(100) + 'b', deep)).toBe(false);
    expect(ignored('a/a', deep)).toBe(true);
    expect(ignored('['.repeat(100_000), 'x')).toBe('syntax error in pattern');
  });
});
