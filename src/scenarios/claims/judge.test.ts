import { describe, expect, it } from 'vitest';
import type { Assertion, Matcher } from './claim-table.ts';
import { faultOf } from './judge.ts';
import type { LivedStep } from './live-check.ts';
import { faultsOfWording } from './wording.ts';

const LIVED: readonly LivedStep[] = [
  { command: 'ls', printed: 'a.txt\nb.txt', exitCode: 0, startMs: 0, endMs: 1_000 },
  { command: 'rm b.txt', printed: '', exitCode: 0, startMs: 1_000, endMs: 1_000 },
  { command: 'cat b.txt', printed: 'cat: 1 error', exitCode: 1, startMs: 4_000, endMs: 9_000 },
];

const about = (step: number, matcher: Matcher, not = false): Assertion => ({
  step,
  not,
  matcher,
  line: 1,
});

const seconds = (since?: number): Matcher => ({
  kind: 'number',
  number: { kind: 'seconds', since },
  relation: 'is',
  value: since === undefined ? 5 : 8,
});

const lines = (relation: 'moreThan' | 'lessThan', other: number): Matcher => ({
  kind: 'compare',
  number: { kind: 'lines' },
  relation,
  other,
});

describe('judging a proof', () => {
  it.each<[Assertion, boolean]>([
    [about(0, { kind: 'contains', text: 'b.txt' }), true],
    [about(0, { kind: 'contains', text: 'c.txt' }), false],
    [about(0, { kind: 'matches', text: '^b' }), true],
    [about(0, { kind: 'prints', text: 'a.txt' }), false],
    [about(0, { kind: 'order', texts: ['a', 'b'] }), true],
    [about(0, { kind: 'order', texts: ['b', 'a'] }), false],
    [about(2, { kind: 'exit', succeeds: false }), true],
    [about(2, { kind: 'exit', succeeds: true }), false],
    [about(2, seconds()), true],
    [about(2, seconds(0)), true],
    [about(0, lines('moreThan', 2)), true],
    [about(0, lines('lessThan', 2)), false],
    [about(1, { kind: 'contains', text: 'b.txt' }, true), true],
    [about(0, { kind: 'contains', text: 'b.txt' }, true), false],
  ])('%j is %s', (assertion, holds) => {
    expect(faultOf(assertion, LIVED) === undefined).toBe(holds);
  });

  it('takes no comfort in the absence of what could not have been there', () => {
    const told = faultOf(about(1, { kind: 'contains', text: 'c.txt' }, true), LIVED);
    expect(told).toContain('says nothing');
  });

  it('holds no number to anything where there is none', () => {
    const found: Matcher = {
      kind: 'number',
      number: { kind: 'found', pattern: '(\\d+)' },
      relation: 'atMost',
      value: 9,
    };
    expect(faultOf(about(2, found), LIVED)).toBeUndefined();
    expect(faultOf(about(0, found), LIVED)).toContain('has nothing to come to');
    expect(faultOf(about(0, found, true), LIVED)).toContain('has nothing to come to');
  });
});

describe('the wording of a sentence', () => {
  const two: Matcher = { kind: 'number', number: { kind: 'lines' }, relation: 'is', value: 2 };
  const said = (ko: string, en: string, not = false): string[] =>
    faultsOfWording({ text: { ko, en }, proof: [about(0, two, not)], line: 1 }, LIVED);

  it('is borne by its proof', () => {
    expect(said('`ls`는 2줄입니다.', '`ls` has 2 lines.')).toEqual([]);
    expect(said('2줄이 아닙니다.', 'It is not 2 lines.', true)).toEqual([]);
  });

  it('names the same things in both languages', () => {
    expect(said('볼륨은 2줄입니다.', 'The volume has 2 lines.')).toEqual([]);
    expect(said('노드는 2줄입니다.', 'The machine has 2 lines.')).toEqual([
      '"노드" (ko) is not named in the other language',
      'nothing typed or printed shows a 노드 (ko)',
      '"machine" (en) is not named in the other language',
    ]);
  });

  it.each([
    ['2줄입니다.', 'It has 3 lines.', 'nothing proves the number 3 (en)'],
    ['줄입니다.', 'It has 2 lines.', 'the number 2 is proved, but not stated (ko)'],
    ['2줄입니다.', 'It has two lines.', 'write "two" (en) in digits, so that it is proved'],
    ['2줄이 아닙니다.', 'It has 2 lines.', 'it has 1 negations (ko), its proof has 0'],
    ['`ps`는 2줄입니다.', '`ls` has 2 lines.', '`ps` (ko) is neither typed nor printed'],
    [
      '줄입니다.',
      'It has lines.',
      'nothing ties it to its proof: state a number or name a command (en)',
    ],
    ['2줄입니다.', '`ls` has 2 lines.', 'the languages set different words in code'],
  ])('%s %s: %s', (ko, en, fault) => {
    expect(said(ko, en)).toContain(fault);
  });
});
