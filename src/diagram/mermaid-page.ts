/**
 * The one file that knows Mermaid's insides (12.3.0). Its functions run in a page of the browser
 * that has loaded Mermaid and the font; `pageScript` takes them there as text, so they use nothing
 * but one another.
 */
import type { mermaidConfiguration } from './configuration.ts';
import type { EdgeRelation, Graph, GraphEdge, GraphNode, GraphStep, NodeShape } from './graph.ts';

export interface RenderRequest {
  /** Id of the figure: ASCII, kebab case. */
  readonly figure: string;
  /** Source in normal form. */
  readonly source: string;
  readonly configuration: typeof mermaidConfiguration;
  readonly symbolRoomPx: number;
  readonly symbolClasses: readonly string[];
}

/** A drawing as Mermaid made it, with the names that lead from its elements to the graph. */
export interface RawDrawing {
  /** Shapes carry `data-bbox="x y width height"` in their own coordinates. */
  readonly svg: string;
  readonly graph: Graph;
  /**
   * Mermaid's element id, without the drawing's prefix and, in class diagrams, without the number
   * at its end, to the author's node id.
   */
  readonly nodeNames: Readonly<Record<string, string>>;
  /** Mermaid's edge id to ours. */
  readonly edgeNames: Readonly<Record<string, string>>;
}

export type RenderAnswer =
  | { readonly drawing: RawDrawing }
  /** `line` counts from 1 in the source; `null` when Mermaid does not tell. */
  | { readonly error: string; readonly line: number | null };

/* The parts of Mermaid that are used, as measured in 12.3.0. */
interface Mermaid {
  initialize(configuration: object): void;
  render(id: string, text: string): Promise<{ svg: string }>;
  mermaidAPI: { getDiagramFromText(text: string): Promise<{ type: string; db: MermaidDb }> };
}
interface MermaidDb {
  getAccTitle(): string;
  getAccDescription(): string;
  getData: (this: MermaidDb) => { nodes: MermaidNode[]; edges: MermaidEdge[] };
  getVertices(): Map<string, { id: string; domId: string; text?: string; classes: string[] }>;
  getEdges(): FlowEdge[];
  getSubGraphs(): { id: string; title: string; nodes: string[]; classes: string[] }[];
  getClasses(): Map<string, MermaidClass>;
  getNotes(): Map<string, { id: string; text: string }>;
  getNamespaces(): Map<string, { id: string; label: string }>;
  getActors(): Map<string, { description: string; type: string }>;
  getMessages(): Message[];
  LINETYPE: Record<string, number>;
}
interface FlowEdge {
  id: string;
  start: string;
  end: string;
  text: string;
  type: string;
  stroke: string;
  isUserDefinedId?: boolean;
}
interface MermaidNode {
  id: string;
  domId: string;
  label?: string;
  shape: string;
  parentId?: string;
  isGroup?: boolean;
  cssClasses?: string;
  padding?: number;
  labelPaddingX?: number;
  rx?: number;
  ry?: number;
}
interface MermaidEdge {
  id: string;
  start: string;
  end: string;
  label?: string;
  pattern?: string;
  arrowTypeStart?: string;
  arrowTypeEnd?: string;
  startLabelRight?: string;
  endLabelLeft?: string;
  classes?: string;
}
interface MermaidClass {
  id: string;
  domId: string;
  label: string;
  text: string;
  parent?: string;
  cssClasses: string;
  annotations: string[];
  members: { text: string }[];
  methods: { text: string }[];
}
interface Reading {
  kind: Graph['kind'];
  nodes: GraphNode[];
  edges: GraphEdge[];
  steps: GraphStep[];
  nodeNames: Record<string, string>;
  edgeNames: Record<string, string>;
}
interface Message {
  id: string;
  type: number;
  from?: string;
  to?: string;
  /** Some kinds of messages carry an object instead. */
  message: unknown;
}

