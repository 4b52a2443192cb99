import { describe, expect, it } from 'vitest';
import { headOf } from './heads.ts';
import { movePath, movePoints, pathPoints } from './path-data.ts';

const by = { x: 10, y: -5 };

describe('paths', () => {
  it('moves absolute commands and leaves relative ones', () => {
    expect(movePath('M0,0L4,4C1,1 2,2 3.14,3Z', by)).toBe('M10 -5L14 -1C11 -4 12 -3 13.1 -2Z');
    expect(movePath('M0,8 a67.5,12 0,0,0 135,0 l0,-46 H5 V6', by)).toBe(
      'M10 3a67.5 12 0 0 0 135 0l0 -46H15V1',
    );
    expect(movePath('M0 0A5 6 0 0 1 7 8', by)).toBe('M10 -5A5 6 0 0 1 17 3');
    expect(movePath('m1 1 2 2', by)).toBe('m11 -4l2 2');
  });

  it('refuses a command it does not know', () => {
    expect(() => movePath('M0 0S1 1 2 2', by)).toThrow('S');
  });

  it('finds corners and moves polygons', () => {
    expect(pathPoints('M0,0C1,1 2,2 3,3')).toHaveLength(4);
    expect(movePoints('0,0 8.5,-17', by)).toBe('10,-5 18.5,-22');
  });
});

describe('heads of lines', () => {
  const right = { x: 1, y: 0 };

  it('point away from their line, the tip as far beyond it as Mermaid put it', () => {
    const head = headOf('url(#x_flowchart-v2-pointEnd)', { x: 100, y: 20 }, right);
    expect(head?.attributes).toEqual({
      class: 'figure-head figure-head-filled',
      d: 'M104 20L95 24L96.6 20L95 16Z',
    });
  });

  it('tell relations apart', () => {
    const styles = ['aggregationStart', 'compositionStart', 'extensionEnd', 'dependencyEnd'].map(
      (name) => headOf(`url(#x_classDiagram-${name})`, { x: 0, y: 0 }, right)?.attributes.class,
    );
    expect(styles).toEqual([
      'figure-head figure-head-hollow',
      'figure-head figure-head-filled',
      'figure-head figure-head-hollow',
      'figure-head figure-head-stroke',
    ]);
  });

  it('are none without a marker, and never silently none with an unknown one', () => {
    expect(headOf(undefined, { x: 0, y: 0 }, right)).toBeNull();
    expect(() => headOf('url(#x-novel)', { x: 0, y: 0 }, right)).toThrow('not known');
  });
});
