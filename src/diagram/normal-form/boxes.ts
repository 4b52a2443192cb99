/** Boxes and lines of flowcharts, state and class diagrams, in one set of coordinates. */
import type { GraphNode } from '../graph.ts';
import type { RawDrawing } from '../mermaid-page.ts';
import { element, hasClass, type XmlElement } from '../xml.ts';
import { drawEdge, drawEdgeLabel } from './edges.ts';
import { drawGroup } from './groups.ts';
import { drawNode } from './nodes.ts';
import { walk } from './placed.ts';
import { origin } from './point.ts';

/** The layers of the drawing, from back to front. */
export function boxLayers(figure: string, svg: XmlElement, raw: RawDrawing): XmlElement[] {
  const prefix = `${svg.attributes.id ?? ''}-`;
  const nodes = new Map(raw.graph.nodes.map((node) => [node.id, node]));
  const nodeOf = (one: XmlElement): GraphNode | undefined => {
    const name = (one.attributes.id ?? '').slice(prefix.length);
    const id = raw.nodeNames[name] ?? raw.nodeNames[name.replace(/-\d+$/, '')];
    return id === undefined ? undefined : nodes.get(id);
  };
  const groups: XmlElement[] = [];
  const titles: XmlElement[] = [];
  const boxes: XmlElement[] = [];
  const lines: XmlElement[] = [];
  const labels: XmlElement[] = [];
  for (const placed of walk(svg, origin)) {
    const one = placed.element;
    const cluster = hasClass(one, 'cluster') || hasClass(one, 'statediagram-cluster');
    const node = cluster || hasClass(one, 'node') ? nodeOf(one) : undefined;
    if (node && cluster) {
      const { area, title } = drawGroup(figure, node, placed);
      groups.push(area);
      if (title) titles.push(title);
    } else if (node) {
      boxes.push(drawNode(figure, node, placed));
    }
    if (one.attributes['data-et'] === 'edge') lines.push(drawEdge(figure, raw, placed));
    const label = drawEdgeLabel(raw, placed);
    if (label) labels.push(label);
  }
  return [
    element('g', { class: 'figure-groups' }, ...groups),
    element('g', { class: 'figure-edges' }, ...lines),
    element('g', { class: 'figure-titles' }, ...titles),
    element('g', { class: 'figure-edge-labels' }, ...labels),
    element('g', { class: 'figure-nodes' }, ...boxes),
  ].filter((layer) => layer.children.length > 0);
}
