import { goQuote } from './dockerfile/go-text.ts';
import { expressionFits } from './pattern-steps.ts';

/**
 * Lists of path patterns: `.dockerignore`, `--exclude`. The last pattern that matches decides, `!`
 * lets in again, and a path is also matched through any directory above it. Models
 * moby/patternmatcher v0.6 `patternmatcher.go`, `ignorefile/ignorefile.go`; a pattern becomes a
 * regular expression as upstream's does.
 */
export type MatchKind = 'exact' | 'prefix' | 'suffix' | 'regexp';

export interface CompiledPattern {
  readonly kind: MatchKind;
  /** Of kind `regexp` only. */
  readonly source?: string;
}

export interface Pattern {
  /** Without the `!`, cleaned as a path. */
  readonly text: string;
  readonly excluded: boolean;
  readonly compiled: CompiledPattern;
  readonly fits: (path: string) => boolean;
}

/** Go's `filepath.Clean`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const joined = parts.join('/');
  return rooted ? `/${joined}` : joined === '' ? '.' : joined;
}

/** The lines of an ignore file that are patterns, relative to the context. */
export function readIgnoreFile(text: string): string[] {
  const patterns: string[] = [];
  for (const row of text.replace(/^\uFEFF/, '').split('\n')) {
    if (row.startsWith('#')) continue;
    const line = row.trim();
    if (line === '') continue;
    const inverted = line.startsWith('!');
    let path = inverted ? line.slice(1).trim() : line;
    if (path !== '') {
      path = cleanPath(path);
      if (path.length > 1 && path.startsWith('/')) path = path.slice(1);
    }
    patterns.push(inverted ? `!${path}` : path);
  }
  return patterns;
}

const SPECIAL = '.+()|{}$';

/** How a cleaned pattern is matched; undefined when it cannot be. */
export function compilePattern(pattern: string): CompiledPattern | undefined {
  const chars = [...pattern];
  let source = '^';
  let kind: MatchKind = 'exact';
  for (let at = 0, step = 0; at < chars.length; at++, step++) {
    const char = chars[at]!;
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 2 : 1;
      if (at + 1 < chars.length) {
        source += '(.*/)?';
        kind = 'regexp';
      } else if (kind === 'exact') kind = 'prefix';
      else {
        source += '.*';
        kind = 'regexp';
      }
      if (step === 0) kind = 'suffix';
    } else if (char === '*' || char === '?') {
      source += char === '*' ? '[^/]*' : '[^/]';
      kind = 'regexp';
    } else if (SPECIAL.includes(char)) source += `\\${char}`;
    else if (char === '\\') {
      const next = chars[++at];
      source += next === undefined ? '\\' : `\\${next}`;
      if (next !== undefined) kind = 'regexp';
    } else {
      source += char;
      if (char === '[' || char === ']') kind = 'regexp';
    }
  }
  return kind === 'regexp' ? { kind, source: `${source}$` } : { kind };
}

/** Whether Go's `filepath.Match` can read a pattern: classes closed, nothing escaped at the end. */
function isWellFormed(pattern: string): boolean {
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    if (chars[at] === '\\') {
      at += 1;
      if (at >= chars.length) return false;
    } else if (chars[at] === '[') {
      const end = endOfClass(chars, at + 1);
      if (end === undefined) return false;
      at = end;
    }
  }
  return true;
}

/** Where a class ends that begins behind its bracket; undefined when it is no class. */
function endOfClass(chars: readonly string[], from: number): number | undefined {
  let at = from;
  if (chars[at] === '^') at += 1;
  const take = (): boolean => {
    const char = chars[at];
    if (char === undefined || char === '-' || char === ']') return false;
    if (char === '\\') at += 1;
    at += 1;
    return at < chars.length;
  };
  for (let ranges = 0; ranges === 0 || chars[at] !== ']'; ranges++) {
    if (!take()) return undefined;
    if (chars[at] !== '-') continue;
    at += 1;
    if (!take()) return undefined;
  }
  return at;
}

function matcherOf(text: string, compiled: CompiledPattern): (path: string) => boolean {
  switch (compiled.kind) {
    case 'exact':
      return (path) => path === text;
    case 'prefix':
      return (path) => path.startsWith(text.slice(0, -2));
    case 'suffix': {
      const suffix = text.slice(2);
      return (path) =>
        path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
    }
    case 'regexp':
      return expressionFits(compiled.source ?? '^$');
  }
}

export class PatternMatcher {
  readonly patterns: readonly Pattern[];

  private constructor(patterns: readonly Pattern[]) {
    this.patterns = patterns;
  }

  /** Reads patterns; one that cannot be read is a message. */
  static read(texts: readonly string[]): PatternMatcher | string {
    const patterns: Pattern[] = [];
    for (const each of texts) {
      const trimmed = each.trim();
      if (trimmed === '') continue;
      const cleaned = cleanPath(trimmed);
      const excluded = cleaned.startsWith('!');
      if (excluded && cleaned.length === 1) return `illegal exclusion pattern: ${goQuote('!')}`;
      const text = excluded ? cleaned.slice(1) : cleaned;
      const compiled = isWellFormed(text) ? compilePattern(text) : undefined;
      if (!compiled) return 'syntax error in pattern';
      patterns.push({ text, excluded, compiled, fits: matcherOf(text, compiled) });
    }
    return new PatternMatcher(patterns);
  }

  /** Whether a pattern lets something in again. */
  get hasExclusions(): boolean {
    return this.patterns.some(({ excluded }) => excluded);
  }

  /** True when a path, relative and with slashes, is matched, or a directory above it is. */
  matches(path: string): boolean {
    const parents: string[] = [];
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (at > 0) parents.push(path.slice(0, at));
    }
    let matched = false;
    for (const { excluded, fits } of this.patterns) {
      if (excluded !== matched) continue;
      if (fits(path) || parents.some(fits)) matched = !excluded;
    }
    return matched;
  }
}
