/**
 * The one file that knows Mermaid's insides (12.3.0). Its functions run in a page of the browser
 * that has loaded Mermaid and the font; they are sent there as text, so each stands alone.
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
  getData(): { nodes: MermaidNode[]; edges: MermaidEdge[] };
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
interface Message {
  id: string;
  type: number;
  from?: string;
  to?: string;
  message: unknown;
}

/** Renders one diagram. Runs in the page, where `mermaid` is a global. */
export async function renderInPage(request: RenderRequest): Promise<RenderAnswer> {
  const mermaid = (globalThis as unknown as { mermaid: Mermaid }).mermaid;
  const { figure, source } = request;
  const prefix = `figure-${figure}`;

  const plain = (text: unknown): string => {
    const holder = document.createElement('textarea');
    const entities = String(text ?? '')
      .replace(/ﬂ°°/g, '&#')
      .replace(/ﬂ°/g, '&')
      .replace(/¶ß/g, ';');
    holder.innerHTML = entities.replace(/<br\s*\/?>/gi, ' ');
    return holder.value
      .replace(/\\([-+#~])/g, '$1')
      .replace(/\s+/g, ' ')
      .trim();
  };

  /** Squares of a semantic class grow by the room of their symbol. */
  const widen = (db: MermaidDb): void => {
    const prototype = Object.getPrototypeOf(db) as MermaidDb & { widened?: boolean };
    if (prototype.widened) return;
    prototype.widened = true;
    const original = prototype.getData;
    const radius: Record<string, number> = { squareRect: 3, roundedRect: 8, stadium: 99 };
    prototype.getData = function getData(this: MermaidDb) {
      const data = original.call(this);
      for (const node of data.nodes) {
        const corner = radius[node.shape];
        const classes = (node.cssClasses ?? '').split(/\s+/);
        if (corner === undefined || node.isGroup) continue;
        if (!classes.some((name) => request.symbolClasses.includes(name))) continue;
        node.shape = 'squareRect';
        node.rx = corner;
        node.ry = corner;
        node.labelPaddingX = (node.padding ?? 0) * 1.3 + request.symbolRoomPx / 2;
      }
      return data;
    };
  };

  const flowchart = (db: MermaidDb): Omit<RawDrawing, 'svg'> => {
    const groups = db.getSubGraphs();
    const parents = new Map<string, string>();
    for (const group of groups) for (const id of group.nodes) parents.set(id, group.id);
    const classes = (names: readonly string[]) =>
      [...new Set(names)].filter((one) => one !== 'default');
    const isGroup = new Set(groups.map((group) => group.id));
    const boxes = [...db.getVertices().values()].filter((vertex) => !isGroup.has(vertex.id));
    const nodeNames: Record<string, string> = {};
    for (const vertex of boxes) nodeNames[vertex.domId] = vertex.id;
    for (const group of groups) nodeNames[group.id] = group.id;
    const nodes: GraphNode[] = [
      ...groups.map((group) => ({
        id: group.id,
        label: plain(group.title),
        shape: 'group' as NodeShape,
        classes: classes(group.classes),
        parent: parents.get(group.id) ?? null,
      })),
      ...boxes.map((vertex) => ({
        id: vertex.id,
        label: plain(vertex.text ?? vertex.id),
        shape: 'box' as NodeShape,
        classes: classes(vertex.classes),
        parent: parents.get(vertex.id) ?? null,
      })),
    ];
    const edgeNames: Record<string, string> = {};
    const relation = (type: string): EdgeRelation =>
      type.startsWith('double') ? 'both' : type === 'arrow_open' ? 'line' : 'arrow';
    const lines = {
      normal: 'solid',
      dotted: 'dotted',
      thick: 'thick',
      invisible: 'invisible',
    } as const;
    const edges = db.getEdges().map((edge, index): GraphEdge => {
      const id = edge.isUserDefinedId ? edge.id : String(index + 1);
      edgeNames[edge.id] = id;
      return {
        id,
        from: edge.start,
        to: edge.end,
        label: plain(edge.text),
        line: lines[edge.stroke as keyof typeof lines] ?? 'solid',
        relation: relation(edge.type),
      };
    });
    return {
      graph: { ...texts(db), kind: 'flowchart', nodes, edges, steps: [] },
      nodeNames,
      edgeNames,
    };
  };

  const stateDiagram = (db: MermaidDb): Omit<RawDrawing, 'svg'> => {
    const data = db.getData();
    const nodeNames: Record<string, string> = {};
    const shapes: Record<string, NodeShape> = {
      stateStart: 'start',
      stateEnd: 'end',
      choice: 'choice',
      fork: 'fork',
      join: 'fork',
      note: 'note',
    };
    const ids = new Map<string, string>();
    for (const node of data.nodes) ids.set(node.id, node.id.replace(/----note-\d+$/, '-note'));
    const kept = data.nodes.filter(
      (node) => node.shape !== 'noteGroup' && node.shape !== 'divider',
    );
    const nodes = kept.map((node): GraphNode => {
      const shape = node.isGroup ? 'group' : (shapes[node.shape] ?? 'box');
      const id = ids.get(node.id) ?? node.id;
      nodeNames[node.domId] = id;
      const silent = shape === 'start' || shape === 'end' || shape === 'fork' || shape === 'choice';
      const noted = node.parentId?.endsWith('----parent') ? undefined : node.parentId;
      const classes = (node.cssClasses ?? '').split(/\s+/);
      return {
        id,
        label: silent ? '' : plain(node.label),
        shape,
        classes: classes.filter((name) => name !== '' && !name.startsWith('statediagram-')),
        parent: noted ?? null,
      };
    });
    const edgeNames: Record<string, string> = {};
    const edges = data.edges.map((edge, index): GraphEdge => {
      edgeNames[edge.id] = String(index + 1);
      const note = edge.classes?.includes('note-edge') ?? false;
      return {
        id: String(index + 1),
        from: ids.get(edge.start) ?? edge.start,
        to: ids.get(edge.end) ?? edge.end,
        label: plain(edge.label),
        line: note ? 'dotted' : 'solid',
        relation: note ? 'note' : 'arrow',
      };
    });
    return {
      graph: { ...texts(db), kind: 'state', nodes, edges, steps: [] },
      nodeNames,
      edgeNames,
    };
  };

  const classDiagram = (db: MermaidDb): Omit<RawDrawing, 'svg'> => {
    const nodeNames: Record<string, string> = {};
    const nodes: GraphNode[] = [];
    for (const space of db.getNamespaces().values()) {
      nodeNames[space.id] = space.id;
      const label = plain(space.label);
      nodes.push({ id: space.id, label, shape: 'group', classes: [], parent: null });
    }
    for (const one of db.getClasses().values()) {
      // The number at the end grows from parse to parse.
      nodeNames[one.domId.replace(/-\d+$/, '')] = one.id;
      nodes.push({
        id: one.id,
        label: plain(one.label),
        shape: 'box',
        classes: one.cssClasses.split(/\s+/).filter((name) => name !== '' && name !== 'default'),
        parent: one.parent ?? null,
        members: one.members.map((member) => plain(member.text)),
        methods: one.methods.map((method) => plain(method.text)),
        annotations: one.annotations.map(plain),
      });
    }
    for (const note of db.getNotes().values()) {
      nodeNames[note.id] = note.id;
      nodes.push({
        id: note.id,
        label: plain(note.text),
        shape: 'note',
        classes: [],
        parent: null,
      });
    }
    const relations: Record<string, EdgeRelation> = {
      extension: 'inherits',
      composition: 'contains',
      aggregation: 'owns',
      dependency: 'uses',
    };
    const edgeNames: Record<string, string> = {};
    const edges = db.getData().edges.map((edge, index): GraphEdge => {
      edgeNames[edge.id] = String(index + 1);
      // The triangle or diamond stands at the general, or whole, side: read towards it.
      const turned = edge.arrowTypeStart === 'extension';
      const kind = [edge.arrowTypeStart, edge.arrowTypeEnd].find((type) => type && type !== 'none');
      const note = edge.id.startsWith('edgeNote');
      return {
        id: String(index + 1),
        from: turned ? edge.end : edge.start,
        to: turned ? edge.start : edge.end,
        label: plain(edge.label),
        line: edge.pattern === 'solid' ? 'solid' : 'dotted',
        relation: note ? 'note' : (relations[kind ?? ''] ?? 'line'),
        fromEnd: plain(turned ? edge.endLabelLeft : edge.startLabelRight),
        toEnd: plain(turned ? edge.startLabelRight : edge.endLabelLeft),
      };
    });
    return {
      graph: { ...texts(db), kind: 'class', nodes, edges, steps: [] },
      nodeNames,
      edgeNames,
    };
  };

  const sequence = (db: MermaidDb): Omit<RawDrawing, 'svg'> => {
    const names = new Map(Object.entries(db.LINETYPE).map(([name, number]) => [number, name]));
    const nodeNames: Record<string, string> = {};
    const nodes = [...db.getActors()].map(([id, actor]): GraphNode => {
      nodeNames[id] = id;
      const shape = actor.type === 'actor' ? 'actor' : 'participant';
      return { id, label: plain(actor.description), shape, classes: [], parent: null };
    });
    const edges: GraphEdge[] = [];
    const steps: GraphStep[] = [];
    const edgeNames: Record<string, string> = {};
    for (const message of db.getMessages()) {
      const type = names.get(message.type) ?? '';
      const { from, to } = message;
      const label = plain(message.message);
      if (type === 'NOTE') {
        const over = [...new Set([from, to].filter((one) => one !== undefined))];
        steps.push({ type: 'note', over, label });
      } else if (/_START$/.test(type) && !type.startsWith('ACTIVE')) {
        steps.push({ type: 'frame', frame: type.split('_')[0]!.toLowerCase(), label });
      } else if (/_(ELSE|AND|OPTION)$/.test(type)) {
        steps.push({ type: 'section', label });
      } else if (/_END$/.test(type) && !type.startsWith('ACTIVE')) {
        steps.push({ type: 'close' });
      } else if (from !== undefined && to !== undefined && /SOLID|DOTTED|STICK/.test(type)) {
        const id = String(edges.length + 1);
        edgeNames[`i${message.id}`] = id;
        const line = /DOTTED/.test(type) ? 'dotted' : 'solid';
        const relation = type.startsWith('BIDIRECTIONAL') ? 'both' : 'arrow';
        edges.push({ id, from, to, label, line, relation });
        steps.push({ type: 'message', edge: id });
      }
    }
    return { graph: { ...texts(db), kind: 'sequence', nodes, edges, steps }, nodeNames, edgeNames };
  };

  const texts = (db: MermaidDb) => ({
    title: plain(db.getAccTitle()),
    description: plain(db.getAccDescription()),
  });

  const measured = (svgText: string): string => {
    const stage = document.createElement('div');
    stage.innerHTML = svgText;
    document.body.append(stage);
    for (const shape of stage.querySelectorAll<SVGGraphicsElement>(
      '.node > *, .node .outer-path > *, .cluster > rect, .statediagram-cluster rect',
    )) {
      const box = shape.getBBox();
      shape.setAttribute('data-bbox', [box.x, box.y, box.width, box.height].join(' '));
    }
    stage.querySelectorAll('style').forEach((style) => style.remove());
    const text = new XMLSerializer().serializeToString(stage.querySelector('svg')!);
    stage.remove();
    return text;
  };

  try {
    mermaid.initialize(request.configuration);
    const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(source);
    const readers: Record<string, (db: MermaidDb) => Omit<RawDrawing, 'svg'>> = {
      'flowchart-v2': flowchart,
      flowchart,
      sequence,
      stateDiagram,
      classDiagram,
      class: classDiagram,
      state: stateDiagram,
    };
    const reader = readers[type];
    if (!reader) return { error: `A ${type} diagram is not one of the four kinds.`, line: 1 };
    if (type.startsWith('flowchart')) widen(db);
    const read = reader(db);
    const { svg } = await mermaid.render(prefix, source);
    return { drawing: { ...read, svg: measured(svg) } };
  } catch (error) {
    const { message, hash } = error as { message?: string; hash?: { line?: number } };
    const told = /line (\d+)/.exec(message ?? '')?.[1];
    const line = told === undefined ? (hash?.line ?? null) : Number(told);
    return { error: message ?? String(error), line };
  }
}
