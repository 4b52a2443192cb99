import { digestOfText } from '../oci/digest.ts';
import type { FileTree } from '../oci/tree.ts';
import type { Probe, Result } from './api.ts';
import { recordId, type BuildCache } from './cache.ts';
import { checksumAt, checksumOf } from './files.ts';
import { cacheForm, type Op, type Vertex } from './ops.ts';

/**
 * Whether a vertex was done before (moby/buildkit v0.32 `solver/edge.go`, `llbsolver/ops/file.go`,
 * `exec.go`). It is first looked for by its definition upon what it stands on; then by the checksums
 * of the files it takes, so that a source that was made anew but is the same counts as the same.
 */
const digest = (parts: readonly unknown[]): string => digestOfText(JSON.stringify(parts));

export function probe(
  cache: BuildCache,
  machine: string,
  vertex: Vertex,
  inputs: readonly Result[],
  noCache: boolean,
  treeOf: (result: Result | undefined) => FileTree,
): Probe {
  const { op } = vertex;
  const form = cacheForm(op);
  const keys: string[] = [];
  // What a client sends has no definition: each time it is another session.
  if (inputs.every(({ context }) => context === undefined)) {
    const byDefinition = digest(['definition', form, inputs.map(({ key }) => key)]);
    keys.push(byDefinition);
    const hit = noCache ? undefined : cache.find(machine, byDefinition);
    if (hit) return { found: 'hit', result: hit };
  }
  const sums = contentKeys(op, inputs, treeOf);
  if (typeof sums === 'string') return { found: 'fault', message: refNotFound(vertex, sums) };
  if (sums) {
    const byContent = digest(['content', form, sums]);
    keys.push(byContent);
    const hit = noCache ? undefined : cache.find(machine, byContent);
    if (hit) {
      for (const key of keys) cache.alias(machine, key, hit);
      return { found: 'hit', result: hit };
    }
  }
  return { found: 'miss', keys };
}

function refNotFound(vertex: Vertex, words: string): string {
  const id = recordId(vertex.digest);
  return `failed to calculate checksum of ref ${id}::${recordId(id)}: ${words}`;
}

/** The base's key and the checksums of what is copied or mounted from other trees. */
function contentKeys(
  op: Op,
  inputs: readonly Result[],
  treeOf: (result: Result | undefined) => FileTree,
): unknown[] | string | undefined {
  if (op.op === 'file') {
    const keys: unknown[] = [op.base === undefined ? '' : inputs[op.base]!.key];
    for (const action of op.actions) {
      if (action.do !== 'copy') continue;
      const source = action.from === undefined ? undefined : inputs[action.from];
      const sum = checksumOf(treeOf(source), action);
      if (!sum.ok) return sum.message;
      keys.push(sum.digest);
    }
    return keys;
  }
  if (op.op !== 'exec') return undefined;
  const bound = op.mounts.filter(({ from }) => from !== undefined);
  if (bound.length === 0) return undefined;
  const keys: unknown[] = [op.base === undefined ? '' : inputs[op.base]!.key];
  for (const { from, source, type, readOnly } of bound) {
    const input = inputs[from!]!;
    // What may be written to is known by its definition, unless it is a context.
    if ((type === 'cache' || !readOnly) && input.context === undefined) {
      keys.push(input.key);
      continue;
    }
    const sum = checksumAt(treeOf(input), `/${source.replace(/^\/+/, '')}`);
    if (!sum.ok) return sum.message;
    keys.push(sum.digest);
  }
  return keys;
}
