import { element, elementsOf, hasClass, numberOf, textOf, type XmlElement } from '../xml.ts';
import type { Point } from './point.ts';

/** The lines of a label that Mermaid drew as nested spans. */
export function labelRows(text: XmlElement): string[] {
  const rows = elementsOf(text).filter((span) => span.name === 'tspan');
  const outer = rows.filter((row) => hasClass(row, 'text-outer-tspan'));
  const told = (outer.length > 0 ? outer : rows.length > 0 ? rows : [text]).map(textOf);
  return told.map((row) => row.replace(/\s+/g, ' ').trim());
}

/**
 * A label of one or more lines. Lines are 1.1 em apart, as Mermaid measured them.
 * @param top the upper edge of the first line's em box; the baseline is one em below
 */
export function label(className: string, top: Point, rows: readonly string[]): XmlElement | null {
  if (rows.every((row) => row === '')) return null;
  if (rows.length === 1) {
    return element('text', { class: className, x: top.x, y: top.y, dy: '1em' }, rows[0]!);
  }
  const lines = rows.map((row, index) =>
    element('tspan', { x: top.x, dy: index === 0 ? '1em' : '1.1em' }, row),
  );
  return element('text', { class: className, y: top.y }, ...lines);
}

/** A rectangle moved by `by`, from its attributes. */
export function movedRect(rect: XmlElement, by: Point, className: string): XmlElement {
  return element('rect', {
    class: className,
    x: numberOf(rect, 'x') + by.x,
    y: numberOf(rect, 'y') + by.y,
    width: numberOf(rect, 'width'),
    height: numberOf(rect, 'height'),
    rx: Math.min(numberOf(rect, 'rx'), numberOf(rect, 'height') / 2) || null,
  });
}
