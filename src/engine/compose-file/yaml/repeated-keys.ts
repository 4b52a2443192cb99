import { fail } from '../failure.ts';
import { readDocuments, type MapNode, type Node } from './node.ts';

interface Repeated {
  readonly name: string;
  readonly line: number;
  readonly before: number;
}

const describe = ({ name, line, before }: Repeated): string =>
  `line ${line}: mapping key ${JSON.stringify(name)} already defined at line ${before}`;

/** Keys of one mapping that stand in it again. */
function repeatedIn({ pairs }: MapNode): Repeated[] {
  const lines = new Map<string, number>();
  return pairs.flatMap(({ key }) => {
    const name = key.kind === 'scalar' ? key.text : '';
    const before = lines.get(name);
    lines.set(name, before ?? key.line);
    return before === undefined ? [] : [{ name, line: key.line, before }];
  });
}

function refuseRepeatedAtTop(node: Node): void {
  const [first] = node.kind === 'mapping' ? repeatedIn(node) : [];
  if (first) fail(`yaml: construct errors: ${describe(first)}`);
}

/** Fails on keys that stand twice anywhere, as go-yaml v3 does. */
export function refuseRepeatedKeys(node: Node): void {
  const found: Repeated[] = [];
  const visit = (each: Node): void => {
    if (each.kind === 'sequence') each.items.forEach(visit);
    if (each.kind !== 'mapping') return;
    found.push(...repeatedIn(each));
    for (const { value } of each.pairs) visit(value);
  };
  visit(node);
  if (found.length === 0) return;
  fail(`yaml: unmarshal errors:\n${found.map((one) => `  ${describe(one)}`).join('\n')}`);
}

/**
 * Fails as go-yaml does when it looks for the project's name before anything else is read: on what
 * is no YAML, and on a key that stands twice at the top.
 */
export function checkSyntax(text: string): void {
  const [first] = readDocuments(text);
  if (first) refuseRepeatedAtTop(first);
}
