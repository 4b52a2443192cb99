import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { along } from './path-geometry.ts';

describe('a place along a line', () => {
  test('is in proportion on straight pieces', () => {
    const line = along('M0 0L30 0L30 10');
    expect(line.length).toBe(40);
    expect(line.at(0)).toEqual({ x: 0, y: 0, angle: 0 });
    expect(line.at(0.5)).toEqual({ x: 20, y: 0, angle: 0 });
    expect(line.at(1)).toEqual({ x: 30, y: 10, angle: 90 });
  });

  test('follows curves: a quarter of a circle', () => {
    const k = 55.228;
    const line = along(`M100 0C100 ${k} ${k} 100 0 100`);
    expect(line.length).toBeCloseTo((Math.PI * 100) / 2, 0);
    const { x, y, angle } = line.at(0.5);
    expect(Math.hypot(x, y)).toBeCloseTo(100, 0);
    expect(x).toBeCloseTo(y, 0);
    expect(Math.abs(angle - 135)).toBeLessThan(3);
  });

  test('stays at the ends of a share beyond them', () => {
    const line = along('M5 5L10 5');
    expect(line.at(-1).x).toBe(5);
    expect(line.at(2).x).toBe(10);
  });

  test('reads every line of every drawing', () => {
    const folder = 'content/diagrams';
    let lines = 0;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.svg'))) {
      const svg = readFileSync(`${folder}/${file}`, 'utf8');
      for (const [, path = ''] of svg.matchAll(/class="figure-line" d="([^"]+)"/g)) {
        expect(path, file).toMatch(/^[MLC\d\s.,-]+$/);
        expect(along(path).length, file).toBeGreaterThan(0);
        lines += 1;
      }
    }
    expect(lines).toBeGreaterThan(50);
  });
});
