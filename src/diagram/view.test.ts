import { describe, expect, it } from 'vitest';
import { clampView, closest, panned, zoomed } from './view.ts';

const whole = { x: -10, y: 0, width: 400, height: 200 };

describe('the view of a drawing', () => {
  it('keeps the point under the pointer while it zooms', () => {
    const at = { x: 90, y: 50 };
    const view = zoomed(whole, at, 2);
    expect(view.width).toBe(200);
    expect((at.x - view.x) / view.width).toBeCloseTo((at.x - whole.x) / whole.width);
    expect((at.y - view.y) / view.height).toBeCloseTo((at.y - whole.y) / whole.height);
  });

  it('never shows what lies beyond the drawing', () => {
    const near = zoomed(whole, { x: 0, y: 0 }, 4);
    expect(clampView(panned(near, -5000, -5000), whole)).toMatchObject({ x: -10, y: 0 });
    expect(clampView(panned(near, 5000, 5000), whole)).toMatchObject({ x: 290, y: 150 });
    expect(clampView(zoomed(whole, { x: 0, y: 0 }, 0.2), whole)).toEqual(whole);
  });

  it('stops at its closest and stays centred there', () => {
    const view = clampView(zoomed(whole, { x: 190, y: 100 }, 1000), whole);
    expect(view.width).toBe(400 / closest);
    expect(view.x + view.width / 2).toBeCloseTo(190);
    expect(view.y + view.height / 2).toBeCloseTo(100);
  });
});
