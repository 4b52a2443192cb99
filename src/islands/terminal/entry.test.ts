import { describe, expect, it } from 'vitest';
import { History } from './history.ts';
import { completed, withoutEnd, withoutStart, withoutWord } from './written-line.ts';

describe('history', () => {
  const typed = (...lines: readonly string[]): History => {
    const history = new History();
    for (const line of lines) history.add(line);
    return history;
  };

  it('goes up and down, and keeps what was being written', () => {
    const history = typed('a', 'b', 'b', ' ');
    expect(history.lines).toEqual(['a', 'b']);
    expect([history.older('draft'), history.older('b'), history.older('a')]).toEqual([
      ...['b', 'a', undefined],
    ]);
    expect([history.newer(), history.newer(), history.newer()]).toEqual(['b', 'draft', undefined]);
  });

  it('finds what holds a text, newest first, each line once', () => {
    const history = typed('docker ps', 'ls', 'docker run', 'docker ps');
    expect([0, 1, 2].map((skip) => history.find('docker', skip))).toEqual([
      ...['docker ps', 'docker run', undefined],
    ]);
  });
});

describe('the line that is written', () => {
  it('loses its start, its end or a word', () => {
    const line = { text: 'docker run  nginx', caret: 12 };
    expect(withoutStart(line)).toEqual({ text: 'nginx', caret: 0 });
    expect(withoutEnd(line)).toEqual({ text: 'docker run  ', caret: 12 });
    expect(withoutWord(line)).toEqual({ text: 'docker nginx', caret: 7 });
    expect(withoutWord({ text: 'a', caret: 0 })).toEqual({ text: 'a', caret: 0 });
  });

  const complete = (text: string, from: number, ...texts: readonly string[]) => {
    const candidates = texts.map((one) => ({ text: one }));
    return completed({ text, caret: text.length }, { from, to: text.length, candidates }).text;
  };

  it('is completed as far as all candidates agree', () => {
    expect(complete('dock', 0, 'docker')).toBe('docker ');
    expect(complete('cd sh', 3, 'shop/')).toBe('cd shop/');
    expect(complete('ls --co', 3, '--color', '--context')).toBe('ls --co');
    expect(complete('ls --', 3, '--color', '--context')).toBe('ls --co');
    expect(complete('cat ', 4)).toBe('cat ');
    expect(complete('cat ', 4, '\ud83d\ude00', '\ud83d\ude01')).toBe('cat ');
  });

  it('keeps what stands behind the caret', () => {
    const found = { from: 7, to: 10, candidates: [{ text: 'volume' }] };
    expect(completed({ text: 'docker vol ls', caret: 10 }, found)).toEqual({
      ...{ text: 'docker volume ls', caret: 13 },
    });
  });
});
