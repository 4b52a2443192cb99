/**
 * Bindings tie a figure to a scenario. They are own-line comments of the diagram, so the source
 * stays valid Mermaid everywhere:
 *
 *     %% bind node web = deployment/web
 *     %% bind node registry = registry
 *     %% bind node slot1 = pod[app=web]#1
 *     %% bind edge e1 = api kubectl->apiserver
 *
 * Here is the grammar only. Whether the objects exist is checked against the scenario.
 */

/** What a node shows. */
export type NodeTarget =
  /** A member of the scenario's cast: a machine, a component, a person. */
  | { readonly type: 'member'; readonly name: string }
  /** One object by kind and name. */
  | { readonly type: 'object'; readonly kind: string; readonly name: string }
  /** The `slot`-th (from 1) of the objects with these labels, in a place drawn in advance. */
  | {
      readonly type: 'slot';
      readonly kind: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly slot: number;
    };

export const channels = ['api', 'watch', 'bytes', 'request'] as const;
export type Channel = (typeof channels)[number];

export type Binding = NodeBinding | EdgeBinding;

export interface NodeBinding {
  readonly type: 'node';
  /** A node or a group of the diagram. */
  readonly node: string;
  readonly target: NodeTarget;
  /** Line in the fence, from 1. */
  readonly line: number;
}

export interface EdgeBinding {
  readonly type: 'edge';
  readonly edge: string;
  readonly channel: Channel;
  /** Members of the cast, or an object on the way: `service/web`. */
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

export interface BindingFault {
  readonly line: number;
  readonly what: string;
  readonly remedy: string;
}

const form =
  'Write "%% bind node ID = kind/name", "%% bind node ID = kind[label=value]#1", ' +
  '"%% bind node ID = member" or "%% bind edge ID = api from->to".';

/** Every binding of a fence, in order, and every mistake in one. */
export function parseBindings(fence: string): {
  readonly bindings: readonly Binding[];
  readonly faults: readonly BindingFault[];
} {
  const bindings: Binding[] = [];
  const faults: BindingFault[] = [];
  const seen = new Map<string, number>();
  for (const [index, text] of fence.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const comment = /^\s*%%\s*bind\b\s*(.*?)\s*$/.exec(text)?.[1];
    if (comment === undefined) {
      const trailing = /\S.*%%\s*bind\b/.exec(text);
      if (trailing && !/^\s*%%/.test(text)) {
        faults.push({
          line,
          what: 'A binding follows a statement.',
          remedy: 'Give it its own line.',
        });
      }
      continue;
    }
    const result = parseBinding(comment, line);
    if ('what' in result) {
      faults.push(result);
      continue;
    }
    const subject = subjectOf(result);
    const before = seen.get(subject);
    if (before !== undefined) {
      const what = `The ${subject} is bound already, ${line - before} lines above.`;
      faults.push({ line, what, remedy: 'Keep one of the two bindings.' });
      continue;
    }
    seen.set(subject, line);
    bindings.push(result);
  }
  return { bindings, faults };
}

/** A node shows one thing; an edge may be the way of several flows, each named once. */
function subjectOf(binding: Binding): string {
  if (binding.type === 'node') return `node ${binding.node}`;
  const { edge, channel, from, to } = binding;
  return `edge ${edge} = ${channel} ${from}->${to}`;
}

function parseBinding(comment: string, line: number): Binding | BindingFault {
  const match = /^(node|edge)\s+([^\s=]+)\s*=\s*(.+)$/.exec(comment);
  const [, type, id, rest] = match ?? [];
  if (type === undefined || id === undefined || rest === undefined) {
    return { line, what: `"bind ${comment}" is not a binding.`, remedy: form };
  }
  if (type === 'node') {
    const target = parseTarget(rest);
    if (target) return { type, node: id, target, line };
    return { line, what: `"${rest}" names no object for the node ${id}.`, remedy: form };
  }
  const edge = /^(\S+)\s+([a-z][\w./:-]*?)\s*->\s*([a-z][\w./:-]*)$/.exec(rest);
  const [, channel, from, to] = edge ?? [];
  if (channel === undefined || from === undefined || to === undefined) {
    return { line, what: `"${rest}" is no channel for the edge ${id}.`, remedy: form };
  }
  const known = channels.find((name) => name === channel);
  if (known === undefined) {
    const remedy = `The channels are ${channels.join(', ')}.`;
    return { line, what: `"${channel}" is not a channel.`, remedy };
  }
  return { type: 'edge', edge: id, channel: known, from, to, line };
}

function parseTarget(text: string): NodeTarget | null {
  const slot = /^([a-z][a-z0-9-]*)\[([^\]]+)\]#([1-9][0-9]*)$/.exec(text);
  if (slot?.[1] && slot[2] && slot[3]) {
    const labels: Record<string, string> = {};
    for (const pair of slot[2].split(',')) {
      const [, key, value] = /^\s*([\w./-]+)=([\w./-]*)\s*$/.exec(pair) ?? [];
      if (key === undefined || value === undefined) return null;
      labels[key] = value;
    }
    return { type: 'slot', kind: slot[1], labels, slot: Number(slot[3]) };
  }
  const object = /^([a-z][a-z0-9-]*)\/(\S+)$/.exec(text);
  if (object?.[1] && object[2]) return { type: 'object', kind: object[1], name: object[2] };
  return /^[a-z][a-z0-9.-]*$/.test(text) ? { type: 'member', name: text } : null;
}
