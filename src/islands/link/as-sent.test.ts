import { describe, expect, it } from 'vitest';
import { decodeLink, encodeLink } from './payload.ts';
import { asSent } from './as-sent.ts';

describe('a link that was sent', () => {
  it.each([
    ['#challenge=find-by-name', '#challenge=find-by-name'],
    ['#challenge=find-by-name%20', '#challenge=find-by-name'],
    ['#challenge=find-by-name).', '#challenge=find-by-name'],
    ['#challenge=find-by-name%EB%A5%BC', '#challenge=find-by-name'],
    ['#scenario%3Da%2Fb%26at%3D9000', '#scenario=a/b&at=9000'],
    ['#scenario=a/b&amp;at=9000', '#scenario=a/b&at=9000'],
    ['#v2.abc%0A  def_-', '#v2.abcdef_-'],
    ['#scenario=', '#scenario='],
    ['#%E0%A4', '#%E0%A4'],
    ['', ''],
  ])('%s is read as %s', (sent, read) => {
    expect(asSent(sent)).toBe(read);
  });

  it('is read as quickly where somebody sends what is none', () => {
    for (const one of [')', ' ', '\n']) {
      expect(asSent(`#v2.${one.repeat(1 << 20)}a`)).toMatch(/^#v2\..*a$/s);
    }
  });

  it('leads to its moment, with what a chat put around it', () => {
    const moment = { timeMs: 1000, sequence: 10 };
    const link = { engine: '1', scenario: 'a/b', figure: 'c', moment, record: 0, hash: 'x' };
    const hash = `#${encodeLink(link)}`;
    const broken = `${hash.slice(0, 20)}%0A${hash.slice(20)}`;
    for (const sent of [hash, `${hash})`, `${hash}%20`, `${hash}%EC%9D%84`, broken]) {
      expect(decodeLink(sent)).toEqual({ kind: 'moment', link });
    }
    expect(decodeLink(hash.slice(0, -9))).toEqual({ kind: 'broken' });
  });
});
