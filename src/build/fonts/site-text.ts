/**
 * What the site prints, as sets of characters per page: the input of font slicing.
 *
 * A page needs the characters of its own source, of the interface in its language, of the
 * navigation, and of the captions of the scenarios that it runs. Three roles are told apart,
 * because each is a font of its own: `text` (regular), `bold` (titles, headings, table heads,
 * strong text, interface) and `code`.
 *
 * Simplified: MDX is read line by line, not parsed. Bold marks within words and components that
 * print text of other files would be missed; the bold set errs on the large side instead.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

export type Language = 'ko' | 'en';

export interface PageText {
  /** `ko/images/registries`, or `ko` for the home page. */
  readonly id: string;
  readonly language: Language;
  /** The source file, relative to the project, for messages. */
  readonly file: string;
  readonly text: Set<string>;
  readonly bold: Set<string>;
  readonly code: Set<string>;
}

const LANGUAGES: readonly Language[] = ['ko', 'en'];

function add(target: Set<string>, text: string): void {
  for (const character of text) if (character >= ' ') target.add(character);
}

function filesBelow(folder: string, ending: RegExp): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && ending.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}

/** Reads one MDX source into the three roles. */
export function readPageSource(source: string): Pick<PageText, 'text' | 'bold' | 'code'> {
  const text = new Set<string>();
  const bold = new Set<string>();
  const code = new Set<string>();
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
    add(text, line);
    if (fence === 'code') add(code, line);
    if (fence) continue;
    for (const span of line.matchAll(/`([^`]+)`/g)) add(code, span[1]!);
    if (isBoldLine(line, lines[number + 1] ?? '', frontMatter)) add(bold, line);
    for (const span of line.matchAll(/\*\*(.+?)\*\*|title="([^"]*)"/g)) {
      add(bold, span[1] ?? span[2] ?? '');
    }
  }
  return { text, bold, code };
}

function isBoldLine(line: string, next: string, frontMatter: boolean): boolean {
  if (frontMatter) return line.startsWith('title:');
  return /^#{1,6} /.test(line) || /^\s*\|?\s*:?-{2,}:?\s*\|/.test(next);
}

/** Strings of one language in a bilingual YAML or TypeScript file; all of it when undivided. */
function stringsFor(language: Language, file: string): string {
  const source = readFileSync(file, 'utf8');
  const other = language === 'ko' ? 'en' : 'ko';
  if (new RegExp(`(^|\\.)${other}\\.(ts|yaml)$`).test(basename(file))) return '';
  return source;
}

/**
 * Reads the whole site below `root` (the project's folder).
 * Pages are ordered by id; missing folders count as empty, so that a young project works.
 */
export function readSiteText(root: string): PageText[] {
  const content = join(root, 'content');
  const pages: PageText[] = [];
  for (const language of LANGUAGES) {
    const chrome = new Set<string>();
    const interfaceFiles = [
      ...filesBelow(join(root, 'src/i18n'), /\.ts$/).filter((file) => !file.endsWith('.test.ts')),
      join(content, 'navigation.yaml'),
    ];
    for (const file of interfaceFiles) {
      try {
        add(chrome, stringsFor(language, file));
      } catch {
        // A file that is not written yet adds nothing.
      }
    }
    const captions = readCaptions(root, language);
    const glossary = new Set<string>();
    for (const file of filesBelow(join(content, 'glossary'), /\.yaml$/)) {
      add(glossary, readFileSync(file, 'utf8'));
    }
    const base = join(content, 'docs', language);
    for (const file of filesBelow(base, /\.mdx$/)) {
      const id = `${language}/${relative(base, file).replace(/\.mdx$/, '')}`;
      const source = readFileSync(file, 'utf8');
      const page = { id, language, file: relative(root, file), ...readPageSource(source) };
      for (const [scenario, caption] of captions) {
        if (source.includes(`run=${scenario}`)) caption.forEach((one) => page.text.add(one));
      }
      if (source.includes('<Term') || id.endsWith('/glossary')) {
        glossary.forEach((one) => page.text.add(one));
        if (id.endsWith('/glossary')) glossary.forEach((one) => page.bold.add(one));
      }
      pages.push(page);
    }
    const home: PageText = {
      id: language,
      language,
      file: 'src/pages',
      text: new Set([...captions.values()].flatMap((caption) => [...caption])),
      bold: new Set(),
      code: new Set(),
    };
    pages.push(home);
    for (const page of pages.filter((one) => one.language === language)) {
      chrome.forEach((one) => page.text.add(one));
      chrome.forEach((one) => page.bold.add(one));
    }
  }
  return pages.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Characters of each scenario's captions, and of what its files and events print. */
function readCaptions(root: string, language: Language): Map<string, Set<string>> {
  const base = join(root, 'src/scenarios');
  const captions = new Map<string, Set<string>>();
  for (const file of filesBelow(base, new RegExp(`^captions\\.${language}\\.yaml$`))) {
    const characters = new Set<string>();
    add(characters, readFileSync(file, 'utf8'));
    captions.set(relative(base, join(file, '..')), characters);
  }
  return captions;
}
