/** The drawings of all pages: made by `update`, compared by name by `verify`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRenderer, type Renderer } from '../diagram/browser.ts';
import {
  drawingsFolder,
  nameOfFence,
  openDrawings,
  type DrawingStore,
} from '../diagram/drawings.ts';
import { normaliseSource } from '../diagram/figure-source.ts';
import { toNormalForm } from '../diagram/normal-form/normal-form.ts';
import { findSyntaxFault, syntaxFault } from '../diagram/syntax.ts';
import type { Fault } from './authoring-error.ts';
import {
  faultsOfFence,
  faultsOfGraph,
  faultsOfIds,
  faultsOfTwin,
} from './markdown/figure-faults.ts';
import { figuresOfPage, type PageFigure } from './markdown/figures-of-page.ts';
import { outlineOf } from './markdown/outline.ts';

/** A figure that has an id, and the name of its drawing. */
interface NamedFigure {
  readonly figure: PageFigure;
  readonly id: string;
  readonly name: string;
}

interface Pages {
  readonly figures: readonly NamedFigure[];
  /** Faults of fences and ids. */
  readonly faults: readonly Fault[];
}

function readPages(root: string): Pages {
  const figures: NamedFigure[] = [];
  const faults: Fault[] = [];
  for (const file of globSync('content/docs/**/*.mdx', { cwd: root }).sort()) {
    const source = readFileSync(join(root, file), 'utf8');
    const found = figuresOfPage(file, source);
    if (found.length === 0) continue;
    const headings = outlineOf(source).headings.filter(({ id }) => id !== null);
    faults.push(...faultsOfIds(found, new Map(headings.map(({ id, line }) => [id ?? '', line]))));
    for (const figure of found) {
      faults.push(...faultsOfFence(figure));
      if (figure.id === null) continue;
      figures.push({ figure, id: figure.id, name: nameOfFence(figure.id, figure.fence) });
    }
  }
  return { figures, faults };
}

/** Faults of the drawings under `root`, without a browser. */
export async function findDrawingFaults(root = '.'): Promise<Fault[]> {
  const { figures, faults: written } = readPages(root);
  const store = openDrawings(root);
  const faults = [...written];
  const drawnFigures = new Set(store.files.map((file) => store.figureOf(file)));
  for (const { figure, id, name } of figures) {
    if (store.names.has(name)) {
      faults.push(...faultsOfGraph(figure, store.graph(name)));
      continue;
    }
    const syntax = await findSyntaxFault(figure.fence);
    const line = figure.line + (syntax?.line ?? 0);
    if (syntax) {
      faults.push({ file: figure.file, line, what: syntax.message, remedy: 'Mend the diagram.' });
    } else {
      const what = drawnFigures.has(id)
        ? `The drawing of the figure ${id} is stale.`
        : `The figure ${id} has no drawing.`;
      faults.push({ file: figure.file, line, what, remedy: 'Run npm run diagrams:update.' });
    }
  }
  faults.push(...twinFaults(figures, (name) => (store.names.has(name) ? store.graph(name) : null)));
  const used = new Set(figures.flatMap(({ name }) => [`${name}.svg`, `${name}.json`]));
  for (const file of store.files.filter((one) => !used.has(one))) {
    const remedy = 'Run npm run diagrams:update, which removes it.';
    faults.push({
      file: `${drawingsFolder}/${file}`,
      line: 1,
      what: 'No figure uses this file.',
      remedy,
    });
  }
  return faults;
}

function twinFaults(
  figures: readonly NamedFigure[],
  graphOf: (name: string) => ReturnType<ReturnType<typeof openDrawings>['graph']> | null,
): Fault[] {
  const key = ({ figure, id }: NamedFigure, locale: string) =>
    `${figure.file.replace(/docs\/[a-z]+\//, `docs/${locale}/`)}#${id}`;
  const korean = new Map(
    figures
      .map((one) => [key(one, 'ko'), one] as const)
      .filter(([, one]) => one.figure.file.includes('docs/ko/')),
  );
  return figures.flatMap((one) => {
    const twin = korean.get(key(one, 'ko'));
    if (!twin || twin === one) return [];
    const graph = graphOf(one.name);
    const other = graphOf(twin.name);
    return graph && other
      ? faultsOfTwin(one.figure, graph, { figure: twin.figure, graph: other })
      : [];
  });
}

export interface UpdateReport {
  /** A line for each file made or removed. */
  readonly changes: readonly string[];
  readonly faults: readonly Fault[];
}

/**
 * Renders every figure that has no drawing and removes drawings that no figure uses.
 * @param all renders the others too
 */
export async function updateDrawings(root = '.', all = false): Promise<UpdateReport> {
  const { figures, faults: written } = readPages(root);
  const store = openDrawings(root);
  const wanted = new Map(figures.map((one) => [one.name, one]));
  const due = [...wanted.values()].filter(
    ({ name, figure }) => (all || !store.names.has(name)) && faultsOfFence(figure).length === 0,
  );
  const faults = [...written];
  const changes: string[] = [];
  const renderer = due.length > 0 ? await openRenderer() : null;
  for (const one of due) {
    const result = renderer === null ? [] : await drawFigure(one, renderer, store);
    if (typeof result === 'string') changes.push(result);
    else faults.push(...result);
  }
  await renderer?.close();
  for (const file of store.files) {
    if (wanted.has(file.replace(/\.(svg|json)$/, ''))) continue;
    store.remove(file);
    changes.push(`removed ${drawingsFolder}/${file}`);
  }
  return { changes, faults };
}

/** Renders and stores one figure. @returns a line that says so, or what is wrong with it */
async function drawFigure(
  { figure, id, name }: NamedFigure,
  renderer: Renderer,
  store: DrawingStore,
): Promise<string | Fault[]> {
  const source = normaliseSource(figure.fence);
  const answer = await renderer.render(id, source.text);
  if ('error' in answer) {
    const { line, message } = syntaxFault(answer.error, source.lines);
    const at = answer.line === null ? figure.line : figure.line + line;
    return [{ file: figure.file, line: at, what: message, remedy: 'Mend the diagram.' }];
  }
  const faults = faultsOfGraph(figure, answer.drawing.graph);
  if (faults.length > 0) return faults;
  const svg = toNormalForm(id, answer.drawing);
  store.write(name, svg, answer.drawing.graph);
  const [, width = '', height = ''] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return `drew ${name}.svg ${width}x${height} ${figure.file}:${figure.line} ${id}`;
}
