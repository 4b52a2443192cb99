/**
 * Reads the characters of one MDX source by role.
 *
 * Simplified: the source is read line by line, not parsed; the sets err on the large side
 * (a component's markup counts as text, a table's head as bold).
 */

export interface Roles {
  /** Regular weight. */
  readonly text: Set<string>;
  /** Titles, headings, table heads, strong text, the interface. */
  readonly bold: Set<string>;
  readonly code: Set<string>;
}

export function addCharacters(target: Set<string>, text: string): void {
  for (const character of text) if (character >= ' ') target.add(character);
}

export function readPageSource(source: string): Roles {
  const roles: Roles = { text: new Set(), bold: new Set(), code: new Set() };
  const lines = source.split('\n');
  let fence: 'code' | 'figure' | undefined;
  let frontMatter = false;
  for (const [number, line] of lines.entries()) {
    if (line === '---' && (number === 0 || frontMatter)) {
      frontMatter = number === 0;
      continue;
    }
    if (line.trimStart().startsWith('```')) {
      fence = fence ? undefined : line.includes('```mermaid') ? 'figure' : 'code';
      continue;
    }
    addCharacters(roles.text, line);
    if (fence === 'code') addCharacters(roles.code, line);
    if (fence) continue;
    for (const span of line.matchAll(/`([^`]+)`/g)) addCharacters(roles.code, span[1]!);
    if (isBoldLine(line, lines[number + 1] ?? '', frontMatter)) addCharacters(roles.bold, line);
    for (const span of line.matchAll(/\*\*(.+?)\*\*|title="([^"]*)"/g)) {
      addCharacters(roles.bold, span[1] ?? span[2] ?? '');
    }
  }
  return roles;
}

function isBoldLine(line: string, next: string, frontMatter: boolean): boolean {
  if (frontMatter) return line.startsWith('title:');
  return /^#{1,6} /.test(line) || /^\s*\|?\s*:?-{2,}:?\s*\|/.test(next);
}
