import { labelKey, labelValue } from './names.ts';
import { integerOf, type LabelSelector, type Operator, type Requirement } from './requirement.ts';

/**
 * Label selectors as people write them: `app=web,tier in (a,b),!old,cores>4`
 * (staging/src/k8s.io/apimachinery/pkg/labels/selector.go, v1.36), with upstream's words for what
 * is wrong.
 */
export interface SelectorError {
  readonly error: string;
}

/** A selector of more characters is refused, far above what a URL can carry. */
const TEXT_LIMIT = 100_000;

interface Token {
  readonly text: string;
  /** A sign, `in`, `notin`, an identifier, or the end. */
  readonly type: string;
}

const IDENTIFIER = 'identifier';
const END = '';
const SIGNS: ReadonlySet<string> = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);

/** Blanks part words; signs stand for themselves, the longest first. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [, sign, word] of text.matchAll(/[ \t\r\n]*(?:([=!(),<>]+)|([^ \t\r\n=!(),<>]+))/g)) {
    if (word !== undefined) {
      const keyword = word === 'in' || word === 'notin';
      tokens.push({ text: word, type: keyword ? word : IDENTIFIER });
    } else tokens.push(...signTokens(sign ?? ''));
  }
  tokens.push({ text: '', type: END });
  return tokens;
}

function signTokens(run: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < run.length;) {
    const two = run.slice(at, at + 2);
    const text = two.length === 2 && SIGNS.has(two) ? two : run.charAt(at);
    tokens.push({ text, type: text });
    at += text.length;
  }
  return tokens;
}

/** Ends the reading of a selector; never leaves this file. */
class Refusal extends Error {}

