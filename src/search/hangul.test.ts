import { describe, expect, test } from 'vitest';
import { editDistance, fromLatinKeys, initialsOf, isInitials, lettersOf } from './hangul.ts';

test('initial consonants', () => {
  expect(initialsOf('컨테이너')).toBe('ㅋㅌㅇㄴ');
  expect(isInitials('ㅋㅌㅇㄴ')).toBe(true);
  expect(isInitials('컨ㅌ')).toBe(false);
});

describe('Korean typed on an English layout', () => {
  test.each([
    ['zjsxpdlsj', '컨테이너'],
    ['vkem', '파드'],
    ['elvmffhdlajsxm', '디플로이먼트'],
    ['dhzptmxmfpdltus', '오케스트레이션'],
    ['dlTdma', '있음'],
    ['rkqt', '값'],
  ])('%s is %s', (keys, word) => {
    expect(fromLatinKeys(keys)).toBe(word);
  });

  test.each(['docker', 'pod', 'kubectl', 'v1'])('%s spells no syllables', (word) => {
    expect(fromLatinKeys(word)).toBeUndefined();
  });
});

test('distance counts letters, and a swap as one', () => {
  expect(editDistance(lettersOf('큐버네티스'), lettersOf('쿠버네티스'), 2)).toBe(1);
  expect(editDistance('contianer', 'container', 2)).toBe(1);
  expect(editDistance('pod', 'registry', 2)).toBe(3);
});
