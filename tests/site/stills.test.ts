/** Stills of runs: what a run puts into a drawing hides no arrowhead and stays within the frame. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  descendants,
  hasClass,
  numberOf,
  parseXml,
  type XmlElement,
} from '../../src/diagram/xml.ts';

const stills = globSync('dist/stills/**/*.svg').sort();

interface Point {
  readonly x: number;
  readonly y: number;
}

const numbersOf = (text: string): number[] => (text.match(/-?[\d.]+/g) ?? []).map(Number);

/** The corners of a path that is drawn by absolute pairs. */
function cornersOf(path: XmlElement): Point[] {
  const numbers = numbersOf(path.attributes.d ?? '');
  return numbers.flatMap((x, i) => (i % 2 === 0 ? [{ x, y: numbers[i + 1] ?? 0 }] : []));
}

interface Mark {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Boxes around lamps and badges. */
function marksOf(svg: XmlElement): Mark[] {
  const marks: Mark[] = [];
  for (const one of descendants(svg)) {
    if (hasClass(one, 'state-lamp')) {
      const [x = 0, y = 0] = numbersOf(one.attributes.transform ?? '');
      const ground = [...descendants(one)].find((part) => hasClass(part, 'lamp-ground'));
      const r = ground ? numberOf(ground, 'r') : 0;
      marks.push({ left: x - r, top: y - r, right: x + r, bottom: y + r });
    }
    if (hasClass(one, 'badge-ground')) {
      const [left, top] = [numberOf(one, 'x'), numberOf(one, 'y')];
      const [width, height] = [numberOf(one, 'width'), numberOf(one, 'height')];
      marks.push({ left, top, right: left + width, bottom: top + height });
    }
  }
  return marks;
}

const drawings = stills.map((file) => ({ file, svg: parseXml(readFileSync(file, 'utf8')) }));

test('there are stills with marks', () => {
  expect(drawings.length).toBeGreaterThan(100);
  expect(drawings.flatMap(({ svg }) => marksOf(svg)).length).toBeGreaterThan(1000);
});

test('no lamp and no badge stands on an arrowhead', () => {
  const faults = drawings.flatMap(({ file, svg }) => {
    const heads = [...descendants(svg)].filter((one) => hasClass(one, 'figure-head'));
    const corners = heads.flatMap(cornersOf);
    const covered = marksOf(svg).filter(({ left, top, right, bottom }) =>
      corners.some(({ x, y }) => x > left && x < right && y > top && y < bottom),
    );
    return covered.map(({ left, top }) => `${file}: the mark at ${left}, ${top}`);
  });
  expect(faults).toEqual([]);
});

test('every lamp and badge is within the frame', () => {
  const faults = drawings.flatMap(({ file, svg }) => {
    const [x = 0, y = 0, width = 0, height = 0] = numbersOf(svg.attributes.viewBox ?? '');
    const cut = marksOf(svg).filter(
      ({ left, top, right, bottom }) =>
        left < x - 1 || top < y - 1 || right > x + width + 1 || bottom > y + height + 1,
    );
    return cut.map(({ left, top }) => `${file}: the mark at ${left}, ${top}`);
  });
  expect(faults).toEqual([]);
});