/** The text of an answer of Mermaid: entities decoded, line breaks as spaces. */
function plainText(text: string | undefined): string {
  const holder = document.createElement('textarea');
  const entities = (text ?? '').replace(/ﬂ°°/g, '&#').replace(/ﬂ°/g, '&').replace(/¶ß/g, ';');
  holder.innerHTML = entities.replace(/<br\s*\/?>/gi, ' ');
  return holder.value
    .replace(/\\([-+#~])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

function classNames(text: string | undefined): string[] {
  const names = (text ?? '').split(/\s+/);
  return names.filter(
    (name) => name !== '' && name !== 'default' && !name.startsWith('statediagram-'),
  );
}

/** Rectangles with a semantic class grow by the room of their symbol. */
function makeRoomForSymbols(db: MermaidDb, request: RenderRequest): void {
  const prototype = Object.getPrototypeOf(db) as MermaidDb & { hasRoom?: boolean };
  if (prototype.hasRoom) return;
  prototype.hasRoom = true;
  const original = prototype.getData;
  const corners: Record<string, number> = { squareRect: 3, roundedRect: 8, stadium: 99 };
  prototype.getData = function getData(this: MermaidDb) {
    const data = original.call(this);
    for (const node of data.nodes) {
      const corner = corners[node.shape];
      if (corner === undefined || node.isGroup) continue;
      if (!classNames(node.cssClasses).some((name) => request.symbolClasses.includes(name)))
        continue;
      node.shape = 'squareRect';
      node.rx = node.ry = corner;
      node.labelPaddingX = (node.padding ?? 0) * 1.1 + request.symbolRoomPx / 2;
    }
    return data;
  };
}

function readFlowchart(db: MermaidDb): Reading {
  const groups = db.getSubGraphs();
  const parents = new Map(
    groups.flatMap(({ id, nodes }) => nodes.map((node) => [node, id] as const)),
  );
  const groupIds = new Set(groups.map((group) => group.id));
  const boxes = [...db.getVertices().values()].filter((vertex) => !groupIds.has(vertex.id));
  const nodes: GraphNode[] = [
    ...groups.map(({ id, title, classes }) => ({
      id,
      text: title,
      shape: 'group' as const,
      classes,
    })),
    ...boxes.map(({ id, text = id, classes }) => ({ id, text, shape: 'box' as const, classes })),
  ].map(({ id, text, shape, classes }) => ({
    id,
    label: plainText(text),
    shape,
    classes: classNames([...new Set(classes)].join(' ')),
    parent: parents.get(id) ?? null,
  }));
  const nodeNames = Object.fromEntries([
    ...boxes.map(({ domId, id }) => [domId, id] as const),
    ...groups.map(({ id }) => [id, id] as const),
  ]);
  const lines = {
    normal: 'solid',
    dotted: 'dotted',
    thick: 'thick',
    invisible: 'invisible',
  } as const;
  const edges = db.getEdges().map((edge, index): GraphEdge => {
    const kind = edge.type === 'arrow_open' ? 'line' : 'arrow';
    return {
      id: edge.isUserDefinedId ? edge.id : String(index + 1),
      from: edge.start,
      to: edge.end,
      label: plainText(edge.text),
      line: lines[edge.stroke as keyof typeof lines],
      relation: edge.type.startsWith('double') ? 'both' : kind,
    };
  });
  const edgeNames = Object.fromEntries(
    db.getEdges().map(({ id }, index) => [id, edges[index]!.id]),
  );
  return { kind: 'flowchart', nodes, edges, steps: [], nodeNames, edgeNames };
}

function readStates(db: MermaidDb): Reading {
  const data = db.getData();
  const shapes: Record<string, NodeShape> = {
    stateStart: 'start',
    stateEnd: 'end',
    choice: 'choice',
    fork: 'fork',
    join: 'fork',
    note: 'note',
  };
  const ownId = (id: string) => id.replace(/----note-\d+$/, '-note');
  const drawn = data.nodes.filter(({ shape }) => shape !== 'noteGroup' && shape !== 'divider');
  const nodes = drawn.map((node): GraphNode => {
    const shape = node.isGroup ? 'group' : (shapes[node.shape] ?? 'box');
    const silent = ['start', 'end', 'fork', 'choice'].includes(shape);
    const inNote = node.parentId?.endsWith('----parent') ?? false;
    return {
      id: ownId(node.id),
      label: silent ? '' : plainText(node.label),
      shape,
      classes: classNames(node.cssClasses),
      parent: inNote ? null : (node.parentId ?? null),
    };
  });
  const nodeNames = Object.fromEntries(drawn.map(({ domId, id }) => [domId, ownId(id)]));
  const edges = data.edges.map((edge, index): GraphEdge => {
    const note = edge.classes?.includes('note-edge') ?? false;
    return {
      id: String(index + 1),
      from: ownId(edge.start),
      to: ownId(edge.end),
      label: plainText(edge.label),
      line: note ? 'dotted' : 'solid',
      relation: note ? 'note' : 'arrow',
    };
  });
  const edgeNames = Object.fromEntries(data.edges.map(({ id }, index) => [id, String(index + 1)]));
  return { kind: 'state', nodes, edges, steps: [], nodeNames, edgeNames };
}

function readClasses(db: MermaidDb): Reading {
  const spaces = [...db.getNamespaces().values()];
  const classes = [...db.getClasses().values()];
  const notes = [...db.getNotes().values()];
  const nodes: GraphNode[] = [
    ...spaces.map(({ id, label }): GraphNode => {
      return { id, label: plainText(label), shape: 'group', classes: [], parent: null };
    }),
    ...classes.map((one): GraphNode => ({
      id: one.id,
      label: plainText(one.label),
      shape: 'box',
      classes: classNames(one.cssClasses),
      parent: one.parent ?? null,
      members: one.members.map(({ text }) => plainText(text)),
      methods: one.methods.map(({ text }) => plainText(text)),
      annotations: one.annotations.map((text) => plainText(text)),
    })),
    ...notes.map(({ id, text }): GraphNode => {
      return { id, label: plainText(text), shape: 'note', classes: [], parent: null };
    }),
  ];
  const nodeNames = Object.fromEntries([
    ...spaces.map(({ id }) => [id, id] as const),
    // The number at the end grows from parse to parse.
    ...classes.map(({ domId, id }) => [domId.replace(/-\d+$/, ''), id] as const),
    ...notes.map(({ id }) => [id, id] as const),
  ]);
  const data = db.getData().edges;
  const edges = data.map((edge, index) => readRelation(edge, String(index + 1)));
  const edgeNames = Object.fromEntries(data.map(({ id }, index) => [id, String(index + 1)]));
  return { kind: 'class', nodes, edges, steps: [], nodeNames, edgeNames };
}

function readRelation(edge: MermaidEdge, id: string): GraphEdge {
  const relations: Record<string, EdgeRelation> = {
    extension: 'inherits',
    composition: 'contains',
    aggregation: 'owns',
    dependency: 'uses',
  };
  const heads = [edge.arrowTypeStart, edge.arrowTypeEnd];
  const relation = relations[heads.find((type) => type && type !== 'none') ?? ''] ?? 'line';
  // Read from the special to the general, from the whole to its part, from the user to the used.
  const whole = relation === 'contains' || relation === 'owns';
  const turned = whole === (heads[1] === 'composition' || heads[1] === 'aggregation');
  const backwards = whole ? turned : heads[0] === 'extension' || heads[0] === 'dependency';
  const [from, to] = backwards ? [edge.end, edge.start] : [edge.start, edge.end];
  const ends = [plainText(edge.startLabelRight), plainText(edge.endLabelLeft)];
  const [fromEnd = '', toEnd = ''] = backwards ? ends.reverse() : ends;
  const line = edge.pattern === 'solid' ? 'solid' : 'dotted';
  const kind = edge.id.startsWith('edgeNote') ? 'note' : relation;
  return { id, from, to, label: plainText(edge.label), line, relation: kind, fromEnd, toEnd };
}

function readSequence(db: MermaidDb): Reading {
  const types = new Map(Object.entries(db.LINETYPE).map(([name, number]) => [number, name]));
  const nodes = [...db.getActors()].map(([id, actor]): GraphNode => {
    const shape = actor.type === 'actor' ? 'actor' : 'participant';
    return { id, label: plainText(actor.description), shape, classes: [], parent: null };
  });
  const nodeNames = Object.fromEntries(nodes.map(({ id }) => [id, id]));
  const edges: GraphEdge[] = [];
  const steps: GraphStep[] = [];
  const edgeNames: Record<string, string> = {};
  for (const { id: key, type: number, from, to, message } of db.getMessages()) {
    const type = types.get(number) ?? '';
    const label = plainText(typeof message === 'string' ? message : '');
    if (type.startsWith('ACTIVE')) continue;
    if (type === 'NOTE') {
      const over = [...new Set([from, to])].filter((one) => one !== undefined);
      steps.push({ type: 'note', over, label });
    } else if (type.endsWith('_START')) {
      steps.push({ type: 'frame', frame: type.split('_')[0]!.toLowerCase(), label });
    } else if (/_(ELSE|AND|OPTION)$/.test(type)) {
      steps.push({ type: 'section', label });
    } else if (type.endsWith('_END')) {
      steps.push({ type: 'close' });
    } else if (from !== undefined && to !== undefined && /SOLID|DOTTED|STICK/.test(type)) {
      const id = String(edges.length + 1);
      const line = type.includes('DOTTED') ? 'dotted' : 'solid';
      const relation = type.startsWith('BIDIRECTIONAL') ? 'both' : 'arrow';
      edgeNames[`i${key}`] = id;
      edges.push({ id, from, to, label, line, relation });
      steps.push({ type: 'message', edge: id });
    }
  }
  return { kind: 'sequence', nodes, edges, steps, nodeNames, edgeNames };
}

/** Writes the size of shapes and group titles into the drawing and takes its styles out. */
function measureDrawing(text: string): string {
  const stage = document.createElement('div');
  stage.innerHTML = text;
  document.body.append(stage);
  const measured =
    '.node > *, .node .outer-path > *, .cluster > rect, .statediagram-cluster rect, .cluster-label text';
  for (const shape of stage.querySelectorAll<SVGGraphicsElement>(measured)) {
    const { x, y, width, height } = shape.getBBox();
    shape.setAttribute('data-bbox', [x, y, width, height].join(' '));
  }
  stage.querySelectorAll('style').forEach((style) => style.remove());
  const svg = new XMLSerializer().serializeToString(stage.querySelector('svg')!);
  stage.remove();
  return svg;
}

/** Renders one diagram. Runs in the page, where `mermaid` is a global. */
async function renderInPage(request: RenderRequest): Promise<RenderAnswer> {
  const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
  const readers: Record<string, (db: MermaidDb) => Reading> = {
    'flowchart-v2': readFlowchart,
    flowchart: readFlowchart,
    sequence: readSequence,
    stateDiagram: readStates,
    state: readStates,
    classDiagram: readClasses,
    class: readClasses,
  };
  try {
    mermaid.initialize(request.configuration);
    const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(request.source);
    const reader = readers[type];
    if (!reader) return { error: `A ${type} diagram is not one of the four kinds.`, line: 1 };
    if (type.startsWith('flowchart')) makeRoomForSymbols(db, request);
    const { nodeNames, edgeNames, ...graph } = reader(db);
    const title = plainText(db.getAccTitle());
    const description = plainText(db.getAccDescription());
    const { kind, nodes, edges, steps } = graph;
    const { svg } = await mermaid.render(`figure-${request.figure}`, request.source);
    return {
      drawing: {
        svg: measureDrawing(svg),
        graph: { kind, title, description, nodes, edges, steps },
        nodeNames,
        edgeNames,
      },
    };
  } catch (error) {
    const { message, hash } = error as { message?: string; hash?: { line?: number } };
    const told = /line (\d+)/.exec(message ?? '')?.[1];
    const line = told === undefined ? (hash?.line ?? null) : Number(told);
    return { error: message ?? String(error), line };
  }
}

/** A classic script that defines `renderInPage(request: RenderRequest): Promise<RenderAnswer>`. */
export function pageScript(): string {
  return [
    plainText,
    classNames,
    makeRoomForSymbols,
    readFlowchart,
    readStates,
    readClasses,
    readRelation,
    readSequence,
    measureDrawing,
    renderInPage,
  ].join('\n');
}
