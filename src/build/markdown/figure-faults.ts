/** What can be wrong with figures, told with page and line. No browser and no file is needed. */
import { parseBindings, type Binding } from '../../diagram/bindings.ts';
import { semanticClasses, isSemanticClass, type Graph } from '../../diagram/graph.ts';
import type { Fault } from '../authoring-error.ts';
import type { PageFigure } from './figures-of-page.ts';

function fault(figure: PageFigure, line: number, what: string, remedy: string): Fault {
  return { file: figure.file, line: figure.line + line, what, remedy };
}

/** Faults of the fence itself. */
export function faultsOfFence(figure: PageFigure): Fault[] {
  const { id, fence } = figure;
  if (id === null) {
    return [fault(figure, 0, 'A diagram has no name.', 'Write ```mermaid figure=ID.')];
  }
  const faults: Fault[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    const remedy = 'Use lower-case letters, digits and hyphens, beginning with a letter.';
    faults.push(fault(figure, 0, `"${id}" is not a figure id.`, remedy));
  }
  const text = (name: string, form: RegExp) => {
    if (form.test(fence)) return;
    const what = `The figure ${id} has no ${name}.`;
    faults.push(fault(figure, 0, what, `Add a line "${name}: …" below the first line.`));
  };
  text('accTitle', /^[ \t]*accTitle[ \t]*:[ \t]*\S/m);
  text('accDescr', /^[ \t]*accDescr[ \t]*(:[ \t]*\S|\{\s*[^\s}])/m);
  for (const [index, line] of fence.split(/\r\n|\r|\n/).entries()) {
    if (/^\s*%%\{/.test(line) || (index === 0 && /^---\s*$/.test(line))) {
      const what = 'A figure sets its own configuration.';
      const remedy = 'Remove it: every figure shares src/diagram/configuration.ts.';
      faults.push(fault(figure, index + 1, what, remedy));
    }
    if (/^\s*(style|linkStyle)\s/.test(line) && /^\s*(flowchart|graph)\b/m.test(fence)) {
      const remedy = 'Give the node a class of the drawing grammar (:::image).';
      faults.push(fault(figure, index + 1, 'A figure has colours of its own.', remedy));
    }
  }
  for (const { line, what, remedy } of parseBindings(fence).faults) {
    faults.push(fault(figure, line, what, remedy));
  }
  return faults;
}

/**
 * A figure runs a scenario that is there, or none.
 * @param scenarios ids of all there are
 */
export function faultsOfRun(figure: PageFigure, scenarios: readonly string[]): Fault[] {
  const { id, run } = figure;
  if (run === null || scenarios.includes(run)) return [];
  const what = `The figure ${id} runs "${run}", which is no scenario.`;
  return [fault(figure, 0, what, `The scenarios are ${scenarios.join(', ')}.`)];
}

/** Faults that show once the diagram is parsed: unknown classes, bindings of nothing. */
export function faultsOfGraph(figure: PageFigure, graph: Graph): Fault[] {
  const faults: Fault[] = [];
  const lines = figure.fence.split(/\r\n|\r|\n/);
  const unknown = new Set(
    graph.nodes.flatMap((node) => node.classes).filter((name) => !isSemanticClass(name)),
  );
  for (const name of unknown) {
    const line = lines.findIndex((text) => new RegExp(`(:::|class\\s.*)${name}\\b`).test(text));
    const remedy = `The classes are ${semanticClasses.join(', ')}.`;
    faults.push(
      fault(figure, line + 1, `"${name}" is not a class of the drawing grammar.`, remedy),
    );
  }
  const nodes = new Set(graph.nodes.map((node) => node.id));
  const edges = new Set(graph.edges.map((edge) => edge.id));
  for (const binding of parseBindings(figure.fence).bindings) {
    const missing = missingSubject(binding, nodes, edges);
    if (missing === null) continue;
    const what = `The figure ${figure.id} has no ${missing}.`;
    const remedy = `Its ${binding.type}s are ${[...(binding.type === 'node' ? nodes : edges)].join(', ')}.`;
    faults.push(fault(figure, binding.line, what, remedy));
  }
  return faults;
}

function missingSubject(
  binding: Binding,
  nodes: ReadonlySet<string>,
  edges: ReadonlySet<string>,
): string | null {
  if (binding.type === 'node') return nodes.has(binding.node) ? null : `node ${binding.node}`;
  return edges.has(binding.edge) ? null : `edge ${binding.edge}`;
}

/** Ids taken twice on one page, by figures or by its headings. */
export function faultsOfIds(
  figures: readonly PageFigure[],
  headings: ReadonlyMap<string, number>,
): Fault[] {
  const taken = new Map(headings);
  const faults: Fault[] = [];
  for (const figure of figures) {
    if (figure.id === null) continue;
    const before = taken.get(figure.id);
    if (before !== undefined) {
      const what = `The id "${figure.id}" is taken by line ${before}.`;
      faults.push(fault(figure, 0, what, 'Give the figure an id of its own.'));
    }
    taken.set(figure.id, figure.line);
  }
  return faults;
}

/**
 * A figure must say the same in every language: same nodes, edges and bindings, other words.
 * @param twin the same figure in the other language, with its graph
 */
export function faultsOfTwin(
  figure: PageFigure,
  graph: Graph,
  twin: { readonly figure: PageFigure; readonly graph: Graph },
): Fault[] {
  const what = (thing: string) =>
    `The figure ${figure.id} and its twin in ${twin.figure.file} differ in ${thing}.`;
  const difference = (
    thing: string,
    of: (graph: Graph, figure: PageFigure) => readonly string[],
  ) => {
    const mine = of(graph, figure);
    const theirs = of(twin.graph, twin.figure);
    if (mine.join('\n') === theirs.join('\n')) return [];
    const own = mine.filter((one) => !theirs.includes(one)).join('; ') || 'none, or their order';
    const other = theirs.filter((one) => !mine.includes(one)).join('; ') || 'none, or their order';
    return [fault(figure, 0, what(thing), `Only here: ${own}. Only there: ${other}.`)];
  };
  return [
    ...difference('kind', ({ kind }) => [kind]),
    ...difference('nodes', ({ nodes }) =>
      nodes.map(({ id, shape, classes }) => [id, shape, ...classes].join(' ')),
    ),
    ...difference('edges', ({ edges }) =>
      edges.map(({ id, from, to, line }) => `${id}: ${from} ${line} ${to}`),
    ),
    ...difference('bindings', (_, { fence }) =>
      parseBindings(fence).bindings.map((binding) => JSON.stringify({ ...binding, line: 0 })),
    ),
  ];
}
