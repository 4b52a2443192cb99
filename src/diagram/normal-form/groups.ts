/** Boxes around boxes. Their titles stand on the upper border, at the left. */
import { smallLabelSizePx } from '../configuration.ts';
import { isSemanticClass, type GraphNode } from '../graph.ts';
import { symbolSizePx } from '../symbols.ts';
import { element, type XmlElement } from '../xml.ts';
import { label, labelRows, movedRect } from './labels.ts';
import { drawSymbol } from './nodes.ts';
import { boxOf, nodeAttributes, walk, type Placed } from './placed.ts';

/** How far a title stands above the border. */
export const titleRisePx = 9;

const titleIndentPx = 10;
const titlePaddingPx = 5;

/** The box of a group, which lies below every line, and its title, which lies above them. */
export function drawGroup(
  figure: string,
  node: GraphNode,
  placed: Placed,
): { readonly area: XmlElement; readonly title: XmlElement | null } {
  const parts = [...walk(placed.element, placed.at)];
  const measured = parts.filter(({ element: one }) => one.attributes['data-bbox'] !== undefined);
  const outer = measured.find(({ element: one }) => one.name === 'rect') ?? placed;
  const text = measured.find(({ element: one }) => one.name === 'text');
  const box = boxOf(outer);
  const rounded = { ...outer.element, attributes: { ...outer.element.attributes, rx: '6' } };
  const area = element(
    'g',
    nodeAttributes(figure, node, 'figure-group', box),
    movedRect(rounded, outer.at, 'figure-shape'),
  );
  if (!text || node.label === '') return { area, title: null };
  const classes = node.classes.map((name) => ` figure-class-${name}`).join('');
  const attributes = { class: `figure-group-title${classes}`, 'data-title-of': node.id };
  return { area, title: element('g', attributes, ...drawTitle(node, text, box)) };
}

function drawTitle(
  node: GraphNode,
  title: Placed,
  box: { readonly x: number; readonly y: number },
): (XmlElement | null)[] {
  const semantic = node.classes.find(isSemanticClass);
  const symbolWidth = semantic ? symbolSizePx + 5 : 0;
  const x = box.x + titleIndentPx;
  const text = { x: x + titlePaddingPx + symbolWidth, y: box.y - smallLabelSizePx / 2 - 1.5 };
  const ground = element('rect', {
    class: 'figure-label-ground',
    x,
    y: box.y - titleRisePx,
    width: boxOf(title).width + symbolWidth + titlePaddingPx * 2,
    height: titleRisePx * 2,
  });
  const rows = [labelRows(title.element).join(' ')];
  const symbol = { x: x + titlePaddingPx, y: box.y - symbolSizePx / 2 };
  return [
    ground,
    semantic ? drawSymbol(semantic, symbol) : null,
    label('figure-title', text, rows),
  ];
}
