import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { goJson } from '../printers/go-json.ts';
import type { PathNode, PathTemplate } from './parse.ts';

/** What a JSONPath finds (staging/src/k8s.io/client-go/util/jsonpath/jsonpath.go, v1.36). */
type Results = readonly unknown[];

export interface PathOptions {
  readonly allowMissing?: boolean;
  readonly asJson?: boolean;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The lists of results, one for each piece of the template. */
export function findResults(
  { nodes }: PathTemplate,
  data: unknown,
  { allowMissing = true }: PathOptions = {},
): Results[] | Refused {
  return new Evaluation(allowMissing).run(nodes, data);
}

export function executePath(
  template: PathTemplate,
  data: unknown,
  options: PathOptions = {},
): string | Refused {
  const found = findResults(template, data, options);
  if (isRefused(found)) return found;
  if (options.asJson) {
    return found.map((results) => `${goJson(results, 4)}\n`).join('');
  }
  return found.map((results) => results.map(textOfResult).join(' ')).join('');
}

/** One result as it is printed. */
export function textOfResult(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'string' ? value : goJson(value);
}

interface Loop {
  begin: boolean;
  end: boolean;
}

/** Bounds how much one template may look at. */
const STEP_LIMIT = 1_000_000;

class Evaluation {
  readonly #allowMissing: boolean;
  readonly #loop: Loop = { begin: false, end: false };
  #depth = 0;
  #steps = 0;

  constructor(allowMissing: boolean) {
    this.#allowMissing = allowMissing;
  }

  run(nodes: readonly PathNode[], data: unknown): Results[] | Refused {
    return this.#block(nodes, data).results;
  }

  /** Runs to the end or to the `end` of the loop it is in; `next` is where to go on. */
  #block(
    nodes: readonly PathNode[],
    data: unknown,
  ): { results: Results[] | Refused; next: number } {
    const all: Results[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const results = this.#walk([data], nodes[i]!);
      if (isRefused(results)) return { results, next: i };
      if (this.#loop.end) {
        this.#loop.end = false;
        return { results: all, next: i };
      }
      if (!this.#loop.begin) {
        all.push(results);
        continue;
      }
      this.#loop.begin = false;
      this.#depth += 1;
      let next = nodes.length;
      for (const value of results.length > 0 ? results : [undefined]) {
        const inner = this.#block(nodes.slice(i + 1), value);
        if (isRefused(inner.results)) return { results: inner.results, next: i };
        if (results.length > 0) all.push(...inner.results);
        next = i + 1 + inner.next;
      }
      this.#depth -= 1;
      i = next;
    }
    return { results: all, next: nodes.length };
  }

  #walk(values: Results, node: PathNode): Results | Refused {
    this.#steps += 1 + values.length;
    if (this.#steps > STEP_LIMIT) return refuse('the template looks at too much');
    switch (node.kind) {
      case 'list':
        return this.#list(values, node.nodes);
      case 'text':
        return [node.text];
      case 'value':
        return values.map(() => node.value);
      case 'identifier':
        return this.#identifier(values, node.name);
      case 'field':
        return this.#field(values, node.name);
      case 'slice':
        return this.#slice(values, node);
      case 'filter':
        return this.#filter(values, node);
      case 'union':
        return this.#union(values, node.paths);
      case 'wildcard':
        return values.flatMap(childrenOf);
      case 'recursive':
        return values.flatMap(descend);
    }
  }

  #list(values: Results, nodes: readonly PathNode[]): Results | Refused {
    let current: Results = values;
    for (const node of nodes) {
      const next = this.#walk(current, node);
      if (isRefused(next)) return next;
      current = next;
    }
    return current;
  }

  #identifier(values: Results, name: string): Results | Refused {
    if (name === 'range') {
      this.#loop.begin = true;
      return values;
    }
    if (name !== 'end') return refuse(`unrecognized identifier ${name}`);
    if (this.#depth === 0) return refuse('not in range, nothing to end');
    this.#loop.end = true;
    return [];
  }

  #field(values: Results, name: string): Results | Refused {
    if (values.length === 0) return [];
    const results = values.flatMap((value) =>
      name === ''
        ? [value]
        : isMap(value) && Object.hasOwn(value, name) && value[name] !== undefined
          ? [value[name]]
          : [],
    );
    return results.length > 0 || this.#allowMissing ? results : refuse(`${name} is not found`);
  }

  #slice(
    values: Results,
    { from, to, step, one }: Extract<PathNode, { kind: 'slice' }>,
  ): Results | Refused {
    const results: unknown[] = [];
    for (const value of values) {
      if (value === null || value === undefined) continue;
      if (!Array.isArray(value)) return refuse(`${goType(value)} is not array or slice`);
      const { length } = value;
      let start = from ?? 0;
      let end = one ? start + 1 : (to ?? length);
      if (start < 0) start += length;
      if (end < 0 || (end === 0 && one)) end += length;
      if (start === end) continue;
      const outside = (index: number): Refused =>
        refuse(`array index out of bounds: index ${index}, length ${length}`);
      if (start >= length || start < 0) return outside(start);
      if (end > length || end < 0) return outside(end - 1);
      if (start > end) {
        return refuse(`starting index ${start} is greater than ending index ${end}`);
      }
      if (step !== undefined && step <= 0) return refuse('step must be > 0');
      for (let i = start; i < end; i += step ?? 1) results.push(value[i]);
    }
    return results;
  }

  #union(values: Results, paths: readonly PathNode[]): Results | Refused {
    const results: unknown[] = [];
    for (const path of paths) {
      const found = this.#walk(values, path);
      if (isRefused(found)) return found;
      results.push(...found);
    }
    return results;
  }

  #filter(
    values: Results,
    { left, right, operator }: Extract<PathNode, { kind: 'filter' }>,
  ): Results | Refused {
    const results: unknown[] = [];
    for (const value of values) {
      if (!Array.isArray(value)) {
        return refuse(`${textOfResult(value)} is not array or slice and cannot be filtered`);
      }
      for (const item of value as unknown[]) {
        const lefts = this.#walk([item], left);
        if (operator === 'exists') {
          if (!isRefused(lefts) && lefts.length > 0) results.push(item);
          continue;
        }
        if (isRefused(lefts)) return lefts;
        const rights = right ? this.#walk([item], right) : [];
        if (isRefused(rights)) return rights;
        if (lefts.length === 0 || rights.length === 0) continue;
        if (lefts.length > 1 || rights.length > 1) {
          return refuse('can only compare one element at a time');
        }
        const pass = compare(lefts[0], rights[0], operator);
        if (isRefused(pass)) return pass;
        if (pass) results.push(item);
      }
    }
    return results;
  }
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return isMap(value) ? Object.values(value).filter((one) => one !== undefined) : [];
}

function descend(value: unknown): unknown[] {
  const children = childrenOf(value);
  return children.length === 0 ? [] : [value, ...children.flatMap(descend)];
}

function goType(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return 'map[string]interface {}';
}

function compare(left: unknown, right: unknown, operator: string): boolean | Refused {
  const basic = (value: unknown): value is string | number | boolean =>
    ['string', 'number', 'boolean'].includes(typeof value);
  if (!['<', '>', '==', '!=', '<=', '>='].includes(operator)) {
    return refuse(`unrecognized filter operator ${operator}`);
  }
  if (!basic(left) || !basic(right)) return refuse('invalid type for comparison');
  if (typeof left !== typeof right) return refuse('incompatible types for comparison');
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left === 'boolean') return refuse('invalid type for comparison');
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}
