import { fail } from '../failure.ts';
import type { Mapping } from '../tree/tree.ts';
import { isMapping } from '../tree/tree.ts';
import type { MapNode, Node } from './node.ts';

/**
 * A document as plain values: aliases followed, merge keys (`<<`) merged, an explicit key before a
 * merged one and an earlier merged mapping before a later one.
 */
const VALUE_LIMIT = 1_000_000;

export function decode(root: Node): unknown {
  return new Decoder().value(root, '');
}

class Decoder {
  private values = 0;
  private readonly open = new Set<Node>();

  value(node: Node, at: string): unknown {
    this.values += 1;
    if (this.values > VALUE_LIMIT) fail('document contains excessive aliasing');
    switch (node.kind) {
      case 'scalar':
        return node.value;
      case 'alias':
        return this.guarded(node.target, () => this.value(node.target, at));
      case 'sequence':
        return node.items.map((item, index) => this.value(item, `${at}[${index}]`));
      case 'mapping':
        return this.mapping(node, at);
    }
  }

  private guarded<T>(node: Node, run: () => T): T {
    if (this.open.has(node)) fail('yaml: anchor value contains itself');
    this.open.add(node);
    const result = run();
    this.open.delete(node);
    return result;
  }

  private mapping(node: MapNode, at: string): Mapping {
    const result: Mapping = {};
    const merged: Mapping[] = [];
    for (const { key, value } of node.pairs) {
      if (key.kind === 'scalar' && key.plain && key.text === '<<') {
        merged.push(...this.mergeSources(value, at));
        continue;
      }
      const name = key.kind === 'scalar' ? key.value : this.value(key, at);
      if (typeof name !== 'string') {
        const where = at === '' ? 'at top level' : `in ${at}`;
        fail(`non-string key ${where}: ${JSON.stringify(name)}`);
      }
      result[name] = this.value(value, at === '' ? name : `${at}.${name}`);
    }
    for (const source of merged) {
      for (const [name, value] of Object.entries(source)) {
        if (!Object.hasOwn(result, name)) result[name] = value;
      }
    }
    return result;
  }

  private mergeSources(node: Node, at: string): Mapping[] {
    const target = node.kind === 'alias' ? node.target : node;
    const sources = target.kind === 'sequence' ? target.items : [node];
    return sources.map((source) => {
      const value = this.value(source, at);
      if (!isMapping(value)) {
        fail(
          'yaml: construct errors: ' +
            `line ${node.line}: map merge requires map or sequence of maps as the value`,
        );
      }
      return value;
    });
  }
}
