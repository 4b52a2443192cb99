import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const source = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const pairs = new Map(
  [...source.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name, [light, dark]] as const,
  ),
);

/** Relative luminance as WCAG 2.2 defines it: weighted sum of the linear channels. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** (lighter + 0.05) / (darker + 0.05) */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function colour(name: string, light: number): string {
  const value = pairs.get(name)?.[light];
  if (value === undefined) throw new Error(`tokens.css has no colour --${name}`);
  return value;
}

const surfaces = ['surface', 'raised', 'sunken'];
const seen = ['line', 'accent'];
const onFill = [['on-accent', 'accent-fill']] as const;
const exempt = [...surfaces, 'hair', 'quay', 'quay-mark', 'accent-fill', 'on-accent'];
const readOnSurfaces = [...pairs.keys()].filter(
  (name) => name !== undefined && !exempt.includes(name) && !seen.includes(name),
) as string[];

describe.each([
  ['morning fog', 0],
  ['night port', 1],
] as const)('%s', (_, light) => {
  test('the file was read', () => {
    expect(readOnSurfaces).toContain('ink');
    expect(readOnSurfaces.length).toBeGreaterThan(20);
  });

  test.each(readOnSurfaces)('%s can be read on every surface', (name) => {
    for (const surface of surfaces) {
      const measured = contrast(colour(name, light), colour(surface, light));
      expect(measured, `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(seen)('%s can be seen on every surface', (name) => {
    for (const surface of surfaces) {
      const measured = contrast(colour(name, light), colour(surface, light));
      expect(measured, `${name} on ${surface}`).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(onFill)('%s can be read on %s', (name, fill) => {
    expect(contrast(colour(name, light), colour(fill, light))).toBeGreaterThanOrEqual(4.5);
  });
});

test('every colour of the root is given for both lights', () => {
  const root = /:root \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
  const single = [...root.matchAll(/--[a-z-]+: #[0-9a-f]+;/g)].map(([line]) => line);
  expect(single).toEqual([]);
});
