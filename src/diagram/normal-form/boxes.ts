/** Boxes and lines of flowcharts, state and class diagrams, in one set of coordinates. */
import { isSemanticClass, type GraphNode, type SemanticClass } from '../graph.ts';
import type { RawDrawing } from '../mermaid-page.ts';
import { symbolRoomPx } from '../configuration.ts';
import { element, elementsOf, hasClass, numberOf, shortNumber } from '../xml.ts';
import { descendants, type XmlElement } from '../xml.ts';
import { headOf } from './heads.ts';
import { label, labelRows, movedRect } from './labels.ts';
import { movePath, movePoints, pathPoints } from './path-data.ts';
import { direction, origin, plus, translationOf, type Box, type Point } from './point.ts';
import { symbolPaths, symbolSizePx } from '../symbols.ts';

/** An element of Mermaid's drawing and where its coordinates begin. */
interface Placed {
  readonly element: XmlElement;
  readonly at: Point;
}

/** The layers of the drawing, from back to front. */
export function boxLayers(figure: string, svg: XmlElement, raw: RawDrawing): XmlElement[] {
  const prefix = `${svg.attributes['id'] ?? ''}-`;
  const placed = [...walk(svg, origin)];
  const nodes = new Map(raw.graph.nodes.map((node) => [node.id, node]));
  const nodeOf = (one: XmlElement): GraphNode | undefined => {
    const name = (one.attributes['id'] ?? '').slice(prefix.length);
    return nodes.get(raw.nodeNames[name] ?? raw.nodeNames[name.replace(/-\d+$/, '')] ?? '');
  };
  const groups: XmlElement[] = [];
  const boxes: XmlElement[] = [];
  for (const { element: one, at } of placed) {
    const cluster = hasClass(one, 'cluster') || hasClass(one, 'statediagram-cluster');
    const node = cluster || hasClass(one, 'node') ? nodeOf(one) : undefined;
    if (!node) continue;
    if (cluster) groups.push(drawGroup(figure, node, one, at));
    else boxes.push(drawNode(figure, node, one, at));
  }
  const edges = placed.filter(({ element: one }) => one.attributes['data-et'] === 'edge');
  const lines = edges.map((edge) => drawEdge(figure, raw, edge));
  const labels = placed.flatMap((one) => drawEdgeLabel(raw, one) ?? []);
  return [
    element('g', { class: 'figure-groups' }, ...groups),
    element('g', { class: 'figure-edges' }, ...lines),
    element('g', { class: 'figure-edge-labels' }, ...labels),
    element('g', { class: 'figure-nodes' }, ...boxes),
  ].filter((layer) => layer.children.length > 0);
}

/** Every element with the sum of the translations above it, its own included. */
function* walk(parent: XmlElement, at: Point): Generator<Placed> {
  for (const child of elementsOf(parent)) {
    if (child.name === 'marker' || child.name === 'defs') continue;
    const here = plus(at, translationOf(child.attributes['transform']));
    yield { element: child, at: here };
    yield* walk(child, here);
  }
}

function frame(figure: string, node: GraphNode, kind: string, box: Box) {
  const classes = node.classes.map((name) => ` figure-class-${name}`).join('');
  return {
    class: `${kind}${classes}`,
    id: `${figure}-node-${node.id}`,
    'data-node': node.id,
    'data-box': [box.x, box.y, box.width, box.height].map(shortNumber).join(' '),
  };
}

function boxOf(shape: XmlElement, at: Point): Box {
  const [x = 0, y = 0, width = 0, height = 0] = (shape.attributes['data-bbox'] ?? '')
    .split(' ')
    .map(Number);
  return { x: x + at.x, y: y + at.y, width, height };
}

function semanticOf(node: GraphNode): SemanticClass | undefined {
  return node.classes.find(isSemanticClass);
}

function drawSymbol(name: SemanticClass, at: Point): XmlElement {
  return element('path', { class: 'figure-symbol', d: movePath(symbolPaths[name], at) });
}

