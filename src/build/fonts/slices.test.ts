import { describe, expect, test } from 'vitest';
import { cutSlices, unicodeRange } from './slices.ts';

const page = (text: string) => new Set(text);

describe('cutting slices', () => {
  const others = Array.from({ length: 13 }, () => '가');
  const texts = ['가나다', '가나라', '가마바', '가사', '가나아', '가', 'English', ...others];
  const pages = texts.map((text) => page(`${text} ab`));

  test('what most Korean pages share is the core', () => {
    const core = cutSlices(pages, ' ab').find((slice) => slice.name === 'core');
    expect(core?.characters).toEqual(['가', '나']);
  });

  test('every syllable is in one slice', () => {
    const held = cutSlices(pages, ' ab').flatMap((slice) => slice.characters);
    expect([...held].sort()).toEqual(Array.from(' ab가나다라마바사아').sort());
  });

  test('syllables that English pages print stay with Latin', () => {
    const slices = cutSlices(pages, ' ab가');
    expect(slices[0]?.characters).toContain('가');
    expect(slices.slice(1).flatMap((slice) => slice.characters)).not.toContain('가');
  });

  test('syllables of the same pages lie together', () => {
    const rare = Array.from({ length: 200 }, (_, step) => String.fromCharCode(0xb000 + step));
    const halves = [rare.slice(0, 100).join(''), rare.slice(100).join('')];
    const many = [...halves, ...Array.from({ length: 10 }, () => '')].map((text) =>
      page(`가${text}`),
    );
    const [, , first] = cutSlices(many, ' ');
    const owners = new Set(
      first!.characters.map((one) => halves.findIndex((h) => h.includes(one))),
    );
    expect(owners.size).toBe(1);
  });
});

test('a group is not filled up with syllables of other pages', () => {
  const pages = ['가나', '가다', '가', '가', '가', '가', '가', '가'].map(page);
  const groups = cutSlices(pages, ' ').slice(2);
  expect(groups.map((slice) => slice.characters)).toEqual([['나'], ['다']]);
});

test('unicode-range joins neighbours', () => {
  expect(unicodeRange([' ', '!', '"', '가', '각'])).toBe('U+20-22,U+AC00-AC01');
});
