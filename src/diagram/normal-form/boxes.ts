/** Boxes and lines of flowcharts, state and class diagrams, in one set of coordinates. */
import type { GraphNode } from '../graph.ts';
import type { RawDrawing } from '../mermaid-page.ts';
import { element, hasClass, type XmlElement } from '../xml.ts';
import { drawEdge, drawEdgeLabel, endsOf } from './edges.ts';
import { drawGroup, drawTitle, groupOf, isInTheWay, type Group } from './groups.ts';
import { drawNode } from './nodes.ts';
import { walk } from './placed.ts';
import { origin, type Point } from './point.ts';

/** The layers of the drawing, from back to front. */
export function boxLayers(figure: string, svg: XmlElement, raw: RawDrawing): XmlElement[] {
  const prefix = `${svg.attributes.id ?? ''}-`;
  const nodes = new Map(raw.graph.nodes.map((node) => [node.id, node]));
  const nodeOf = (one: XmlElement): GraphNode | undefined => {
    const name = (one.attributes.id ?? '').slice(prefix.length);
    const id = raw.nodeNames[name] ?? raw.nodeNames[name.replace(/-\d+$/, '')];
    return id === undefined ? undefined : nodes.get(id);
  };
  const groups: Group[] = [];
  const boxes: XmlElement[] = [];
  const lines: XmlElement[] = [];
  const ends: Point[] = [];
  const labels: XmlElement[] = [];
  for (const placed of walk(svg, origin)) {
    const one = placed.element;
    const cluster = hasClass(one, 'cluster') || hasClass(one, 'statediagram-cluster');
    const node = cluster || hasClass(one, 'node') ? nodeOf(one) : undefined;
    if (node && cluster) groups.push(groupOf(node, placed));
    else if (node) boxes.push(drawNode(figure, node, placed));
    if (one.attributes['data-et'] === 'edge') {
      lines.push(drawEdge(figure, raw, placed));
      ends.push(...endsOf(placed));
    }
    const label = drawEdgeLabel(raw, placed);
    if (label) labels.push(label);
  }
  const isBelow = groups.some((group) => isInTheWay(group, ends));
  const titles = groups.map((group) => drawTitle(group, isBelow)).filter((title) => title !== null);
  return [
    element('g', { class: 'figure-groups' }, ...groups.map((group) => drawGroup(figure, group))),
    element('g', { class: 'figure-edges' }, ...lines),
    element('g', { class: 'figure-titles' }, ...titles),
    element('g', { class: 'figure-edge-labels' }, ...labels),
    element('g', { class: 'figure-nodes' }, ...boxes),
  ].filter((layer) => layer.children.length > 0);
}
