import { matchesThrough, readGlob, type Glob } from './glob.ts';

/**
 * `.dockerignore`: which paths of a context stay out (moby/patternmatcher v0.6). The last pattern
 * that matches decides, `!` lets in again, and a path is also matched through any directory above
 * it.
 */
export interface IgnorePattern {
  readonly negated: boolean;
  readonly glob: Glob;
}

/** Reads the file; a pattern that cannot be read is a message. */
export function readIgnore(text: string): readonly IgnorePattern[] | string {
  const patterns: IgnorePattern[] = [];
  for (const row of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (row.startsWith('#')) continue;
    const line = row.trim();
    if (line === '') continue;
    const negated = line.startsWith('!');
    const path = clean(negated ? line.slice(1).trim() : line);
    if (path === '') return 'illegal exclusion pattern: "!"';
    const glob = readGlob(path);
    if (!glob) return 'syntax error in pattern';
    patterns.push({ negated, glob });
  }
  return patterns;
}

/** As Go's `filepath.Clean`, and without a slash in front. */
function clean(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const joined = parts.join('/');
  return joined === '' && pattern !== '' ? '.' : joined;
}

/** True when a path, relative and with slashes, stays out of the context. */
export function isIgnored(patterns: readonly IgnorePattern[], path: string): boolean {
  let ignored = false;
  for (const { negated, glob } of patterns) {
    if (ignored === negated && matchesThrough(glob, path)) ignored = !negated;
  }
  return ignored;
}
