import { assert } from '../../engine/sim/assert.ts';
import { SECOND } from '../../engine/sim/clock.ts';
import type { Assertion, ClaimCell, Matcher, Measure } from './claim-table.ts';
import type { LivedStep } from './live-check.ts';
import { faultsOfWording } from './wording.ts';

/** Why a cell is not proved, and at which line of its file. */
export interface ClaimFault {
  readonly line: number;
  readonly what: string;
  readonly remedy: string;
}

type Lived = readonly LivedStep[];

const REMEDY = 'Correct what the cell says, or the commands that prove it.';

/** Holds a cell's sentences and their proofs to what its commands came to; none when it is true. */
export function faultsOfCell({ id, says }: ClaimCell, lived: Lived): readonly ClaimFault[] {
  return says
    .flatMap((sentence) => [
      ...sentence.proof.flatMap((assertion) => {
        const what = faultOf(assertion, lived);
        return what === undefined ? [] : [{ line: assertion.line, what: `${id}: ${what}` }];
      }),
      ...faultsOfWording(sentence, lived).map((what) => ({
        line: sentence.line,
        what: `${id}: ${what}`,
      })),
    ])
    .map((fault) => ({ ...fault, remedy: REMEDY }));
}

/** Why an assertion does not hold, or undefined. */
export function faultOf(assertion: Assertion, lived: Lived): string | undefined {
  const { matcher, not } = assertion;
  const step = stepAt(lived, assertion.step);
  const told = describe(matcher);
  if (not && isIdle(matcher, assertion.step, lived)) {
    return `that it does not ${told} says nothing: nothing else of the check does either`;
  }
  if (isNumberless(matcher, assertion.step, lived)) {
    return `"${step.command}" has nothing to ${told}. It prints:\n${step.printed}`;
  }
  if (holds(matcher, assertion.step, lived) !== not) return undefined;
  return `"${step.command}" does ${not ? '' : 'not '}${told}. It prints:\n${step.printed}`;
}

/** Without a number there is nothing to hold to one, not even that it is another. */
function isNumberless(matcher: Matcher, at: number, lived: Lived): boolean {
  if (matcher.kind !== 'number' && matcher.kind !== 'compare') return false;
  return Number.isNaN(measure(matcher.number, at, lived));
}

/** A text that is absent proves something only when it could have been there. */
function isIdle(matcher: Matcher, at: number, lived: Lived): boolean {
  if (matcher.kind !== 'contains' && matcher.kind !== 'matches') return false;
  const { kind, text } = matcher;
  const isIn = (where: string) => has(kind, text, where);
  return !lived.some(({ command, printed }, i) => isIn(command) || (i !== at && isIn(printed)));
}

function has(kind: 'contains' | 'prints' | 'matches', text: string, where: string): boolean {
  if (kind === 'contains') return where.includes(text);
  return kind === 'prints' ? where.trim() === text.trim() : new RegExp(text, 'm').test(where);
}

function holds(matcher: Matcher, at: number, lived: Lived): boolean {
  const { printed, exitCode } = stepAt(lived, at);
  switch (matcher.kind) {
    case 'contains':
    case 'prints':
    case 'matches':
      return has(matcher.kind, matcher.text, printed);
    case 'order':
      return follow(matcher.texts, printed);
    case 'exit':
      return (exitCode === 0) === matcher.succeeds;
    case 'number': {
      const value = measure(matcher.number, at, lived);
      if (matcher.relation === 'is') return value === matcher.value;
      return matcher.relation === 'atLeast' ? value >= matcher.value : value <= matcher.value;
    }
    case 'compare': {
      const value = measure(matcher.number, at, lived);
      const other = measure(matcher.number, matcher.other, lived);
      return matcher.relation === 'moreThan' ? value > other : value < other;
    }
  }
}

function follow(texts: readonly string[], printed: string): boolean {
  let from = 0;
  for (const text of texts) {
    const found = printed.indexOf(text, from);
    if (found < 0) return false;
    from = found + text.length;
  }
  return true;
}

/** What is measured at a step. NaN, to which nothing compares, when there is no such number. */
export function measure(number: Measure, at: number, lived: Lived): number {
  const { printed, startMs, endMs } = stepAt(lived, at);
  switch (number.kind) {
    case 'lines':
      return printed === '' ? 0 : printed.split('\n').length;
    case 'commands':
      return at + 1;
    case 'seconds': {
      const fromMs = number.since === undefined ? startMs : stepAt(lived, number.since).endMs;
      return Math.round((endMs - fromMs) / SECOND);
    }
    case 'found':
      return Number(new RegExp(number.pattern, 'm').exec(printed)?.[1] ?? NaN);
  }
}

function stepAt(lived: Lived, index: number): LivedStep {
  const step = lived[index];
  assert(step !== undefined, `the check has no step ${index}`);
  return step;
}

function describe(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'contains':
    case 'prints':
      return `print "${matcher.text}"`;
    case 'matches':
      return `print what matches /${matcher.text}/`;
    case 'order':
      return `print ${matcher.texts.map((text) => `"${text}"`).join(', then ')}`;
    case 'exit':
      return matcher.succeeds ? 'succeed' : 'fail';
    case 'number':
      return `come to ${matcher.number.kind} ${matcher.relation} ${matcher.value}`;
    case 'compare':
      return `come to ${matcher.number.kind} ${matcher.relation} those of the other step`;
  }
}
