import type { Assertion, ClaimCell, Matcher } from './claim-table.ts';
import { measure } from './judge.ts';
import type { LivedStep } from './live-check.ts';

/**
 * Where in what was typed and printed the sentences of a cell are proved, so that a page can mark it.
 * What is there is marked line by line; what is absent or counted is noted below its step.
 */
export interface StepEvidence {
  /** What was printed; none when nothing was. */
  readonly lines: readonly EvidentLine[];
  readonly notes: readonly EvidenceNote[];
}

/** A line of what was printed. */
export interface EvidentLine {
  readonly text: string;
  /** The sentences it proves, counted from 1. */
  readonly proves: readonly number[];
}

/** What a step shows beside its lines. */
export interface EvidenceNote {
  readonly sentence: number;
  readonly fact: EvidenceFact;
}

/** What a proof rests on that no single line shows. */
export type EvidenceFact =
  /** Not printed: this text, or what the sentence's pattern looks for. */
  | { readonly kind: 'absent'; readonly text?: string }
  | { readonly kind: 'exit'; readonly code: number }
  /** Lines printed, commands typed so far, seconds it took, or that passed since another step. */
  | { readonly kind: 'lines' | 'commands' | 'took' | 'passed'; readonly count: number };

/** The evidence of each step of a cell's check, whose proofs hold. */
export function evidenceOf(cell: ClaimCell, lived: readonly LivedStep[]): StepEvidence[] {
  const steps = lived.map(({ printed }) => ({
    texts: printed === '' ? [] : printed.split('\n'),
    proves: new Map<number, Set<number>>(),
    notes: [] as EvidenceNote[],
  }));
  for (const [i, { proof }] of cell.says.entries()) {
    for (const { at, shown } of proof.flatMap((one) => shownBy(one, lived))) {
      const step = steps[at]!;
      if (Array.isArray(shown)) for (const line of shown) mark(step.proves, line, i + 1);
      else if (!step.notes.some(sameNote(i + 1, shown))) {
        step.notes.push({ sentence: i + 1, fact: shown });
      }
    }
  }
  return steps.map(({ texts, proves, notes }) => ({
    lines: texts.map((text, line) => ({
      text,
      proves: [...(proves.get(line) ?? [])].sort((a, b) => a - b),
    })),
    notes,
  }));
}

function mark(proves: Map<number, Set<number>>, line: number, sentence: number): void {
  const known = proves.get(line) ?? new Set();
  proves.set(line, known.add(sentence));
}

const sameNote = (sentence: number, fact: EvidenceFact) => (note: EvidenceNote) =>
  note.sentence === sentence && JSON.stringify(note.fact) === JSON.stringify(fact);

/** Lines of what a step printed, or a fact about it. */
interface Shown {
  readonly at: number;
  readonly shown: number[] | EvidenceFact;
}

function shownBy({ step, not, matcher }: Assertion, lived: readonly LivedStep[]): Shown[] {
  const ats = matcher.kind === 'compare' ? [step, matcher.other] : [step];
  return ats.map((at) => ({ at, shown: shownAt(at, matcher, not, lived) }));
}

function shownAt(
  at: number,
  matcher: Matcher,
  not: boolean,
  lived: readonly LivedStep[],
): Shown['shown'] {
  const { printed, exitCode } = lived[at]!;
  switch (matcher.kind) {
    case 'exit':
      return { kind: 'exit', code: exitCode };
    case 'contains':
    case 'prints': {
      const { text } = matcher;
      if (not) return { kind: 'absent', text };
      return matcher.kind === 'prints'
        ? linesBetween(printed, 0, printed.length)
        : withText(printed, text);
    }
    case 'matches':
      return linesOfPattern(printed, matcher.text) ?? { kind: 'absent' };
    case 'order':
      return not ? { kind: 'absent' } : inOrder(printed, matcher.texts);
    case 'number':
    case 'compare': {
      const { number } = matcher;
      if (number.kind === 'found') {
        return linesOfPattern(printed, number.pattern) ?? { kind: 'absent' };
      }
      const count = measure(number, at, lived);
      if (number.kind !== 'seconds') return { kind: number.kind, count };
      return { kind: number.since === undefined ? 'took' : 'passed', count };
    }
  }
}

/** The lines that the characters from `start` to before `end` stand in. */
function linesBetween(printed: string, start: number, end: number): number[] {
  const lineAt = (offset: number) => printed.slice(0, offset).split('\n').length - 1;
  const [first, last] = [lineAt(start), lineAt(Math.max(start, end - 1))];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function withText(printed: string, text: string): number[] {
  const lines: number[] = [];
  for (let at = printed.indexOf(text); at >= 0; at = printed.indexOf(text, at + 1)) {
    lines.push(...linesBetween(printed, at, at + text.length));
  }
  return lines;
}

function linesOfPattern(printed: string, pattern: string): number[] | undefined {
  const found = new RegExp(pattern, 'm').exec(printed);
  return found ? linesBetween(printed, found.index, found.index + found[0].length) : undefined;
}

function inOrder(printed: string, texts: readonly string[]): number[] {
  let from = 0;
  return texts.flatMap((text) => {
    const at = printed.indexOf(text, from);
    from = at + text.length;
    return linesBetween(printed, at, from);
  });
}
