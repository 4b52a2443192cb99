import { directory, modelFile, textFile } from '../oci/entry.ts';
import { diffTrees, EMPTY_TREE, resolveInTree, type FileTree } from '../oci/tree.ts';
import type { Result, StepOutcome } from './api.ts';
import { FIGURES } from './figures.ts';
import { copyInto, withDirectories, writeInto, type Changed } from './files.ts';
import type { Op, Vertex } from './ops.ts';
import { ownerOf } from './owners.ts';

/** What the operations that make a layer do to a tree, before they have taken their time. */
type Trees = (result: Result | undefined) => FileTree;

export function runStep(vertex: Vertex, inputs: readonly Result[], trees: Trees): StepOutcome {
  const { op } = vertex;
  const base = 'base' in op && op.base !== undefined ? trees(inputs[op.base]) : EMPTY_TREE;
  switch (op.op) {
    case 'file':
      return runFileOp(op, base, inputs, trees);
    case 'http':
      return download(op);
    default:
      return done(EMPTY_TREE, EMPTY_TREE, 0);
  }
}

const done = (before: FileTree, after: FileTree, durationMs: number): StepOutcome => ({
  ...{ ok: true, entries: diffTrees(before, after), durationMs },
});

const failed = (message: string): StepOutcome => ({ ok: false, message });

function runFileOp(
  op: Extract<Op, { op: 'file' }>,
  base: FileTree,
  inputs: readonly Result[],
  trees: Trees,
): StepOutcome {
  let tree = base;
  let durationMs = 0;
  for (const action of op.actions) {
    const owner = ownerOf(base, action.owner);
    if (typeof owner === 'string') return failed(owner);
    const target = action.do === 'mkdir' ? action.path : action.destination;
    if (isTooLong(target)) {
      const verb = action.do === 'mkdir' ? 'mkdir' : 'lstat';
      return failed(`${verb} ${target}: file name too long`);
    }
    if (action.do === 'mkdir') {
      const path = resolveInTree(tree, action.path) ?? action.path.slice(1);
      tree = withDirectories(tree, path, { ...directory(), ...owner });
      durationMs += FIGURES.workdirMs;
      continue;
    }
    const { mode, destination } = action;
    const changed: Changed =
      action.do === 'write'
        ? writeInto(
            tree,
            { name: action.name, entry: textFile(action.data) },
            destination,
            mode,
            owner,
          )
        : copyInto(tree, trees(sourceOf(action.from, inputs)), action, owner);
    if (!changed.ok) return failed(changed.message);
    tree = changed.tree;
    durationMs += FIGURES.copyMs + Math.ceil(changed.bytes / FIGURES.copyBytesPerMs);
  }
  return done(base, tree, durationMs);
}

/** Linux takes paths of 4095 bytes, and names of 255. */
const isTooLong = (path: string): boolean => path.length > 4095 || /[^/]{256}/.test(path);

const sourceOf = (from: number | undefined, inputs: readonly Result[]): Result | undefined =>
  from === undefined ? undefined : inputs[from];

/** Simplified: what lies behind a URL is a model file of one size, always the same. */
function download(op: Extract<Op, { op: 'http' }>): StepOutcome {
  const file = { ...modelFile(FIGURES.downloadBytes, op.url), mode: 0o600 };
  return done(EMPTY_TREE, EMPTY_TREE.set(op.file, file), FIGURES.downloadMs);
}
