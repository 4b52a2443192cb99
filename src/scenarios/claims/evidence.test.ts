import { describe, expect, it } from 'vitest';
import type { Assertion, ClaimCell, Matcher } from './claim-table.ts';
import { evidenceOf } from './evidence.ts';
import type { LivedStep } from './live-check.ts';

const step = (command: string, printed: string, exitCode = 0, endMs = 0): LivedStep => ({
  command,
  printed,
  exitCode,
  startMs: 0,
  endMs,
});

const proof = (matcher: Matcher, more: Partial<Assertion> = {}): Assertion => ({
  step: 0,
  not: false,
  line: 1,
  ...more,
  matcher,
});

function cell(...proofs: Assertion[][]): ClaimCell {
  const says = proofs.map((one) => ({ text: { ko: '', en: '' }, proof: one, line: 1 }));
  return { id: 'a.b', column: 'b', check: { preset: 'host', files: {}, steps: [] }, says, line: 1 };
}

const listed = step('docker ps', 'NAMES\nweb\ndb\nweb-2');
const marks = (one: ClaimCell, ...lived: LivedStep[]) =>
  evidenceOf(one, lived).map(({ lines }) => lines.map(({ proves }) => proves.join()).join('|'));
const facts = (one: ClaimCell, ...lived: LivedStep[]) =>
  evidenceOf(one, lived).flatMap(({ notes }) => notes.map(({ fact }) => fact));

describe('evidence', () => {
  it('marks each line that holds a text, and the line a pattern meets', () => {
    const contains = proof({ kind: 'contains', text: 'web' });
    const matches = proof({ kind: 'matches', text: '^d' });
    expect(marks(cell([contains], [matches]), listed)).toEqual(['|1|2|1']);
  });

  it('marks all lines of a text over several, and of all that is printed', () => {
    expect(marks(cell([proof({ kind: 'contains', text: 'web\ndb' })]), listed)).toEqual(['|1|1|']);
    expect(marks(cell([proof({ kind: 'prints', text: '' })]), listed)).toEqual(['1|1|1|1']);
  });

  it('marks texts in order, each after the one before', () => {
    const order = proof({ kind: 'order', texts: ['db', 'web'] });
    expect(marks(cell([order]), listed)).toEqual(['||1|1']);
  });

  it('says two sentences at one line, and none twice', () => {
    const twice = proof({ kind: 'contains', text: 'd' });
    expect(marks(cell([twice, twice], [twice]), listed)).toEqual(['||1,2|']);
  });

  it('notes what is absent, the exit code and what is counted', () => {
    const absent = proof({ kind: 'contains', text: 'redis' }, { not: true });
    const exit = proof({ kind: 'exit', succeeds: false });
    const lines = proof({ kind: 'number', number: { kind: 'lines' }, relation: 'is', value: 4 });
    expect(facts(cell([absent, exit, lines, lines]), { ...listed, exitCode: 2 })).toEqual([
      { kind: 'absent', text: 'redis' },
      { kind: 'exit', code: 2 },
      { kind: 'lines', count: 4 },
    ]);
  });

  it('looks at both steps of a comparison', () => {
    const number = { kind: 'found', pattern: '(\\d+) s' } as const;
    const longer = proof({ kind: 'compare', number, relation: 'moreThan', other: 1 });
    expect(marks(cell([longer]), step('a', '\n9 s'), step('b', '3 s'))).toEqual(['|1', '1']);
    const seconds = proof({
      kind: 'compare',
      number: { kind: 'seconds' },
      relation: 'lessThan',
      other: 1,
    });
    const lived = [step('a', '', 0, 2000), step('b', '', 0, 5000)] as const;
    expect(facts(cell([seconds]), ...lived)).toEqual([
      { kind: 'took', count: 2 },
      { kind: 'took', count: 5 },
    ]);
  });

  it('has nothing to mark where nothing was printed', () => {
    const silent = proof({ kind: 'matches', text: 'web' }, { not: true });
    expect(evidenceOf(cell([silent]), [step('true', '')])).toEqual([
      { lines: [], notes: [{ sentence: 1, fact: { kind: 'absent' } }] },
    ]);
  });
});
