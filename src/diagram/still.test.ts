import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drawStill } from './still.ts';
import { parseXml, descendants, hasClass, textOf } from './xml.ts';

const folder = 'content/diagrams';
const file = readdirSync(folder).find(
  (name) =>
    name.endsWith('.svg') &&
    readFileSync(`${folder}/${name}`, 'utf8').includes('id="code-to-cluster-drawing"'),
);
const drawing = readFileSync(`${folder}/${file ?? ''}`, 'utf8');

const still = drawStill(drawing, {
  title: 'The image is <pushed>',
  view: {
    nodes: {
      n1a: { state: 'running', label: 'x2k4q', badge: '1.0', object: 'Pod default/web-x2k4q' },
      n1b: { state: 'empty' },
    },
    acting: 'registry',
  },
  journey: { channel: 'bytes', legs: [{ edge: 'push', reversed: false }] },
});

const root = parseXml(still);
const all = [...descendants(root)];
const node = (id: string) => all.find((one) => one.attributes['data-node'] === id);

describe('a still', () => {
  test('shows the state of what stands in a node', () => {
    const pod = node('n1a');
    expect(pod?.attributes.class).toContain('has-state is-running is-named');
    expect(textOf(pod ?? '')).toContain('x2k4q');
    expect([...descendants(pod!)].some((one) => hasClass(one, 'state-lamp'))).toBe(true);
    expect(textOf([...descendants(pod!)].find((one) => hasClass(one, 'badge-text'))!)).toBe('1.0');
    expect(node('n1b')?.attributes.class).toContain('is-empty');
    expect(node('registry')?.attributes.class).toContain('is-acting');
  });

  test('marks the way of what travels', () => {
    const edge = all.find((one) => one.attributes['data-edge'] === 'push');
    expect(edge?.attributes.class).toContain('is-travelled');
    expect(all.filter((one) => hasClass(one, 'token-bytes'))).toHaveLength(1);
  });

  test('has a name of its own and no ids, so that many may share a page', () => {
    expect(textOf(all.find((one) => one.name === 'title')!)).toBe('The image is <pushed>');
    expect([root, ...all].filter((one) => one.attributes.id !== undefined)).toEqual([]);
    expect(still).not.toMatch(/ style=|<style/);
  });

  test('leaves every other line of the drawing as it is', () => {
    const lines = (svg: string) => [...svg.matchAll(/class="figure-line" d="[^"]*"/g)].length;
    expect(lines(still)).toBe(lines(drawing));
  });
});
