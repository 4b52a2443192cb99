import { globSync } from 'node:fs';
import { join } from 'node:path';
import { isMap } from 'yaml';
import type { Fault } from '../authoring-error.ts';
import type { ContentSource } from './pages.ts';
import { readYaml, textOf, valueOf } from './yaml-lines.ts';

/** Every moved page leads to one that exists, from an address that no page has. */
export function checkRedirects({ root, pages }: ContentSource): readonly Fault[] {
  const source = readYaml(root, 'content/redirects.yaml');
  const ids = new Set(pages.map((page) => page.id));
  const faults: Fault[] = [];
  for (const { key, value } of isMap(source.root) ? source.root.items : []) {
    const [from, to] = [textOf(key), textOf(value)];
    const place = { file: source.file, line: source.lineOf(key) };
    if (from !== null && ids.has(from)) {
      const what = `"${from}" is said to have moved, but the page exists.`;
      faults.push({ ...place, what, remedy: 'Remove the line or the page.' });
    }
    if (to === null || !ids.has(to)) {
      const what = `"${from}" leads to "${to}", which does not exist.`;
      faults.push({ ...place, what, remedy: 'Give the id of a page, such as images/dockerfile.' });
    }
  }
  return faults;
}

/** The page that a term names exists. */
export function checkTerms({ root, pages }: ContentSource): readonly Fault[] {
  const ids = new Set(pages.map((page) => page.id));
  const files = globSync('content/glossary/*.yaml', { cwd: root }).sort();
  return files.flatMap((file) => {
    const source = readYaml(root, join(file));
    const node = valueOf(source.root, 'page');
    const page = textOf(node);
    if (page === null || ids.has(page)) return [];
    return [
      {
        file,
        line: source.lineOf(node),
        what: `The term's page "${page}" does not exist.`,
        remedy: 'Correct the id or remove the line.',
      },
    ];
  });
}
