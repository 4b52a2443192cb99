/** Lines between boxes, their heads and what stands on them. */
import type { RawDrawing } from '../mermaid-page.ts';
import { element, hasClass, type XmlElement } from '../xml.ts';
import { headOf } from './heads.ts';
import { label, labelRows, movedRect } from './labels.ts';
import { movePath, pathPoints } from './path-data.ts';
import { walk, type Placed } from './placed.ts';
import { direction, origin, type Point } from './point.ts';

/** Where a line begins and where it ends. */
export function endsOf({ element: path, at }: Placed): Point[] {
  const points = pathPoints(movePath(path.attributes.d ?? '', at));
  return [points.at(0), points.at(-1)].filter((point) => point !== undefined);
}

/** @throws when the line belongs to no edge of the graph */
export function drawEdge(figure: string, raw: RawDrawing, placed: Placed): XmlElement {
  const { element: path, at } = placed;
  const id = raw.edgeNames[path.attributes['data-id'] ?? ''];
  const edge = raw.graph.edges.find((one) => one.id === id);
  if (!edge) throw new Error(`The line ${path.attributes['data-id'] ?? ''} belongs to no edge.`);
  const d = movePath(path.attributes.d ?? '', at);
  const points = pathPoints(d);
  const [first = origin, second = origin] = points;
  const last = points.at(-1) ?? origin;
  const before = points.findLast(({ x, y }) => Math.hypot(x - last.x, y - last.y) > 0.5) ?? last;
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

/** The label of an edge or of one of its ends; `null` for other elements and empty labels. */
export function drawEdgeLabel(raw: RawDrawing, placed: Placed): XmlElement | null {
  const { element: one, at } = placed;
  const terminal = hasClass(one, 'edgeTerminals');
  if (!terminal && !hasClass(one, 'edgeLabel')) return null;
  const parts = [...walk(one, at)];
  const text = parts.find(({ element: child }) => child.name === 'text');
  const rows = text ? labelRows(text.element) : [];
  if (!text || rows.every((row) => row === '')) return null;
  const key = parts.map((part) => part.element.attributes['data-id']).find(Boolean);
  const ground = parts.find(
    ({ element: { name, attributes } }) => name === 'rect' && attributes.width,
  );
  return element(
    'g',
    {
      class: terminal ? 'figure-edge-end' : 'figure-edge-label',
      'data-edge-label': key === undefined ? null : raw.edgeNames[key],
    },
    ground ? movedRect(ground.element, { x: at.x, y: ground.at.y }, 'figure-label-ground') : null,
    label('figure-small-label', { x: at.x, y: text.at.y }, rows),
  );
}