function drawGroup(figure: string, node: GraphNode, one: XmlElement, at: Point): XmlElement {
  const rects = [...walk(one, at)].filter(({ element: rect }) => rect.attributes['data-bbox']);
  const outer = rects[0]!;
  const box = boxOf(outer.element, outer.at);
  const title = [...walk(one, at)].find(({ element: text }) => text.name === 'text');
  const rows = title ? labelRows(title.element) : [];
  const semantic = semanticOf(node);
  const left = box.x + 11;
  const top = Math.max(title?.at.y ?? box.y, box.y + 4) + 2;
  return element(
    'g',
    frame(figure, node, 'figure-group', box),
    movedRect(
      { ...outer.element, attributes: { ...outer.element.attributes, rx: '6' } },
      outer.at,
      'figure-shape',
    ),
    semantic ? drawSymbol(semantic, { x: left, y: top }) : null,
    label('figure-title', { x: semantic ? left + symbolRoomPx : left, y: top }, rows),
  );
}

function drawNode(figure: string, node: GraphNode, one: XmlElement, at: Point): XmlElement {
  const shape = elementsOf(one).find(
    (child) => child.name !== 'g' || child.attributes['data-bbox'],
  );
  const first = shape ?? one;
  const box = boxOf(first, plus(at, translationOf(first.attributes['transform'])));
  const rect = first.name === 'rect' && node.shape === 'box';
  const semantic = rect ? semanticOf(node) : undefined;
  const symbol = semantic
    ? drawSymbol(semantic, { x: box.x + 11, y: box.y + (box.height - symbolSizePx) / 2 })
    : null;
  const aside = semantic ? symbolRoomPx / 2 : 0;
  const isClass = [...descendants(one)].some((child) => hasClass(child, 'label-group'));
  const inner = isClass ? classRows(one, at, box) : nodeLabel(node, one, at, aside);
  return element(
    'g',
    frame(figure, node, `figure-node figure-${node.shape}`, box),
    ...drawShape(node, first, at, box),
    symbol,
    ...inner,
  );
}

function drawShape(node: GraphNode, shape: XmlElement, at: Point, box: Box): XmlElement[] {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const circle = (radius: number, name = 'figure-shape') =>
    element('circle', { class: name, cx: middle.x, cy: middle.y, r: radius });
  if (node.shape === 'start') return [circle(7)];
  if (node.shape === 'end') return [circle(7), circle(3.5, 'figure-dot')];
  const here = plus(at, translationOf(shape.attributes['transform']));
  if (shape.name === 'rect') {
    const rounded = { ...shape, attributes: { rx: '3', ...shape.attributes } };
    return [movedRect(rounded, at, 'figure-shape')];
  }
  if (shape.name === 'circle') return [circle(numberOf(shape, 'r'))];
  if (shape.name === 'polygon') {
    const points = movePoints(shape.attributes['points'] ?? '', here);
    return [element('polygon', { class: 'figure-shape', points })];
  }
  if (shape.name === 'path') {
    return [
      element('path', { class: 'figure-shape', d: movePath(shape.attributes['d'] ?? '', here) }),
    ];
  }
  // A sketched outline: its first path is the area, the others retrace the border.
  const area = [...descendants(shape)].find((child) => child.name === 'path');
  const data = area?.attributes['d'] ?? '';
  const isBox = /^M[^a-zA-Z]*(L[^a-zA-Z]*){3,4}Z?$/.test(data) && node.shape !== 'choice';
  const { x, y, width, height } = box;
  if (isBox && /^M\s*(\S+)\s+(\S+)\s+L\s*\S+\s+\2\b/.test(data)) {
    return [element('rect', { class: 'figure-shape', x, y, width, height, rx: '3' })];
  }
  const closed = /[zZ]\s*$/.test(data) ? data : `${data}Z`;
  return [element('path', { class: 'figure-shape', d: movePath(closed, here) })];
}

function nodeLabel(node: GraphNode, one: XmlElement, at: Point, aside: number): XmlElement[] {
  const text = [...walk(one, at)].find(({ element: child }) => child.name === 'text');
  if (!text || node.label === '') return [];
  const inner = elementsOf(one).find((child) => hasClass(child, 'label'));
  const moved = translationOf(inner?.attributes['transform']);
  // Labels of states begin at their left edge, those of flowcharts in the middle; all are centred.
  const sideways = node.shape === 'box' && Math.abs(moved.x) < 20 ? moved.x : 0;
  const drawn = label(
    'figure-label',
    { x: at.x + sideways + aside, y: text.at.y },
    labelRows(text.element),
  );
  return drawn ? [drawn] : [];
}

