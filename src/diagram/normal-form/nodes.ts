/** Boxes, states and notes: shape, symbol and label. */
import { symbolRoomPx } from '../configuration.ts';
import { isSemanticClass, type GraphNode, type SemanticClass } from '../graph.ts';
import { symbolPaths, symbolSizePx } from '../symbols.ts';
import { descendants, element, elementsOf, hasClass, numberOf, type XmlElement } from '../xml.ts';
import { classRows } from './class-rows.ts';
import { label, labelRows, movedRect } from './labels.ts';
import { movePath, movePoints } from './path-data.ts';
import { boxOf, nodeAttributes, walk, type Placed } from './placed.ts';
import { plus, translationOf, type Box, type Point } from './point.ts';

/** Between the left edge of a box and its symbol. */
const symbolIndentPx = 10;

export function drawSymbol(name: SemanticClass, at: Point): XmlElement {
  return element('path', { class: 'figure-symbol', d: movePath(symbolPaths[name], at) });
}

export function drawNode(figure: string, node: GraphNode, placed: Placed): XmlElement {
  const parts = elementsOf(placed.element);
  const first = parts.find(({ name, attributes }) => name !== 'g' || attributes['data-bbox']);
  const shape = first ?? placed.element;
  const at = plus(placed.at, translationOf(shape.attributes.transform));
  const box = boxOf({ element: shape, at });
  const plain = shape.name === 'rect' && node.shape === 'box';
  const semantic = plain ? node.classes.find(isSemanticClass) : undefined;
  const top = box.y + (box.height - symbolSizePx) / 2;
  const isClass = [...descendants(placed.element)].some((one) => hasClass(one, 'label-group'));
  return element(
    'g',
    nodeAttributes(figure, node, `figure-node figure-${node.shape}`, box),
    ...drawShape(node, { element: shape, at }, box),
    semantic ? drawSymbol(semantic, { x: box.x + symbolIndentPx, y: top }) : null,
    ...(isClass
      ? classRows(placed, box)
      : nodeLabel(node, placed, semantic ? symbolRoomPx / 2 : 0)),
  );
}

function drawShape(node: GraphNode, { element: shape, at }: Placed, box: Box): XmlElement[] {
  const middle = { cx: box.x + box.width / 2, cy: box.y + box.height / 2 };
  const name = 'figure-shape';
  if (node.shape === 'start') return [element('circle', { class: name, ...middle, r: 7 })];
  if (node.shape === 'end') {
    const dot = element('circle', { class: 'figure-dot', ...middle, r: 3.5 });
    return [element('circle', { class: name, ...middle, r: 7 }), dot];
  }
  switch (shape.name) {
    case 'rect':
      return [movedRect({ ...shape, attributes: { rx: '3', ...shape.attributes } }, at, name)];
    case 'circle':
      return [element('circle', { class: name, ...middle, r: numberOf(shape, 'r') })];
    case 'polygon':
      return [
        element('polygon', {
          class: name,
          points: movePoints(shape.attributes.points ?? '', at),
        }),
      ];
    case 'path':
      return [element('path', { class: name, d: movePath(shape.attributes.d ?? '', at) })];
    default:
      return [drawOutline(node, shape, at, box)];
  }
}

/** A sketched outline: its first path is the area, the others retrace the border. */
function drawOutline(node: GraphNode, shape: XmlElement, at: Point, box: Box): XmlElement {
  const area = [...descendants(shape)].find((child) => child.name === 'path');
  const data = area?.attributes.d ?? '';
  // Four corners, the first two level with one another.
  const corners = /^M\s*\S+\s+(\S+)\s+L\s*\S+\s+(\S+)(\s+L[^a-zA-Z]*){2,3}Z?$/.exec(data);
  if (corners && corners[1] === corners[2] && node.shape !== 'choice') {
    return element('rect', { class: 'figure-shape', ...box, rx: 3 });
  }
  const closed = /z\s*$/i.test(data) ? data : `${data}Z`;
  return element('path', { class: 'figure-shape', d: movePath(closed, at) });
}

/** @param aside how far the label makes room for a symbol */
function nodeLabel(node: GraphNode, { element: one, at }: Placed, aside: number): XmlElement[] {
  const text = [...walk(one, at)].find(({ element: child }) => child.name === 'text');
  if (!text || node.label === '') return [];
  const inner = elementsOf(one).find((child) => hasClass(child, 'label'));
  const moved = translationOf(inner?.attributes.transform);
  // Labels of states begin at their left edge, those of flowcharts in the middle; all are centred.
  const sideways = node.shape === 'box' && Math.abs(moved.x) < 20 ? moved.x : 0;
  const top = { x: at.x + sideways + aside, y: text.at.y };
  const drawn = label('figure-label', top, labelRows(text.element));
  return drawn ? [drawn] : [];
}
