import { describe, expect, it } from 'vitest';
import { toNormalForm } from '../../src/diagram/normal-form/normal-form.ts';
import { wordsOf, type WordItem } from '../../src/diagram/words.ts';
import { descendants, parseXml, type XmlElement } from '../../src/diagram/xml.ts';
import { fixtures, goldenOf, rawOf } from './diagram-fixtures.ts';

function all(svg: string): XmlElement[] {
  const root = parseXml(svg);
  return [root, ...descendants(root)];
}

describe.each(fixtures)('the normal form of %s', (name) => {
  const svg = toNormalForm(name, rawOf(name));
  const elements = all(svg);

  it('is as committed', () => {
    expect(svg).toBe(goldenOf(name));
  });

  it('holds no style, script, foreign object or reference by url', () => {
    for (const { name: tag, attributes } of elements) {
      expect(['style', 'script', 'foreignObject', 'marker', 'defs', 'filter']).not.toContain(tag);
      expect(Object.keys(attributes)).not.toContain('style');
      expect(Object.keys(attributes).filter((key) => key.startsWith('on'))).toEqual([]);
      expect(Object.values(attributes).join(' ')).not.toMatch(/url\(|undefined|NaN|\bfill:/);
    }
  });

  it('has ids of its own, each once', () => {
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids)
      expect(id).toMatch(new RegExp(`^${name}-(drawing|title|desc|node-|edge-)`));
    const classes = elements.flatMap(({ attributes }) => attributes.class?.split(' ') ?? []);
    expect(classes.filter((one) => !one.startsWith('figure-'))).toEqual([]);
  });

  it('shows every node and every edge of the graph', () => {
    const { graph } = rawOf(name);
    const shown = (key: string) =>
      elements.flatMap(({ attributes }) => attributes[key] ?? []).sort();
    expect(shown('data-node')).toEqual(graph.nodes.map(({ id }) => id).sort());
    expect(shown('data-edge')).toEqual(graph.edges.map(({ id }) => id).sort());
    for (const { attributes } of elements.filter((one) => one.attributes['data-node'])) {
      const [, , width, height] = (attributes['data-box'] ?? '').split(' ').map(Number);
      expect(width).toBeGreaterThan(5);
      expect(height).toBeGreaterThan(5);
    }
  });

  it('keeps title, description and size', () => {
    const { graph } = rawOf(name);
    expect(svg).toContain(`<title id="${name}-title">${graph.title}</title>`);
    expect(svg).toContain(`<desc id="${name}-desc">${graph.description}</desc>`);
    const { viewBox = '', width, height } = elements[0]?.attributes ?? {};
    expect(viewBox.split(' ').slice(2)).toEqual([width, height]);
  });
});

function outline(items: readonly WordItem[], indent = ''): string[] {
  return items.flatMap((item) => [`${indent}${item.text}`, ...outline(item.items, `${indent}  `)]);
}

describe('the figure in words', () => {
  it('tells a sequence in its order, frames with what they hold', () => {
    const [, steps] = wordsOf(rawOf('pull').graph, 'en');
    expect(steps?.ordered).toBe(true);
    expect(outline(steps?.items ?? [])).toEqual([
      '사용자 to Docker daemon: docker pull web:1',
      'Docker daemon to 레지스트리: GET manifest',
      '레지스트리 to Docker daemon: 200 OK',
      'Repeat: each layer',
      '  Docker daemon to 레지스트리: GET blob',
      '  레지스트리 to Docker daemon: bytes',
      'Note (Docker daemon, 레지스트리): layers are verified',
      'If: fine',
      '  Docker daemon to 사용자: done',
      'Else: broken',
      '  Docker daemon to Docker daemon: try again',
    ]);
  });

  it('tells parts with what they are and links with Korean particles', () => {
    const [parts, links] = wordsOf(rawOf('delivery').graph, 'ko');
    expect(outline(parts?.items ?? []).slice(0, 6)).toEqual([
      '워커 노드',
      '  node-1 (머신)',
      '  node-2 (머신)',
      '  MySQL',
      '개발자 (사람)',
      'Dockerfile (파일)',
    ]);
    expect(outline(links?.items ?? []).slice(0, 4)).toEqual([
      '개발자에서 Dockerfile로',
      'Dockerfile에서 이미지 web:1로: docker build',
      '이미지 web:1에서 Registry로: push',
      'Registry와 node-1 사이, 양방향',
    ]);
  });

  it('tells classes with their members and whose part is whose', () => {
    const [parts, links] = wordsOf(rawOf('owners').graph, 'en');
    expect(outline(parts?.items ?? [])).toContain(
      '  attributes: +int replicas, +PodTemplate template',
    );
    expect(outline(links?.items ?? [])).toEqual([
      'smallest unit, a note on Pod',
      'Deployment contains ReplicaSet (1 to *): owns',
      'ReplicaSet owns Pod (1 to *): 소유',
      'Deployment is a kind of Workload',
      'Pod uses Node',
    ]);
  });
});
