import { isScalar, isSeq } from 'yaml';
import type { Assertion, Matcher, Measure, Step } from './claim-table.ts';
import type { Fields, YamlReader } from './yaml-fields.ts';

const TEXTS = ['contains', 'prints', 'matches'] as const;
const RELATIONS = ['is', 'atLeast', 'atMost'] as const;
const COMPARISONS = ['moreThan', 'lessThan'] as const;
const MATCHERS = [...TEXTS, 'order', 'exit', 'number'];

/** Reads one part of a proof; `undefined`, and a fault, when it cannot be held to anything. */
export function readAssertion(
  reader: YamlReader,
  node: unknown,
  steps: readonly Step[],
  cell: string,
): Assertion | undefined {
  const fields = reader.fields(node, `A proof of ${cell}`);
  if (!fields) return undefined;
  const step = readStep(reader, fields, 'of', steps) ?? steps.length - 1;
  const not = fields.scalar('not');
  if (not !== undefined && not !== true) {
    reader.fault(fields.node, '"not" is not true.', 'Write "not: true", or leave it out.');
  }
  const matcher = readMatcher(reader, fields, steps);
  fields.end();
  return matcher && { step, not: not === true, matcher, line: fields.line };
}

/** The index of the step a key names. */
function readStep(
  reader: YamlReader,
  fields: Fields,
  key: string,
  steps: readonly Step[],
): number | undefined {
  const name = fields.scalar(key) as string | undefined;
  if (name === undefined) return undefined;
  const index = steps.findIndex((step) => step.name === name);
  if (index >= 0) return index;
  const names = steps.flatMap((step) => step.name ?? []).join(', ');
  const what = `No step of the script is named "${name}".`;
  reader.fault(fields.node, what, `Name one of ${names === '' ? 'them' : names}.`);
  return undefined;
}

function readMatcher(
  reader: YamlReader,
  fields: Fields,
  steps: readonly Step[],
): Matcher | undefined {
  const [kind, ...others] = fields.keys.filter((key) => MATCHERS.includes(key));
  if (kind === undefined || others.length > 0) {
    const what = 'A proof looks for nothing, or for several things.';
    reader.fault(fields.node, what, `Write exactly one of ${MATCHERS.join(', ')}.`);
    MATCHERS.forEach((key) => fields.take(key));
    return undefined;
  }
  if (kind === 'order') return readOrder(reader, fields);
  if (kind === 'exit') return readExit(reader, fields);
  if (kind === 'number') return readNumber(reader, fields, steps);
  const text = TEXTS.find((one) => one === kind) ?? 'contains';
  const value = fields.text(kind);
  if (kind === 'matches') tellPattern(reader, fields, value);
  return { kind: text, text: value };
}

function readOrder(reader: YamlReader, fields: Fields): Matcher {
  const node = fields.take('order');
  const texts = (isSeq(node) ? node.items : []).flatMap((item) =>
    isScalar(item) && typeof item.value === 'string' ? [item.value] : [],
  );
  if (texts.length < 2) {
    reader.fault(fields.node, '"order" is no list of texts.', 'Write two texts or more.');
  }
  return { kind: 'order', texts };
}

function readExit(reader: YamlReader, fields: Fields): Matcher {
  const value = fields.scalar('exit');
  if (value !== 'succeeds' && value !== 'fails') {
    const what = `"exit" is "${String(value)}".`;
    reader.fault(fields.node, what, 'Write "exit: succeeds" or "exit: fails".');
  }
  return { kind: 'exit', succeeds: value === 'succeeds' };
}

function readNumber(
  reader: YamlReader,
  fields: Fields,
  steps: readonly Step[],
): Matcher | undefined {
  const number = readMeasure(reader, fields, steps);
  const all = [...RELATIONS, ...COMPARISONS];
  const relation = all.find((one) => fields.keys.includes(one));
  if (relation === undefined) {
    reader.fault(fields.node, 'A number is held to nothing.', `Write one of ${all.join(', ')}.`);
    return undefined;
  }
  if (relation === 'moreThan' || relation === 'lessThan') {
    const other = readStep(reader, fields, relation, steps) ?? 0;
    return { kind: 'compare', number, relation, other };
  }
  const value = fields.scalar(relation);
  if (typeof value !== 'number') {
    reader.fault(fields.node, `"${relation}" is no number.`, `Write "${relation}: 3".`);
    return undefined;
  }
  return { kind: 'number', number, relation, value };
}

function readMeasure(reader: YamlReader, fields: Fields, steps: readonly Step[]): Measure {
  const text = fields.text('number');
  if (text === 'lines' || text === 'commands') return { kind: text };
  if (text === 'seconds') {
    const since = readStep(reader, fields, 'since', steps);
    return { kind: 'seconds', ...(since === undefined ? {} : { since }) };
  }
  tellPattern(reader, fields, text, /\((?!\?)/);
  return { kind: 'found', pattern: text };
}

function tellPattern(reader: YamlReader, fields: Fields, pattern: string, needs = /^/): void {
  try {
    new RegExp(pattern);
    if (needs.test(pattern)) return;
    const what = `"${pattern}" is neither lines, commands, seconds nor a pattern with a group.`;
    reader.fault(fields.node, what, 'Write one of them, such as "RESTARTS: (\\d+)".');
  } catch {
    const what = `/${pattern}/ is no regular expression.`;
    reader.fault(fields.node, what, 'Correct it.');
  }
}
