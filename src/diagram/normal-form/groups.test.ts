import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../graph.ts';
import { element, writeXml } from '../xml.ts';
import { drawTitle, groupOf, isInTheWay } from './groups.ts';

const node: GraphNode = {
  id: 'node-1',
  label: 'node-1',
  shape: 'group',
  classes: [],
  parent: null,
};
/** A box of 160 by 80 at 100, 100, whose title is 50 wide. */
const group = groupOf(node, {
  at: { x: 100, y: 100 },
  element: element(
    'g',
    {},
    element('rect', { 'data-bbox': '0 0 160 80', x: 0, y: 0, width: 160, height: 80 }),
    element('text', { 'data-bbox': '0 0 50 13' }, element('tspan', {}, 'node-1')),
  ),
});

describe('the title of a group', () => {
  it('stands on the border where no line ends behind it', () => {
    expect(isInTheWay(group, [])).toBe(false);
    expect(isInTheWay(group, [{ x: 200, y: 100 }])).toBe(false);
    expect(isInTheWay(group, [{ x: 130, y: 180 }])).toBe(false);
    expect(writeXml(drawTitle(group, false)!)).toContain('figure-label-ground');
  });

  it('gives way to the end of a line, and hides nothing', () => {
    expect(isInTheWay(group, [{ x: 130, y: 98 }])).toBe(true);
    const title = drawTitle(group, true)!;
    expect(writeXml(title)).not.toContain('figure-label-ground');
    const above = (one: string) =>
      Number(/ y="([\d.]+)"/.exec(one.slice(one.indexOf('<text')))?.[1]);
    expect(above(writeXml(title))).toBeGreaterThan(above(writeXml(drawTitle(group, false)!)) + 9);
  });
});
