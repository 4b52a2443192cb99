/** What pages say was typed and printed is what the engine prints, in both languages alike. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeFault } from '../../src/build/authoring-error.ts';
import { fencesOfPage, linesOf } from '../../src/build/transcripts/fences.ts';
import { findTranscriptFaults } from '../../src/build/transcripts/pages.ts';

const pages = globSync('content/docs/ko/**/*.mdx')
  .sort()
  .flatMap((file) => {
    const fences = fencesOfPage(readFileSync(file, 'utf8'));
    return fences.length === 0 ? [] : [{ file, fences }];
  });

test('there are pages with transcripts', () => {
  expect(pages.length).toBeGreaterThan(10);
});

describe.each(pages)('$file', ({ file, fences }) => {
  test('prints what the engine prints', () => {
    const { faults } = findTranscriptFaults('.', file);
    expect(faults.map((fault) => describeFault(fault))).toEqual([]);
  }, 120_000);

  test('has the same transcripts and files in English', () => {
    const english = fencesOfPage(readFileSync(file.replace('/ko/', '/en/'), 'utf8'));
    const shown = (list: typeof fences) =>
      list.map((fence) =>
        fence.kind === 'file'
          ? [fence.world, fence.path, fence.text]
          : [fence.world, fence.preset, ...linesOf(fence.commands)],
      );
    expect(shown(english)).toEqual(shown(fences));
  });
});
