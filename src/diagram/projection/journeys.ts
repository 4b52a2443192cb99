import type { TraceRecord } from '../../engine/sim/trace.ts';
import type { Binding, EdgeBinding, NodeBinding } from '../bindings.ts';
import type { Graph } from '../graph.ts';
import type { Journey, Leg } from './figure-view.ts';

/** Who is who: the trace's names by the cast's members. */
export type Cast = Readonly<Record<string, readonly string[]>>;

/**
 * The way a record's flow takes through a figure: along the edges bound to it, in the order in
 * which they were bound. Undefined when nothing travels or no edge shows it.
 * @param memberOf the member that stands for a name of the trace
 */
export function journeyOf(
  record: TraceRecord,
  bindings: readonly Binding[],
  graph: Graph,
  memberOf: (name: string) => string | undefined,
): Journey | undefined {
  const { flow } = record;
  if (!flow) return undefined;
  const [from, to] = [memberOf(flow.from), memberOf(flow.to)];
  if (from === undefined || to === undefined || from === to) return undefined;
  const legs: Leg[] = [];
  for (const binding of bindings) {
    if (binding.type !== 'edge' || binding.channel !== flow.channel) continue;
    if (binding.from !== from || binding.to !== to) continue;
    legs.push({ edge: binding.edge, reversed: runsBackwards(binding, bindings, graph) });
  }
  return legs.length > 0 ? { channel: flow.channel, legs } : undefined;
}

/** An edge is drawn from node to node; a flow may run the other way. */
function runsBackwards(edge: EdgeBinding, bindings: readonly Binding[], graph: Graph): boolean {
  const drawn = graph.edges.find((candidate) => candidate.id === edge.edge);
  if (!drawn) return false;
  const shows = (node: string, member: string): boolean => {
    if (node === member) return true;
    return bindings.some(
      (b) => b.type === 'node' && b.node === node && nameOfTarget(b.target) === member,
    );
  };
  return shows(drawn.to, edge.from) || shows(drawn.from, edge.to);
}

/** What a node stands for, as members and edges name it: `daemon`, `container/web`. */
export function nameOfTarget(target: NodeBinding['target']): string {
  if (target.type === 'member') return target.name;
  return target.type === 'object' ? `${target.kind}/${target.name}` : '';
}
