/** Elements of Mermaid's drawing with the sum of the translations around them. */
import type { GraphNode } from '../graph.ts';
import { elementsOf, shortNumber, type AttributeValue, type XmlElement } from '../xml.ts';
import { plus, translationOf, type Box, type Point } from './point.ts';

export interface Placed {
  readonly element: XmlElement;
  /** Where its coordinates begin. */
  readonly at: Point;
}

/** Every element below `parent` but markers; `at` is where the parent's coordinates begin. */
export function* walk(parent: XmlElement, at: Point): Generator<Placed> {
  for (const child of elementsOf(parent)) {
    if (child.name === 'marker' || child.name === 'defs') continue;
    const here = plus(at, translationOf(child.attributes.transform));
    yield { element: child, at: here };
    yield* walk(child, here);
  }
}

/** The box that was measured of a shape, text or outline. */
export function boxOf({ element: shape, at }: Placed): Box {
  const numbers = (shape.attributes['data-bbox'] ?? '').split(' ').map(Number);
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  return { x: x + at.x, y: y + at.y, width, height };
}

/** The attributes that every box and group has; what a player looks for. */
export function nodeAttributes(
  figure: string,
  node: GraphNode,
  kind: string,
  box: Box,
): Record<string, AttributeValue> {
  const classes = node.classes.map((name) => ` figure-class-${name}`).join('');
  return {
    class: `${kind}${classes}`,
    id: `${figure}-node-${node.id}`,
    'data-node': node.id,
    'data-box': [box.x, box.y, box.width, box.height].map(shortNumber).join(' '),
  };
}
