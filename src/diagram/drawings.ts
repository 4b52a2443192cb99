/** The committed drawings: which exist, what they are called, what they say. Node only. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { drawingName, normaliseSource, type DrawingVersions } from './figure-source.ts';
import type { Graph } from './graph.ts';

export const drawingsFolder = 'content/diagrams';

const require = createRequire(import.meta.url);

function versionOf(name: string): string {
  const manifest: unknown = require(`${name}/package.json`);
  return (manifest as { readonly version: string }).version;
}

let versions: DrawingVersions | undefined;

/** Versions of the installed Mermaid and font. */
export function installedVersions(): DrawingVersions {
  return (versions ??= { mermaid: versionOf('mermaid'), font: versionOf('pretendard') });
}

/** The name, without ending, under which the drawing of this fence is kept. */
export function nameOfFence(figure: string, fence: string): string {
  return drawingName(figure, normaliseSource(fence).text, installedVersions());
}

export interface DrawingStore {
  /** Names that have both a drawing and a graph. */
  readonly names: ReadonlySet<string>;
  /** Every file in the folder, sorted. */
  readonly files: readonly string[];
  graph(name: string): Graph;
  write(name: string, svg: string, graph: Graph): void;
  remove(file: string): void;
  /** Id of the figure a drawing was made for; `null` when the file is not ours. */
  figureOf(file: string): string | null;
}

/** The drawings under `root`, as they are now. */
export function openDrawings(root = '.'): DrawingStore {
  const folder = join(root, drawingsFolder);
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const known = new Set(files);
  const stems = files.filter((file) => file.endsWith('.svg')).map((file) => file.slice(0, -4));
  return {
    names: new Set(stems.filter((stem) => known.has(`${stem}.json`))),
    files,
    graph: (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Graph,
    write(name, svg, graph) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}.svg`), svg);
      writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(graph, null, 1)}\n`);
    },
    remove: (file) => rmSync(join(folder, file)),
    figureOf(file) {
      if (!file.endsWith('.svg')) return null;
      const start = readFileSync(join(folder, file), 'utf8').slice(0, 200);
      return /<svg[^>]* id="([^"]+)-drawing"/.exec(start)?.[1] ?? null;
    },
  };
}
