import type { TraceRecord } from '../../engine/sim/trace.ts';
import type { Binding, EdgeBinding, NodeBinding } from '../bindings.ts';
import type { Graph } from '../graph.ts';
import type { Journey, Leg } from './figure-view.ts';

/** Who is who: the trace's names by the cast's members. */
export type Cast = Readonly<Record<string, readonly string[]>>;

/**
 * The way a record's flow takes through a figure: along the edges bound to it, in the order in
 * which they were bound. Undefined when nothing travels or no edge shows it.
 * @param namesOf what an end of the flow may be called in a binding
 */
export function journeyOf(
  record: TraceRecord,
  bindings: readonly Binding[],
  graph: Graph,
  namesOf: (end: string) => readonly string[],
): Journey | undefined {
  const { flow } = record;
  if (!flow) return undefined;
  const [from, to] = [namesOf(flow.from), namesOf(flow.to)];
  if (from.some((name) => to.includes(name))) return undefined;
  const ways = bindings.filter(
    (binding): binding is EdgeBinding =>
      binding.type === 'edge' &&
      binding.channel === flow.channel &&
      from.includes(binding.from) &&
      to.includes(binding.to),
  );
  if (ways.length === 0) return undefined;
  return { channel: flow.channel, legs: legsOf(ways, bindings, graph) };
}

/**
 * An edge is drawn from node to node; a flow may run the other way. Where one edge follows another,
 * the node they share tells; an edge by itself runs as what its ends stand for.
 */
function legsOf(
  ways: readonly EdgeBinding[],
  bindings: readonly Binding[],
  graph: Graph,
): readonly Leg[] {
  const drawn = ways.map((way) => graph.edges.find(({ id }) => id === way.edge));
  let at: string | undefined;
  return ways.map((way, i) => {
    const [edge, next] = [drawn[i], drawn[i + 1]];
    const meets = (node: string | undefined): boolean =>
      next !== undefined && (node === next.from || node === next.to);
    let reversed: boolean;
    if (at !== undefined && (at === edge?.from || at === edge?.to)) reversed = at === edge.to;
    else if (meets(edge?.from) !== meets(edge?.to)) reversed = meets(edge?.from);
    else reversed = runsBackwards(way, bindings, edge);
    at = reversed ? edge?.from : edge?.to;
    return { edge: way.edge, reversed };
  });
}

function runsBackwards(
  way: EdgeBinding,
  bindings: readonly Binding[],
  drawn: Graph['edges'][number] | undefined,
): boolean {
  if (!drawn) return false;
  const shows = (node: string, member: string): boolean => {
    if (node === member) return true;
    return bindings.some(
      (b) => b.type === 'node' && b.node === node && nameOfTarget(b.target) === member,
    );
  };
  return shows(drawn.to, way.from) || shows(drawn.from, way.to);
}

/** What a node stands for, as members and edges name it: `daemon`, `container/web`. */
export function nameOfTarget(target: NodeBinding['target']): string {
  if (target.type === 'member') return target.name;
  return target.type === 'object' ? `${target.kind}/${target.name}` : '';
}
