import { readFileSync, statSync } from 'node:fs';
import { mdxToMdast } from 'satteri';

/**
 * What a page promises to the pages that link to it and to its twin: its headings and figures, in
 * order. Read from the source, without rendering.
 */
export interface Outline {
  readonly headings: readonly OutlineHeading[];
  readonly figures: readonly OutlineFigure[];
  /** The comparisons of the page, `<Compare table="…" />`: its rows and cells can be linked to. */
  readonly comparisons: readonly string[];
  /** Its aligned files, `<Alignment table="…" />`, whose keys can be linked to. */
  readonly alignments: readonly string[];
}

export interface OutlineHeading {
  /** The explicit id, or `null` when the author gave none. */
  readonly id: string | null;
  readonly depth: number;
  readonly text: string;
  readonly line: number;
}

export interface OutlineFigure {
  readonly id: string;
  readonly line: number;
}

/** The shape of the nodes that are read here; mdast types are wider. */
interface Node {
  readonly type: string;
  readonly depth?: number;
  readonly value?: string;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly name?: string | null;
  readonly attributes?: unknown;
  readonly children?: readonly Node[];
  readonly position?: { readonly start: { readonly line: number } };
}

const headingId = /\s*\[#([a-z0-9]+(?:-[a-z0-9]+)*)\]\s*$/;

/** Splits `격리 [#isolation]` into text and id; `id` is `null` when there is none. */
export function splitHeading(source: string): {
  readonly text: string;
  readonly id: string | null;
} {
  const match = headingId.exec(source);
  if (match?.[1] === undefined) return { text: source.trim(), id: null };
  return { text: source.slice(0, match.index).trim(), id: match[1] };
}

/** The id of a figure from the words after the fence's language, or `null`. */
export function figureIdOf(meta: string | null | undefined): string | null {
  return /(?:^|\s)figure=([^\s]+)/.exec(meta ?? '')?.[1] ?? null;
}

/** Front matter blanked out, so that lines keep their numbers. */
function withoutFrontMatter(source: string): string {
  const match = /^---\r?\n[\s\S]*?\r?\n---(?=\r?\n|$)/.exec(source);
  return match === null ? source : match[0].replace(/[^\n]/g, ' ') + source.slice(match[0].length);
}

function textOf(node: Node): string {
  return (node.value ?? '') + (node.children ?? []).map(textOf).join('');
}

/** Headings and figures of a page in document order. */
export function outlineOf(source: string): Outline {
  const headings: OutlineHeading[] = [];
  const figures: OutlineFigure[] = [];
  const tables: Record<string, string[]> = { Compare: [], Alignment: [] };
  const visit = (node: Node): void => {
    const line = node.position?.start.line ?? 1;
    if (node.type === 'heading') {
      headings.push({ ...splitHeading(textOf(node)), depth: node.depth ?? 0, line });
    } else if (node.type === 'code' && node.lang === 'mermaid') {
      const id = figureIdOf(node.meta);
      if (id !== null) figures.push({ id, line });
    } else {
      const attributes = (node.attributes ?? []) as { name?: string; value?: unknown }[];
      const table = attributes.find(({ name }) => name === 'table')?.value;
      if (typeof table === 'string') tables[node.name ?? '']?.push(table);
    }
    node.children?.forEach(visit);
  };
  visit(mdxToMdast(withoutFrontMatter(source)));
  const { Compare: comparisons = [], Alignment: alignments = [] } = tables;
  return { headings, figures, comparisons, alignments };
}

const read = new Map<string, { readonly changed: number; readonly outline: Outline }>();

/** The outline of the file, or `null` when there is no such file. Remembered until it changes. */
export function outlineOfFile(file: string): Outline | null {
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined) return null;
  const known = read.get(file);
  if (known?.changed === changed) return known.outline;
  const outline = outlineOf(readFileSync(file, 'utf8'));
  read.set(file, { changed, outline });
  return outline;
}
