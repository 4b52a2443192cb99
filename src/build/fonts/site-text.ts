/**
 * What the site prints, as sets of characters per page: the input of font slicing.
 *
 * A page needs the characters of its own source, of the interface and the navigation in its
 * language, of the captions of the scenarios it runs, of the comparisons it shows and, where it
 * explains terms, of the glossary. The lab needs those of all scenarios and challenges.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { locales } from '../../i18n/locales.ts';
import type { Locale, Localized } from '../../i18n/locales.ts';
import { addCharacters, readPageSource } from './page-source.ts';
import type { Roles } from './page-source.ts';

export interface PageText extends Roles {
  /** `ko/images/registries`, or `ko` for the home page. */
  readonly id: string;
  readonly locale: Locale;
  /** The source file, relative to the project, for messages. */
  readonly file: string;
}

export interface SiteText {
  /** In order of id. */
  readonly pages: readonly PageText[];
  /** The interface and navigation by language: printed on every page of it. */
  readonly frame: Readonly<Record<Locale, ReadonlySet<string>>>;
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

/** Adds every string in `value`; of an object with both languages, those of `locale` only. */
function addLocalized(target: Set<string>, value: unknown, locale: Locale): void {
  if (typeof value === 'string') addCharacters(target, value);
  if (typeof value !== 'object' || value === null) return;
  const bilingual = locales.every((each) => each in value);
  for (const [key, one] of Object.entries(value)) {
    if (!bilingual || key === locale) addLocalized(target, one, locale);
  }
}

/** Adds what stands under these keys, however deep, as `addLocalized` does. */
function addNamed(
  target: Set<string>,
  value: unknown,
  keys: readonly string[],
  locale: Locale,
): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (keys.includes(key)) addLocalized(target, one, locale);
    else addNamed(target, one, keys, locale);
  }
}

/** The interface's strings for the lab alone; the others may be met on any page. */
const LAB_STRINGS = /^lab(-[a-z]+)?\.ts$/;
const OTHER_STRINGS = /^(?!lab[.-]).*(?<!\.test)\.ts$/;

async function readStrings(root: string, locale: Locale, files: RegExp): Promise<Set<string>> {
  const strings = new Set<string>();
  for (const file of filesBelow(join(root, 'src/i18n'), files)) {
    const module = (await import(pathToFileURL(file).href)) as object;
    addLocalized(strings, module, locale);
  }
  return strings;
}

async function readFrame(root: string, locale: Locale): Promise<Set<string>> {
  const frame = await readStrings(root, locale, OTHER_STRINGS);
  for (const file of filesBelow(join(root, 'content'), /^(navigation|outline)\.yaml$/)) {
    addLocalized(frame, parse(readFileSync(file, 'utf8')), locale);
  }
  return frame;
}

/** The YAML files of a folder of content/, by their names. */
function readFolder(root: string, folder: string): Map<string, unknown> {
  const files = filesBelow(join(root, 'content', folder), /\.yaml$/);
  return new Map(
    files.map((file) => [basename(file, '.yaml'), parse(readFileSync(file, 'utf8')) as unknown]),
  );
}

function isTerm(value: unknown): value is { term: Localized } {
  return typeof value === 'object' && value !== null && 'term' in value;
}

/** The captions of each scenario, by its id. */
function readCaptions(root: string, locale: Locale): Map<string, Set<string>> {
  const base = join(root, 'src/scenarios');
  const captions = new Map<string, Set<string>>();
  for (const file of filesBelow(base, new RegExp(`^captions\\.${locale}\\.yaml$`))) {
    const characters = new Set<string>();
    addCharacters(characters, readFileSync(file, 'utf8'));
    captions.set(relative(base, join(file, '..')), characters);
  }
  return captions;
}

/** The lab lists all scenarios and challenges. */
async function readLab(root: string, locale: Locale): Promise<PageText> {
  const strings = await readStrings(root, locale, LAB_STRINGS);
  const lab = { text: new Set(strings), bold: strings, code: new Set<string>() };
  for (const file of filesBelow(join(root, 'src/scenarios'), /^(scenario|challenge)\.yaml$/)) {
    const source: unknown = parse(readFileSync(file, 'utf8'));
    addNamed(lab.text, source, ['title', 'about', 'brief', 'hints', 'says'], locale);
    addNamed(lab.bold, source, ['title'], locale);
    addNamed(lab.code, source, ['run'], locale);
  }
  return { id: `${locale}/lab`, locale, file: 'src/layouts/LabPage.astro', ...lab };
}

function union(target: Set<string>, ...sources: ReadonlySet<string>[]): void {
  for (const source of sources) source.forEach((character) => target.add(character));
}

/** Reads the site below `root`, the project's folder. Folders that are missing count as empty. */
export async function readSiteText(root: string): Promise<SiteText> {
  const pages: PageText[] = [];
  const frame = { ko: new Set<string>(), en: new Set<string>() };
  const glossary = readFolder(root, 'glossary');
  const tables = {
    Compare: readFolder(root, 'comparisons'),
    Alignment: readFolder(root, 'alignments'),
  };
  for (const locale of locales) {
    frame[locale] = await readFrame(root, locale);
    const captions = readCaptions(root, locale);
    const base = join(root, 'content/docs', locale);
    const own: PageText[] = filesBelow(base, /\.mdx$/).map((file) => {
      const source = readFileSync(file, 'utf8');
      const id = `${locale}/${relative(base, file).replace(/\.mdx$/, '')}`;
      const page = { id, locale, file: relative(root, file), ...readPageSource(source) };
      for (const [scenario, caption] of captions) {
        if (source.includes(`run=${scenario}`)) union(page.text, caption);
      }
      for (const [, term] of source.matchAll(/<Term id="([^"]+)"/g)) {
        addLocalized(page.text, glossary.get(term ?? ''), locale);
      }
      for (const [, kind, table = ''] of source.matchAll(/<(Compare|Alignment) table="([^"]+)"/g)) {
        const shown = tables[kind as keyof typeof tables].get(table);
        addLocalized(page.text, shown, locale);
        // The heads of a table's columns and rows are bold.
        addNamed(page.bold, shown, ['title', 'what'], locale);
      }
      if (id.endsWith('/glossary')) {
        // The glossary shows each term in both languages.
        for (const each of locales) addLocalized(page.text, [...glossary.values()], each);
        for (const term of glossary.values()) {
          if (isTerm(term))
            Object.values(term.term).forEach((name) => addCharacters(page.bold, name));
        }
      }
      return page;
    });
    const home = { id: locale, locale, file: 'src/pages', bold: new Set<string>() };
    own.push({
      ...home,
      text: new Set([...captions.values()].flatMap((one) => [...one])),
      code: new Set(),
    });
    own.push(await readLab(root, locale));
    for (const page of own) {
      union(page.text, frame[locale]);
      union(page.bold, frame[locale]);
    }
    pages.push(...own);
  }
  return { pages: pages.sort((a, b) => (a.id < b.id ? -1 : 1)), frame };
}
