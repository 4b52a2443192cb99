import { parseBox } from './box.ts';
import { markPlacesOf, pointsOf } from './mark-places.ts';
import { nodeClasses, nodeMarks, tokenMark, tokenTransform, wakeMark } from './marks.ts';
import { along, type Along } from './path-geometry.ts';
import type { FigureView, Journey } from './projection/figure-view.ts';
import { whereabouts } from './travel.ts';
import { widthClass } from './width-class.ts';
import { descendants, element, hasClass, parseXml, writeXml } from './xml.ts';
import type { XmlElement, XmlNode } from './xml.ts';

export interface Still {
  readonly view: FigureView;
  /** What travels at this step. */
  readonly journey: Journey | undefined;
  /** What the still shows, in one sentence: its accessible name. */
  readonly title: string;
}

/**
 * A drawing in normal form with a view put into it. It has no ids, so several may stand in one page.
 * @param drawing the SVG of the figure
 * @throws when the drawing is not well formed
 */
export function drawStill(drawing: string, still: Still): string {
  const root = parseXml(drawing);
  const paths = linesOf(root);
  const lineOf = (edge: string): Along | undefined => {
    const path = paths.get(edge);
    return path === undefined ? undefined : along(path);
  };
  const { journey } = still;
  const travelling = journey && whereabouts({ id: 0, journey, progress: 'shown' }, lineOf);
  const travelled = new Set(travelling?.wakes.map(({ edge }) => edge));
  const points = pointsOf(paths.values());
  const body = root.children
    .filter((child) => typeof child === 'string' || !['title', 'desc'].includes(child.name))
    .map((child) => put(child, still.view, { travelled, points }));
  const run: XmlNode[] = [];
  if (journey && travelling) {
    const wakes = travelling.wakes.map((wake) => wakeMark(paths.get(wake.edge) ?? '', wake));
    const token = tokenMark(journey.channel);
    const transform = tokenTransform(travelling.place);
    run.push(
      element('g', { class: 'figure-run' }, ...wakes, {
        ...token,
        attributes: { ...token.attributes, transform },
      }),
    );
  }
  const kept = withRoom(without(root.attributes, ['id', 'aria-labelledby', 'aria-describedby']));
  const attributes = { ...kept, class: `${kept.class ?? ''} is-still`, role: 'img' };
  return writeXml(element('svg', attributes, element('title', {}, still.title), ...body, ...run));
}

/** Badges and lamps stand a little over the edges of a drawing. */
const ROOM = 10;
const ROOM_ABOVE = 6;

function withRoom(attributes: XmlElement['attributes']): Record<string, string> {
  const [x, y = 0, ...size] = (attributes.viewBox ?? '').split(' ').map(Number);
  const [width = 0, below = 0] = size.map((length) => length + ROOM);
  const height = below + ROOM_ABOVE;
  const viewBox = [x, y - ROOM_ABOVE, width, height].join(' ');
  const known = (attributes.class ?? '').replace(/\bfigure-width-\d+/, widthClass(width));
  return { ...attributes, class: known, viewBox, width: String(width), height: String(height) };
}

function without(
  attributes: XmlElement['attributes'],
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}

function linesOf(root: XmlElement): Map<string, string> {
  const lines = new Map<string, string>();
  for (const edge of descendants(root)) {
    const name = edge.attributes['data-edge'];
    if (name === undefined) continue;
    for (const part of descendants(edge)) {
      if (hasClass(part, 'figure-line')) lines.set(name, part.attributes.d ?? '');
    }
  }
  return lines;
}

interface Surroundings {
  readonly travelled: ReadonlySet<string>;
  /** Points of all lines. */
  readonly points: ReturnType<typeof pointsOf>;
}

function put(node: XmlNode, view: FigureView, around: Surroundings): XmlNode {
  if (typeof node === 'string') return node;
  const { id, ...attributes } = node.attributes;
  const name = attributes['data-node'];
  const inner = node.children.map((child) => put(child, view, around));
  const classes = (attributes.class ?? '').split(' ');
  if (around.travelled.has(attributes['data-edge'] ?? '')) classes.push('is-travelled');
  const withClasses = () => {
    const text = classes.filter(Boolean).join(' ');
    return text === '' ? attributes : { ...attributes, class: text };
  };
  if (name === undefined) return { ...node, attributes: withClasses(), children: inner };
  const nodeView = view.nodes[name];
  classes.push(...nodeClasses(nodeView, view.acting === name));
  const box = parseBox(attributes['data-box']);
  const marks = nodeView && box && nodeMarks(box, nodeView, markPlacesOf(box, around.points));
  const children = nodeView?.label === undefined ? inner : relabel(inner, nodeView.label);
  return {
    ...node,
    attributes: withClasses(),
    children: marks ? [...children, marks] : children,
  };
}

function relabel(children: readonly XmlNode[], label: string): XmlNode[] {
  return children.map((child) =>
    typeof child !== 'string' && hasClass(child, 'figure-label')
      ? { ...child, children: [label] }
      : child,
  );
}
