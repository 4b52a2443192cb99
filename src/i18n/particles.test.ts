import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withParticle } from './particles.ts';
import { fill } from './strings.ts';

describe('Korean particles', () => {
  it.each([
    ['이미지', '을를', '이미지를'],
    ['레이어', '은는', '레이어는'],
    ['파드 집합', '이가', '파드 집합이'],
    ['node-1', '으로로', 'node-1로'],
    ['node-2', '을를', 'node-2를'],
    ['node-3', '을를', 'node-3을'],
    ['node-3', '으로로', 'node-3으로'],
    ['web-x2k4q', '이가', 'web-x2k4q가'],
    ['kubelet', '은는', 'kubelet은'],
    ['node-1의 kubelet', '이가', 'node-1의 kubelet이'],
    ['Service web', '으로로', 'Service web으로'],
    ['Docker', '을를', 'Docker를'],
    ['kubectl', '으로로', 'kubectl로'],
    ['nginx:1.29-alpine', '을를', 'nginx:1.29-alpine를'],
    ['registry.local:5000', '과와', 'registry.local:5000과'],
    ['교실', '으로로', '교실로'],
    ['웹(web)', '이가', '웹(web)가'],
  ])('%s with %s is %s', (word, pair, expected) => {
    expect(withParticle(word, pair)).toBe(expected);
  });

  it('fills sentences', () => {
    const values = { pod: 'x2k4q', node: 'node-3' };
    expect(fill('{pod|을를} {node|으로로} 보냅니다 {none}.', values)).toBe(
      'x2k4q를 node-3으로 보냅니다 {none}.',
    );
  });

  it('know every pair that a sentence of the catalogue names', () => {
    const named = readdirSync(import.meta.dirname)
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) => [
        ...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(
          /'[^']*\{\w+\|([가-힣]+)\}/g,
        ),
      ])
      .map(([, pair = '']) => pair);
    expect(named.length).toBeGreaterThan(9);
    expect(named.filter((pair) => withParticle('도커', pair) === `도커${pair}`)).toEqual([]);
  });
});
