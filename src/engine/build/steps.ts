import type { Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { contentBytes, directory, modelFile, textFile, type Entry } from '../oci/entry.ts';
import {
  diffTrees,
  EMPTY_TREE,
  entryAt,
  putEntry,
  removePath,
  resolveInTree,
  type FileTree,
} from '../oci/tree.ts';
import type { CacheRecord, Result, StepOutcome } from './api.ts';
import { isPruned, recordId, type PruneOptions, type Pruned } from './cache.ts';
import { FIGURES } from './figures.ts';
import { copyInto, join, parentOf, withDirectories, writeInto, type Changed } from './files.ts';
import type { ExecMount, Op, Vertex } from './ops.ts';
import { ownerOf } from './owners.ts';
import { runInTree } from './run/run.ts';

/** What the operations that make a layer do to a tree, before they have taken their time. */
export interface StepHands {
  readonly machine: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly mounts: MountCaches;
}

type Trees = (result: Result | undefined) => FileTree;

export function runStep(
  vertex: Vertex,
  inputs: readonly Result[],
  trees: Trees,
  hands: StepHands,
): StepOutcome {
  const { op } = vertex;
  const base = 'base' in op && op.base !== undefined ? trees(inputs[op.base]) : EMPTY_TREE;
  switch (op.op) {
    case 'file':
      return runFileOp(op, base, inputs, trees);
    case 'http':
      return download(op);
    case 'exec':
      return runExec(op, base, inputs, trees, hands);
    default:
      return done(EMPTY_TREE, EMPTY_TREE, 0);
  }
}

const done = (before: FileTree, after: FileTree, durationMs: number): StepOutcome => ({
  ...{ ok: true, entries: diffTrees(before, after), durationMs, output: [], simplified: [] },
});

const failed = (message: string, durationMs = 0): StepOutcome => ({
  ...{ ok: false, message, durationMs, output: [] },
});

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

const sourceOf = (from: number | undefined, inputs: readonly Result[]): Result | undefined =>
  from === undefined ? undefined : inputs[from];

/** Simplified: what lies behind a URL is a model file of one size, always the same. */
function download(op: Extract<Op, { op: 'http' }>): StepOutcome {
  const file = { ...modelFile(FIGURES.downloadBytes, op.url), mode: 0o600 };
  return done(EMPTY_TREE, EMPTY_TREE.set(op.file, file), FIGURES.downloadMs);
}

/** A mount while a process runs, and what was there before. */
interface Mounted {
  readonly at: string;
  readonly mount: ExecMount;
}

function runExec(
  op: Extract<Op, { op: 'exec' }>,
  base: FileTree,
  inputs: readonly Result[],
  trees: Trees,
  hands: StepHands,
): StepOutcome {
  let tree = base;
  const env: Record<string, string> = {};
  for (const pair of op.env) {
    const at = pair.indexOf('=');
    env[pair.slice(0, at)] = pair.slice(at + 1);
  }
  for (const [key, value] of Object.entries(op.proxy)) {
    env[key] ??= value;
    env[key.toUpperCase()] ??= value;
  }
  const mounted: Mounted[] = [];
  for (const mount of op.mounts) {
    const secret = hands.secrets[mount.id];
    if (mount.type === 'secret' && secret === undefined) {
      if (mount.required) return failed(`secret ${mount.id}: not found`);
      continue;
    }
    if (mount.type === 'secret' && mount.env !== undefined) env[mount.env] = secret ?? '';
    if (mount.target === '' || mount.type === 'ssh') continue;
    const at = resolveInTree(tree, mount.target) ?? mount.target.slice(1);
    const entries = mountedFiles(mount, secret, inputs, trees, hands);
    if (typeof entries === 'string') return failed(entries);
    tree = withSubtree(tree, at, entries);
    mounted.push({ at, mount });
  }
  if (op.script) {
    const { name, data } = op.script;
    tree = withDirectories(tree, 'dev/pipes').set(`dev/pipes/${name}`, textFile(data, 0o755));
  }
  const ran = runInTree(tree, { argv: op.args, env, cwd: op.cwd });
  let after = op.script ? removePath(ran.tree, 'dev/pipes') : ran.tree;
  for (const { at, mount } of mounted.reverse()) {
    if (mount.type === 'cache') hands.mounts.keep(hands.machine, mount, subtree(after, at));
    after = restored(after, base, at);
  }
  const { exitCode, durationMs, simplified } = ran;
  const output = ran.output.map((text) => ({ atMs: durationMs, text }));
  if (exitCode === 0) {
    return { ok: true, entries: diffTrees(base, after), durationMs, output, simplified };
  }
  const words = `process "${op.args.join(' ')}" did not complete successfully`;
  return { ok: false, message: `${words}: exit code: ${exitCode}`, durationMs, output };
}

/** The tree or the file that is mounted; a text when it is not there. */
function mountedFiles(
  mount: ExecMount,
  secret: string | undefined,
  inputs: readonly Result[],
  trees: Trees,
  hands: StepHands,
): FileTree | string {
  if (mount.type === 'secret') {
    return EMPTY_TREE.set('', { ...textFile(secret ?? '', mount.mode ?? 0o400), ...ids(mount) });
  }
  if (mount.type === 'tmpfs') return EMPTY_TREE.set('', directory(0o1777));
  const from = mount.from === undefined ? EMPTY_TREE : trees(inputs[mount.from]);
  const seed = subtree(from, resolveInTree(from, `/${mount.source}`) ?? '');
  if (mount.type === 'cache') {
    const root: Entry = { ...directory(mount.mode ?? 0o755), ...ids(mount) };
    return hands.mounts.take(hands.machine, mount) ?? seed.set('', root);
  }
  return seed.get('') || seed.size > 0 ? seed : `lstat ${mount.source}: no such file or directory`;
}

const ids = ({ uid = 0, gid = 0 }: ExecMount) => ({ uid, gid });

/** What is below a path, and the path itself as `''`. */
function subtree(tree: FileTree, at: string): FileTree {
  let result = EMPTY_TREE;
  const own = at === '' ? directory() : tree.get(at);
  if (own) result = result.set('', own);
  const prefix = at === '' ? '' : `${at}/`;
  for (const [path, entry] of tree.withPrefix(prefix)) {
    result = result.set(path.slice(prefix.length), entry);
  }
  return result;
}

function withSubtree(tree: FileTree, at: string, files: FileTree): FileTree {
  let result = removePath(withDirectories(tree, parentOf(at)), at);
  for (const [path, entry] of files.withPrefix(''))
    result = putEntry(result, join(at, path), entry);
  return result;
}

/** What a mount hid is there again; a place made for it is gone. */
function restored(after: FileTree, base: FileTree, at: string): FileTree {
  let result = removePath(after, at);
  for (let path = parentOf(at); path !== '' && !base.has(path); path = parentOf(path)) {
    const [first] = result.withPrefix(`${path}/`);
    if (first === undefined) result = removePath(result, path);
  }
  const before = subtree(base, at);
  return entryAt(base, `/${at}`) ? withSubtree(result, at, before) : result;
}

interface MountRow {
  readonly tree: FileTree;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  readonly usageCount: number;
}

/** Directories of `--mount=type=cache`, kept over builds by their id. */
export class MountCaches {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, MountRow>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#rows = kernel.store.table<MountRow>('build/mounts');
  }

  take(machine: string, { id }: ExecMount): FileTree | undefined {
    return this.#rows.get(`${machine} ${id}`)?.tree;
  }

  keep(machine: string, { id }: ExecMount, tree: FileTree): void {
    const now = this.#kernel.now;
    const row = this.#rows.get(`${machine} ${id}`);
    const { createdMs = now, usageCount = 0 } = row ?? {};
    const used = { lastUsedMs: now, usageCount: usageCount + 1 };
    this.#rows.set(`${machine} ${id}`, { tree, createdMs, ...used });
  }

  records(machine: string): CacheRecord[] {
    return [...this.#rows.withPrefix(`${machine} `)].map(([key, row]) => {
      const id = key.slice(machine.length + 1);
      let sizeBytes = 0;
      for (const [, entry] of row.tree.withPrefix('')) {
        if (entry.type === 'file') sizeBytes += contentBytes(entry.content);
      }
      const { createdMs, lastUsedMs, usageCount } = row;
      return {
        ...{ id: recordId(`mount ${key}`), type: 'exec.cachemount', sizeBytes },
        description: `cached mount ${id} from exec`,
        ...{ createdMs, lastUsedMs, usageCount, parents: [], shared: false, inUse: false },
      };
    });
  }

  prune(machine: string, options: PruneOptions): Pruned {
    const removed: CacheRecord[] = [];
    const keys = [...this.#rows.withPrefix(`${machine} `)].map(([key]) => key);
    for (const record of this.records(machine)) {
      if (!isPruned(record, options)) continue;
      for (const key of keys) if (recordId(`mount ${key}`) === record.id) this.#rows.delete(key);
      removed.push(record);
    }
    return { records: removed, bytes: removed.reduce((sum, one) => sum + one.sizeBytes, 0) };
  }
}
