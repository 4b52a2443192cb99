/**
 * What a page weighs before the reader does anything: its HTML (drawings included), its style
 * sheets, and its scripts with everything they import statically. Fonts are left out. What
 * `import()` fetches, later or on demand, is counted apart, and so is what a worker fetches: the engine,
 * with the pieces of it that the page's figures are known to need.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface PageWeight {
  htmlBytes: number;
  styleBytes: number;
  scriptBytes: number;
  /** Gzipped bytes of all three. */
  totalBytes: number;
  /** Of the scripts that come by `import()`, and of what these import. */
  laterBytes: number;
  /** Of the engine, as far as it is fetched before the first frame of the page's figures. */
  engineBytes: number;
}

const TAG = /<(script|link)\b([^>]*)>/g;
/** Of a path or an address: that is all a bundler leaves. Sources in worlds' files name packages, too. */
const STATIC_IMPORT =
  /(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w*{}\s,$]*?\bfrom\s*)?["']((?:\.{0,2}\/|https?:)[^"']+)["']/g;
const LATER_IMPORT = /\bimport\(\s*(["'`])(\.[^"'`]+)\1/g;
const WORKER = /\bnew Worker\(\s*new URL\(\s*(["'`])([^"'`]+)\1/g;
/** In the data of a page's figures, within an attribute or a script. */
const NAMED_PIECES = /(?:"|&quot;|&#34;)pieces(?:"|&quot;|&#34;):\[([^\]]*)\]/g;
const CSS_IMPORT = /@import\s+(?:url\()?["']?([^"')]+)/g;

const LOADER = /["'`]?([\w-]+(?:\/[\w-]+)?)["'`]?:\s*\(\)\s*=>\s*import\(\s*["'`](\.[^"'`]+)["'`]/g;

/** The pieces that a chunk can fetch, with their files as it refers to them. */
export const piecesIn = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(LOADER)].map(([, piece = '', file = '']) => [piece, file]));

/** A part of a chunk, called after what it belongs to; with it comes what it needs besides. */
const PART =
  /["'`]((?:warm|cold)\/[\w-]+):[\w-]+["'`],\s*\(\)\s*=>\s*(?:Promise\.all\(\[)?import\(\s*["'`](\.[^"'`]+)["'`]/g;

/** The parts that a chunk can fetch: what they belong to, and their files as it refers to them. */
const partsIn = (text: string): readonly (readonly [name: string, file: string])[] =>
  [...text.matchAll(PART)].map(([, name = '', file = '']) => [name, file]);

function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}=(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`).exec(tag);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** Reads the built site file by file; each is compressed once. */
export class BuiltSite {
  readonly #folder: string;
  readonly #base: string;
  readonly #gzipped = new Map<string, number>();

  /** @param base the path under which the site was built, with slashes at both ends */
  constructor(folder: string, base: string) {
    this.#folder = folder;
    this.#base = base;
  }

  /** The weight of a page of the site, such as `ko/images/index.html`. */
  weigh(page: string): PageWeight {
    const html = readFileSync(join(this.#folder, page), 'utf8');
    const [scripts, styles] = [new Set<string>(), new Set<string>()];
    for (const [, name, tag = ''] of html.matchAll(TAG)) {
      const target = attribute(tag, name === 'script' ? 'src' : 'href');
      if (target === undefined) continue;
      const rel = name === 'link' ? (attribute(tag, 'rel') ?? '') : '';
      if (name === 'script' || rel === 'modulepreload') this.#reach(page, target, scripts);
      else if (rel === 'stylesheet') this.#reach(page, target, styles);
    }
    const htmlBytes = this.size(page);
    const sum = (files: Set<string>) => [...files].reduce((all, file) => all + this.size(file), 0);
    const [styleBytes, scriptBytes] = [sum(styles), sum(scripts)];
    const totalBytes = htmlBytes + styleBytes + scriptBytes;
    const later = this.#later(scripts);
    const laterBytes = sum(later);
    const engineBytes = sum(this.#engine(html, new Set([...scripts, ...later])));
    return { htmlBytes, styleBytes, scriptBytes, totalBytes, laterBytes, engineBytes };
  }

  /** What the workers of these scripts fetch, with the pieces that the page names. */
  #engine(html: string, scripts: ReadonlySet<string>): Set<string> {
    const found = new Set<string>();
    if (!html.includes('<drydock-player')) return found;
    for (const file of scripts) {
      const text = this.text(file);
      for (const [, , target = ''] of text.matchAll(WORKER)) this.#reach(file, target, found);
    }
    const named = [...html.matchAll(NAMED_PIECES)].flatMap(([, names = '']) =>
      [...names.matchAll(/[\w-]+(?:\/[\w-]+)?/g)].map(([name]) => name),
    );
    // What is found on the way is looked at, too: pieces have parts.
    for (const file of found) {
      for (const [piece, target] of [...piecesIn(this.text(file)), ...partsIn(this.text(file))]) {
        if (named.includes(piece)) this.#reach(file, target, found);
      }
    }
    return found;
  }

  /** A file, and what it imports statically in turn. */
  withImports(file: string): ReadonlySet<string> {
    const found = new Set<string>();
    this.#reach('', `/${file}`, found);
    return found;
  }

  text(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }

  /** What scripts fetch by `import()`, and what that imports in turn, without the scripts. */
  #later(scripts: ReadonlySet<string>): Set<string> {
    const all = new Set(scripts);
    for (const file of all) {
      const text = readFileSync(join(this.#folder, file), 'utf8');
      // What is added on the way is looked at, too: a set gives its members as they come.
      for (const [, , target = ''] of text.matchAll(LATER_IMPORT)) this.#reach(file, target, all);
    }
    return new Set([...all].filter((file) => !scripts.has(file)));
  }

  /** Adds the file that `from` refers to, and what it imports statically in turn. */
  #reach(from: string, target: string, found: Set<string>): void {
    if (/^(?:[a-z]+:|\/\/)/.test(target)) {
      throw new Error(`${from} refers to ${target}, outside the site.`);
    }
    const plain = target.replace(/[?#].*$/, '');
    const file = plain.startsWith('/')
      ? plain.slice(plain.startsWith(this.#base) ? this.#base.length : 1)
      : posix.join(posix.dirname(from), plain);
    if (found.has(file)) return;
    if (!existsSync(join(this.#folder, file))) {
      throw new Error(`${from} refers to ${target}, which is not in the built site.`);
    }
    found.add(file);
    const text = readFileSync(join(this.#folder, file), 'utf8');
    const imports = text.matchAll(file.endsWith('.css') ? CSS_IMPORT : STATIC_IMPORT);
    for (const [, specifier = ''] of imports) this.#reach(file, specifier, found);
  }

  /** Gzipped bytes of a file. */
  size(file: string): number {
    const known = this.#gzipped.get(file);
    if (known !== undefined) return known;
    const bytes = gzipSync(readFileSync(join(this.#folder, file))).length;
    this.#gzipped.set(file, bytes);
    return bytes;
  }
}
