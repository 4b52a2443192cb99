/**
 * `.dockerignore`: which paths of a context stay out (moby/patternmatcher v0.6). The last pattern
 * that matches decides, `!` lets in again, and a path is also matched through any directory above
 * it.
 */
export interface IgnorePattern {
  readonly negated: boolean;
  readonly regexp: RegExp;
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
    const regexp = compile(path);
    if (!regexp) return 'syntax error in pattern';
    patterns.push({ negated, regexp });
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

function compile(pattern: string): RegExp | undefined {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === '*' && pattern[at + 1] === '*') {
      at += 1;
      if (pattern[at + 1] === '/') at += 1;
      source += at + 1 >= pattern.length ? '.*' : '(.*/)?';
      // `**` directly before a name matches the end of a longer name too.
      if (source.endsWith('(.*/)?') && pattern[at] !== '/') source = source.slice(0, -6) + '.*';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[') {
      const end = pattern.indexOf(']', at + 2);
      const inside = pattern.slice(at + 1, end);
      if (end === -1 || inside.startsWith('-') || inside.startsWith(']')) return undefined;
      source += `[${inside.replace(/\\/g, '\\\\')}]`;
      at = end;
    } else if (char === '\\') {
      if (at + 1 >= pattern.length) return undefined;
      source += escape(pattern[++at]!);
    } else source += escape(char);
  }
  return new RegExp(`^${source}$`);
}

const escape = (char: string): string => char.replace(/[.+^${}()|[\]\\*?]/g, '\\$&');

/** True when a path, relative and with slashes, stays out of the context. */
export function isIgnored(patterns: readonly IgnorePattern[], path: string): boolean {
  const parts = path.split('/');
  const chain = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  let ignored = false;
  for (const { negated, regexp } of patterns) {
    if (chain.some((above) => regexp.test(above))) ignored = !negated;
  }
  return ignored;
}
