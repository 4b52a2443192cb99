/**
 * Boxes around boxes. Their titles stand on the upper border, at the left; below it where one of a
 * drawing's would hide the end of a line.
 */
import { smallLabelSizePx } from '../configuration.ts';
import { isSemanticClass, type GraphNode } from '../graph.ts';
import { symbolSizePx } from '../symbols.ts';
import { element, type XmlElement } from '../xml.ts';
import { label, labelRows, movedRect } from './labels.ts';
import { drawSymbol } from './nodes.ts';
import { boxOf, nodeAttributes, walk, type Placed } from './placed.ts';
import type { Box, Point } from './point.ts';

/** How far a title stands above the border. */
export const titleRisePx = 9;

/** How far below the border the middle of one stands that gives way. */
const titleDropPx = 12;
const titleIndentPx = 10;
const titlePaddingPx = 5;
const headLengthPx = 10;

/** A group as Mermaid has placed it. */
export interface Group {
  readonly node: GraphNode;
  readonly outline: Placed;
  /** As measured; none where it has no title. */
  readonly title: Placed | undefined;
}

export function groupOf(node: GraphNode, placed: Placed): Group {
  const parts = [...walk(placed.element, placed.at)];
  const measured = parts.filter(({ element: one }) => one.attributes['data-bbox'] !== undefined);
  const outline = measured.find(({ element: one }) => one.name === 'rect') ?? placed;
  const title = measured.find(({ element: one }) => one.name === 'text');
  return { node, outline, title: node.label === '' ? undefined : title };
}

const symbolOf = ({ node }: Group) => node.classes.find(isSemanticClass);

/** The box of a title on the border. */
function titleBox(group: Group, title: Placed): Box {
  const { x, y } = boxOf(group.outline);
  const symbolWidth = symbolOf(group) ? symbolSizePx + titlePaddingPx : 0;
  return {
    x: x + titleIndentPx,
    y: y - titleRisePx,
    width: boxOf(title).width + symbolWidth + titlePaddingPx * 2,
    height: titleRisePx * 2,
  };
}

/** Whether a group's title on the border would hide an end of a line. */
export function isInTheWay(group: Group, ends: readonly Point[]): boolean {
  if (!group.title) return false;
  const { x, y, width } = titleBox(group, group.title);
  const border = y + titleRisePx;
  return ends.some(
    (end) => end.x > x && end.x < x + width && Math.abs(end.y - border) < headLengthPx,
  );
}

/** The box of a group, which lies below every line. */
export function drawGroup(figure: string, { node, outline }: Group): XmlElement {
  const rounded = { ...outline.element, attributes: { ...outline.element.attributes, rx: '6' } };
  return element(
    'g',
    nodeAttributes(figure, node, 'figure-group', boxOf(outline)),
    movedRect(rounded, outline.at, 'figure-shape'),
  );
}

/** Its title, which lies above them; `null` where it has none. */
export function drawTitle(group: Group, isBelow: boolean): XmlElement | null {
  const { node, title } = group;
  if (!title) return null;
  const { x, y, width, height } = titleBox(group, title);
  const semantic = symbolOf(group);
  const left = x + titlePaddingPx;
  const middle = y + titleRisePx + (isBelow ? titleDropPx : 0);
  const textLeft = left + (semantic ? symbolSizePx + titlePaddingPx : 0);
  const classes = node.classes.map((name) => ` figure-class-${name}`).join('');
  return element(
    'g',
    { class: `figure-group-title${classes}`, 'data-title-of': node.id },
    isBelow ? null : element('rect', { class: 'figure-label-ground', x, y, width, height }),
    semantic ? drawSymbol(semantic, { x: left, y: middle - symbolSizePx / 2 }) : null,
    label('figure-title', { x: textLeft, y: middle - smallLabelSizePx / 2 - 1.5 }, [
      labelRows(title.element).join(' '),
    ]),
  );
}
