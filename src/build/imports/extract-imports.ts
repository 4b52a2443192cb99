/**
 * What `.astro` and `.mdx` files import, and the references between modules that are no import
 * statements: `new URL('./x.ts', import.meta.url)` and `import.meta.glob('./x/*.ts')`.
 * dependency-cruiser reads none of these.
 */
import ts from 'typescript';

/** The specifiers of all import and export statements, type-only and dynamic ones included. */
function specifiersOfScript(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
}

const FRONT_MATTER = /^\s*---\r?\n([\s\S]*?)\r?\n---/;
const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script>/g;
const SOURCE_ATTRIBUTE = /\bsrc\s*=\s*["'](\.[^"']+)["']/;

/** The specifiers an Astro component imports, in its front matter and in its client scripts. */
export function importsOfAstro(text: string): string[] {
  const found = specifiersOfScript(FRONT_MATTER.exec(text)?.[1] ?? '');
  const template = text.replace(FRONT_MATTER, '');
  for (const [, attributes = '', body = ''] of template.matchAll(SCRIPT)) {
    const source = SOURCE_ATTRIBUTE.exec(attributes)?.[1];
    if (source !== undefined) found.push(source);
    found.push(...specifiersOfScript(body));
  }
  return found;
}

/** The text without its fenced code, whose lines may look like imports. */
function withoutFences(text: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined) {
      const closes = mark?.startsWith(fence) === true && line.trim() === mark;
      if (closes) fence = undefined;
    } else kept.push(line);
  }
  return kept.join('\n');
}

const ESM_BLOCK = /^(?:import|export)\b[\s\S]*?(?=\n\s*\n|$(?![\s\S]))/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** The specifiers an MDX page imports: statements at the start of a line, and `import()`. */
export function importsOfMdx(text: string): string[] {
  const prose = withoutFences(text).replace(FRONT_MATTER, '');
  const found = [...prose.matchAll(ESM_BLOCK)].flatMap(([block]) => specifiersOfScript(block));
  const dynamic = [...prose.matchAll(DYNAMIC)].map((match) => match[1] ?? '');
  return [...new Set([...found, ...dynamic])];
}

const URL_REFERENCE = /new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url\s*\)/g;
const GLOB = /import\.meta\.glob(?:<[^(]*>)?\(\s*(\[[^\]]*\]|['"][^'"]+['"])/g;

/** Files a TypeScript module names by `new URL(…, import.meta.url)`. */
export function urlReferences(text: string): string[] {
  return [...text.matchAll(URL_REFERENCE)].map((match) => match[1] ?? '');
}

/** The patterns a module gives to `import.meta.glob`; those that exclude (`!…`) left out. */
export function globPatterns(text: string): string[] {
  return [...text.matchAll(GLOB)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/['"]([^'"!][^'"]*)['"]/g)].map((pattern) => pattern[1] ?? ''),
  );
}
