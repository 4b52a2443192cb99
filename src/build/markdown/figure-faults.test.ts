import { describe, expect, it } from 'vitest';
import { faultsOfRun } from './figure-faults.ts';
import type { PageFigure } from './figures-of-page.ts';

const figure = { file: 'page.mdx', line: 12, id: 'flow', run: null, fence: '' } as PageFigure;

describe('the scenario of a figure', () => {
  it('may be none, or one that is there', () => {
    expect(faultsOfRun(figure, ['a/b'])).toEqual([]);
    expect(faultsOfRun({ ...figure, run: 'a/b' }, ['a/b'])).toEqual([]);
  });

  it('is told with page and line when it is not there', () => {
    expect(faultsOfRun({ ...figure, run: 'a/c' }, ['a/b', 'c/d'])).toEqual([
      {
        file: 'page.mdx',
        line: 12,
        what: 'The figure flow runs "a/c", which is no scenario.',
        remedy: 'The scenarios are a/b, c/d.',
      },
    ]);
  });
});