/** Name, members and methods of a class, with the lines between them. */
function classRows(one: XmlElement, at: Point, box: Box): XmlElement[] {
  const drawn: XmlElement[] = [];
  const empty = new Set<string>();
  for (const group of elementsOf(one)) {
    const kind = /(annotation|label|members|methods)-group/.exec(
      group.attributes['class'] ?? '',
    )?.[1];
    if (!kind) continue;
    const here = plus(at, translationOf(group.attributes['transform']));
    const texts = [...walk(group, here)].filter(({ element: child }) => child.name === 'text');
    if (texts.length === 0) empty.add(kind);
    const centred = kind === 'label' || kind === 'annotation';
    for (const text of texts) {
      const x = centred ? box.x + box.width / 2 : text.at.x;
      const name = {
        annotation: 'figure-note-label',
        label: 'figure-title',
        members: 'figure-row',
        methods: 'figure-row',
      }[kind];
      const row = label(
        `${name}${centred ? ' figure-centred' : ''}`,
        { x, y: text.at.y },
        labelRows(text.element),
      );
      if (row) drawn.push(row);
    }
  }
  const dividers = elementsOf(one).filter((child) => hasClass(child, 'divider'));
  const rows = dividers.flatMap((divider) =>
    [...walk(divider, at)].filter(({ element: { name } }) => name === 'path'),
  );
  // An empty compartment keeps its room but not its line.
  const shown = rows.slice(0, empty.has('methods') ? (empty.has('members') ? 0 : 1) : rows.length);
  for (const { element: path, at: here } of shown) {
    const y = (pathPoints(path.attributes['d'] ?? '')[0]?.y ?? 0) + here.y;
    const d = `M${shortNumber(box.x)} ${shortNumber(y)}H${shortNumber(box.x + box.width)}`;
    drawn.push(element('path', { class: 'figure-divider', d }));
  }
  return drawn;
}

function drawEdge(figure: string, raw: RawDrawing, { element: path, at }: Placed): XmlElement {
  const id = raw.edgeNames[path.attributes['data-id'] ?? ''];
  const edge = raw.graph.edges.find((one) => one.id === id);
  if (!edge) throw new Error(`The line ${path.attributes['data-id']} belongs to no edge.`);
  const d = movePath(path.attributes['d'] ?? '', at);
  const points = pathPoints(d);
  const [first = origin, second = origin] = points;
  const last = points.at(-1) ?? origin;
  const before =
    points.findLast((point) => Math.hypot(point.x - last.x, point.y - last.y) > 0.5) ?? last;
  return element(
    'g',
    {
      class: `figure-edge figure-${edge.line}`,
      id: `${figure}-edge-${edge.id}`,
      'data-edge': edge.id,
      'data-from': edge.from,
      'data-to': edge.to,
    },
    element('path', { class: 'figure-line', d }),
    headOf(path.attributes['marker-start'], first, direction(second, first)),
    headOf(path.attributes['marker-end'], last, direction(before, last)),
  );
}

function drawEdgeLabel(raw: RawDrawing, { element: one, at }: Placed): XmlElement | null {
  const terminal = hasClass(one, 'edgeTerminals');
  if (!terminal && !hasClass(one, 'edgeLabel')) return null;
  const parts = [...walk(one, at)];
  const text = parts.find(({ element: child }) => child.name === 'text');
  const rows = text ? labelRows(text.element) : [];
  if (!text || rows.every((row) => row === '')) return null;
  const key = parts.map((part) => part.element.attributes['data-id']).find(Boolean);
  const background = parts.find(
    ({ element: child }) => child.name === 'rect' && child.attributes['width'],
  );
  return element(
    'g',
    {
      class: terminal ? 'figure-edge-end' : 'figure-edge-label',
      'data-edge-label': key ? raw.edgeNames[key] : null,
    },
    background
      ? movedRect(background.element, { x: at.x, y: background.at.y }, 'figure-label-ground')
      : null,
    label('figure-small-label', { x: at.x, y: text.at.y }, rows),
  );
}