const refuse = (why: string): never => {
  throw new Refusal(why);
};

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  /** As a value `in` and `notin` are words like any other. */
  #peek(asValue = true): Token {
    const token = this.#tokens[this.#at] ?? { text: '', type: END };
    const keyword = token.type === 'in' || token.type === 'notin';
    return asValue && keyword ? { ...token, type: IDENTIFIER } : token;
  }

  #take(asValue = true): Token {
    const token = this.#peek(asValue);
    this.#at += 1;
    return token;
  }

  requirements(): Requirement[] {
    const found: Requirement[] = [];
    for (;;) {
      const { type, text } = this.#peek();
      if (type === END) return found;
      if (type !== IDENTIFIER && type !== '!') {
        refuse(`found '${text}', expected: !, identifier, or 'end of string'`);
      }
      found.push(this.#requirement());
      const next = this.#take();
      if (next.type === END) return found;
      if (next.type !== ',') refuse(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after.type !== IDENTIFIER && after.type !== '!') {
        refuse(`found '${after.text}', expected: identifier after ','`);
      }
    }
  }

  #requirement(): Requirement {
    try {
      return this.#keyAndRest();
    } catch (error) {
      if (error instanceof Refusal) refuse(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #keyAndRest(): Requirement {
    let token = this.#take();
    const absent = token.type === '!';
    if (absent) token = this.#take();
    const key = token.text;
    if (token.type !== IDENTIFIER) refuse(`found '${key}', expected: identifier`);
    const wrong = labelKey(key);
    if (wrong.length > 0) refuse(`<nil>: Invalid value: ${quoted(key)}: ${wrong.join('; ')}`);
    const { type } = this.#peek();
    if (absent) return { key, operator: 'DoesNotExist' };
    if (type === END || type === ',') return { key, operator: 'Exists' };
    return checked(this.#comparison(key));
  }

  #comparison(key: string): Requirement {
    const { type, text } = this.#take(false);
    switch (type) {
      case 'in':
        return { key, operator: 'In', values: this.#list() };
      case 'notin':
        return { key, operator: 'NotIn', values: this.#list() };
      case '=':
      case '==':
        return { key, operator: 'In', values: [this.#value()], sign: type };
      case '!=':
        return { key, operator: 'NotIn', values: [this.#value()], sign: type };
      case '>':
        return { key, operator: 'Gt', values: [this.#value()] };
      case '<':
        return { key, operator: 'Lt', values: [this.#value()] };
      default:
        return refuse(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
  }

  #value(): string {
    const { type } = this.#peek();
    if (type === END || type === ',') return '';
    const { type: taken, text } = this.#take();
    return taken === IDENTIFIER ? text : refuse(`found '${text}', expected: identifier`);
  }

  #list(): string[] {
    const open = this.#take();
    if (open.type !== '(') refuse(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.type === ')') {
      this.#take();
      return [''];
    }
    if (first.type !== IDENTIFIER && first.type !== ',') {
      refuse(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = this.#identifiers();
    if (this.#take().type !== ')') refuse(`found '${first.text}', expected: ')'`);
    return [...values].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Values between commas; where one is missing it is the empty one. */
  #identifiers(): Set<string> {
    const values = new Set<string>();
    for (;;) {
      const { type, text } = this.#take();
      const next = this.#peek();
      if (type === IDENTIFIER) {
        values.add(text);
        if (next.type === ')') return values;
        if (next.type !== ',') refuse(`found '${next.text}', expected: ',' or ')'`);
      } else if (type === ',') {
        if (values.size === 0 || next.type === ')' || next.type === ',') values.add('');
        if (next.type === ')') return values;
      } else refuse(`found '${text}', expected: ',', or identifier`);
    }
  }
}

const quoted = (text: string): string => JSON.stringify(text);

/** Refuses a requirement whose values do not fit its operator. */
function checked(requirement: Requirement): Requirement {
  const wrong = requirementErrors(requirement);
  if (wrong.length === 0) return requirement;
  return refuse(wrong.length === 1 ? wrong.join('') : `[${wrong.join(', ')}]`);
}

/** What is wrong with a requirement (`labels.NewRequirement`). */
export function requirementErrors({ key, operator, values = [] }: Requirement): string[] {
  const wrong = labelKey(key).length > 0 ? [invalidKey(key)] : [];
  const list = JSON.stringify(values);
  const bad = (why: string): number => wrong.push(`values: Invalid value: ${list}: ${why}`);
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) bad("for 'in', 'notin' operators, values set can't be empty");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) bad('values set must be empty for exists and does not exist');
  } else {
    if (values.length !== 1) bad("for 'Gt', 'Lt' operators, exactly one value is required");
    values.forEach((value, i) => {
      if (integerOf(value) !== undefined) return;
      const why = "for 'Gt', 'Lt' operators, the value must be an integer";
      wrong.push(`values[${i}]: Invalid value: ${quoted(value)}: ${why}`);
    });
  }
  values.forEach((value, i) => {
    const why = labelValue(value);
    if (why.length === 0) return;
    wrong.push(`values[${i}][${key}]: Invalid value: ${quoted(value)}: ${why.join('; ')}`);
  });
  return wrong;
}

const invalidKey = (key: string): string =>
  `key: Invalid value: ${quoted(key)}: ${labelKey(key).join('; ')}`;

/** Reads `-l`'s text: its requirements in the order of their keys, or why it is no selector. */
export function readSelector(text: string): LabelSelector | SelectorError {
  if (text.length > TEXT_LIMIT) return { error: 'the selector is too long' };
  try {
    const matchExpressions = new Parser(text).requirements();
    matchExpressions.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return { matchExpressions };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
}

const SELECTOR_OPERATORS: readonly Operator[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** What is wrong with a selector of an object (`LabelSelectorAsSelector`). */
export function labelSelectorErrors(selector: LabelSelector): string[] {
  const labels = Object.entries(selector.matchLabels ?? {});
  const equal = labels.flatMap(([key, value]) =>
    requirementErrors({ key, operator: 'In', values: [value] }),
  );
  const other = (selector.matchExpressions ?? []).flatMap((requirement) =>
    SELECTOR_OPERATORS.includes(requirement.operator)
      ? requirementErrors(requirement)
      : [`${quoted(requirement.operator)} is not a valid label selector operator`],
  );
  return [...equal, ...other];
}
