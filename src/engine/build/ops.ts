import { digestOfText } from '../oci/digest.ts';
import type { LineRange } from './dockerfile/ast.ts';
import type { Mount } from './dockerfile/mount.ts';

/**
 * The low-level build graph: what is to be done, and upon what, as plain data (moby/buildkit v0.32
 * `solver/pb/ops.proto`, `client/llb`). A vertex is named by the digest of its definition, so two
 * stages that ask for the same share one.
 */
export interface FileCopy {
  readonly do: 'copy';
  /** Index among the vertex's inputs; undefined: an empty tree. */
  readonly from: number | undefined;
  readonly source: string;
  readonly destination: string;
  /** `755`, `u+x`. */
  readonly mode: string;
  readonly owner: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly required: readonly string[];
  readonly unpack: boolean;
  /** From a URL or a text: neither pattern nor directory. */
  readonly plain: boolean;
}

/** A text of the Dockerfile becomes a file. */
export interface FileWrite {
  readonly do: 'write';
  readonly name: string;
  readonly data: string;
  readonly destination: string;
  readonly mode: string;
  readonly owner: string;
}

export interface FileMake {
  readonly do: 'mkdir';
  readonly path: string;
  readonly owner: string;
}

export interface ExecMount extends Pick<Mount, 'type' | 'target' | 'readOnly' | 'source'> {
  /** Index among the inputs; undefined: empty. */
  readonly from: number | undefined;
  readonly id: string;
  readonly sharing: string;
  readonly required: boolean;
  readonly env?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

export type Op =
  | { readonly op: 'image'; readonly reference: string; readonly platform: string }
  | { readonly op: 'local'; readonly context: string }
  | { readonly op: 'http'; readonly url: string; readonly file: string; readonly checksum: string }
  | {
      readonly op: 'file';
      /** Index of the tree that is changed; undefined: an empty one. */
      readonly base: number | undefined;
      readonly actions: readonly (FileCopy | FileWrite | FileMake)[];
    }
  | {
      readonly op: 'exec';
      readonly base: number | undefined;
      readonly args: readonly string[];
      readonly env: readonly string[];
      readonly cwd: string;
      readonly user: string;
      readonly mounts: readonly ExecMount[];
      readonly network: string;
      readonly security: string;
      readonly hosts: readonly string[];
      /** Proxies of the build: in the process's environment, not in its key. */
      readonly proxy: Readonly<Record<string, string>>;
      /** A script of its own, put at `/dev/pipes/NAME`. */
      readonly script?: { readonly name: string; readonly data: string };
      readonly platform: string;
    }
  /** COPY --link: layers of the second upon those of the first. */
  | { readonly op: 'merge' };

export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly op: Op;
  /** Digests of the vertices it stands upon. */
  readonly inputs: readonly string[];
  readonly lines: LineRange | undefined;
  readonly noCache: boolean;
  /** Not shown. */
  readonly hidden?: true;
}

/** The result of a vertex; undefined: an empty tree. */
export type Ref = string | undefined;

/** What of an operation counts in its cache key: all but who connects how, and what is secret. */
export function cacheForm(op: Op): unknown {
  if (op.op !== 'exec') return op;
  const { proxy: _proxy, hosts, mounts, ...rest } = op;
  return {
    ...rest,
    hosts: hosts.map((host) => host.split(':')[0]),
    mounts: mounts.map(({ id: _id, sharing: _sharing, ...mount }) => mount),
  };
}

/** Vertices by digest, in the order they were first asked for. */
export class Graph {
  readonly #vertices = new Map<string, Vertex>();

  add(vertex: Omit<Vertex, 'digest'>): string {
    const { op, inputs, noCache } = vertex;
    const digest = digestOfText(JSON.stringify([op, inputs, noCache]));
    if (!this.#vertices.has(digest)) this.#vertices.set(digest, { ...vertex, digest });
    return digest;
  }

  need(digest: string): Vertex {
    return this.#vertices.get(digest)!;
  }

  /** A vertex and all that it stands upon, inputs first. */
  below(digests: readonly string[]): Vertex[] {
    const done = new Set<string>();
    const order: Vertex[] = [];
    const open = [...digests].reverse();
    while (open.length > 0) {
      const digest = open.at(-1)!;
      const vertex = this.need(digest);
      const missing = vertex.inputs.filter((input) => !done.has(input));
      if (missing.length > 0) {
        open.push(...missing.reverse());
        continue;
      }
      open.pop();
      if (done.has(digest)) continue;
      done.add(digest);
      order.push(vertex);
    }
    return order;
  }
}
