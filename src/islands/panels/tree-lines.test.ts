import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BranchAnswer, BranchAsk, ObjectRow } from '../engine-room/panels/messages.ts';
import { TreeLines } from './tree-lines.ts';

type Tree = Readonly<Record<string, readonly string[]>>;

/** What the engine would answer of a tree of names. */
function answer(tree: Tree, asks: readonly BranchAsk[]): BranchAnswer[] {
  return asks.map(({ id, from, count }) => {
    const all = tree[id] ?? [];
    const rows = all.slice(from, from + count).map((name): ObjectRow => ({
      ...{ id: name, label: name, opens: name in tree },
    }));
    return { id, from, total: all.length, rows };
  });
}

function settle(lines: TreeLines, tree: Tree, first: number, count: number): void {
  for (let round = 0; round < 6; round++) lines.take(answer(tree, lines.asks(first, count)));
}

const labels = (lines: TreeLines, first: number, count: number) =>
  lines.window(first, count).map(({ row, depth }) => `${depth} ${row?.label}`);

const many = Array.from({ length: 10_000 }, (_, at) => `pod-${at}`);

test('of ten thousand lines only those in sight are asked for', () => {
  const tree = { '': ['kind', 'other'], kind: many };
  const lines = new TreeLines();
  settle(lines, tree, 0, 40);
  lines.toggle(lines.line(0)!);
  settle(lines, tree, 0, 40);
  expect(lines.total).toBe(10_002);
  const asks = lines.asks(5_000, 40);
  expect(asks.reduce((sum, { count }) => sum + count, 0)).toBe(40);
  settle(lines, tree, 5_000, 40);
  expect(labels(lines, 5_000, 2)).toEqual(['1 pod-4999', '1 pod-5000']);
  settle(lines, tree, 9_980, 40);
  expect(labels(lines, 10_001, 1)).toEqual(['0 other']);
});

test('closes what is no longer there', () => {
  const lines = new TreeLines();
  const tree = { '': ['a', 'b'], a: ['x'], b: ['y'] };
  settle(lines, tree, 0, 10);
  lines.toggle(lines.line(1)!);
  settle(lines, tree, 0, 10);
  expect(labels(lines, 0, 9)).toEqual(['0 a', '0 b', '1 y']);
  settle(lines, { '': ['a'], a: ['x'] }, 0, 10);
  expect(labels(lines, 0, 9)).toEqual(['0 a']);
});

test('any tree, opened anywhere, shows as it is', () => {
  const names = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(fc.array(names, { maxLength: 8 }), fc.array(fc.nat(30)), (sizes, presses) => {
      const tree: Record<string, string[]> = { '': [] };
      const ids = [''];
      for (const size of sizes) {
        const id = ids[ids.length % Math.max(1, size)] ?? '';
        const children = Array.from({ length: size }, (_, at) => `${id}/${ids.length}.${at}`);
        tree[id] = [...(tree[id] ?? []), ...children];
        ids.push(...children);
      }
      const lines = new TreeLines();
      settle(lines, tree, 0, 200);
      const open = new Set<string>();
      for (const press of presses) {
        const line = lines.line(press);
        if (!line?.row?.opens) continue;
        const { id } = line.row;
        lines.toggle(line);
        if (!open.delete(id)) open.add(id);
        settle(lines, tree, 0, 200);
      }
      const walk = (id: string, depth: number): string[] =>
        (tree[id] ?? []).flatMap((name) => [
          `${depth} ${name}`,
          ...(open.has(name) ? walk(name, depth + 1) : []),
        ]);
      expect(labels(lines, 0, 300)).toEqual(walk('', 0));
    }),
  );
});
