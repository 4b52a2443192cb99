import type { Playback } from '../../scenarios/playback.ts';
import type { Binding, BindingFault, EdgeBinding, NodeBinding } from '../bindings.ts';
import type { Graph } from '../graph.ts';
import type { Cast } from './journeys.ts';
import { openFigure, slotKinds } from './open-figure.ts';
import { objectSubjects } from './subjects.ts';

/**
 * Whether a figure shows its scenario: every binding meets what it names at some step, and every
 * member of the cast is shown by a node. What is amiss stops the build.
 */
export function faultsOfFigure(
  playback: Playback,
  bindings: readonly Binding[],
  graph: Graph,
  cast: Cast,
): BindingFault[] {
  const faults = [...faultsOfNames(bindings, graph, cast), ...unshownMembers(bindings, cast)];
  if (faults.length > 0) return faults;
  const figure = openFigure(playback, bindings, graph, cast);
  const travelled = new Set<string>();
  const met = new Set<string>();
  for (let step = 0; step < playback.records.length; step++) {
    for (const leg of figure.journeyOf(step)?.legs ?? []) travelled.add(leg.edge);
    for (const [node, view] of Object.entries(figure.viewAt(step).nodes)) {
      if (view.state !== 'empty') met.add(node);
    }
  }
  for (const binding of bindings) {
    if (binding.type === 'edge' && !travelled.has(binding.edge)) {
      faults.push(fault(binding, `Nothing ever travels along ${binding.edge}.`));
    }
    if (binding.type === 'node' && binding.target.type === 'object' && !met.has(binding.node)) {
      faults.push(fault(binding, `${binding.node} never meets its object.`));
    }
    if (isSlot(binding) && !slotsLike(binding, bindings).some((node) => met.has(node))) {
      faults.push(fault(binding, `No object ever fills ${binding.node} or its neighbours.`));
    }
  }
  return faults;
}

function faultsOfNames(bindings: readonly Binding[], graph: Graph, cast: Cast): BindingFault[] {
  const nodes = new Set(graph.nodes.map((node) => node.id));
  const edges = new Set(graph.edges.map((edge) => edge.id));
  return bindings.flatMap((binding) => {
    if (binding.type === 'edge') {
      if (!edges.has(binding.edge)) return [fault(binding, `There is no edge ${binding.edge}.`)];
      const stranger = [binding.from, binding.to].find(
        (name) => !(name in cast) && !name.includes('/'),
      );
      return stranger ? [fault(binding, `${stranger} is not in the cast.`)] : [];
    }
    if (!nodes.has(binding.node)) return [fault(binding, `There is no node ${binding.node}.`)];
    const { target } = binding;
    if (target.type === 'member' && !(target.name in cast)) {
      return [fault(binding, `${target.name} is not in the cast.`)];
    }
    if (target.type === 'slot' && !(target.kind in slotKinds)) {
      const known = Object.keys(slotKinds).join(', ');
      return [{ ...fault(binding, `No slot takes a ${target.kind}.`), remedy: `Use ${known}.` }];
    }
    if (target.type === 'object' && !(target.kind in objectSubjects)) {
      const known = Object.keys(objectSubjects).join(', ');
      return [{ ...fault(binding, `No figure shows a ${target.kind}.`), remedy: `Use ${known}.` }];
    }
    return [];
  });
}

function unshownMembers(bindings: readonly Binding[], cast: Cast): BindingFault[] {
  const shown = new Set(
    bindings.flatMap((binding) =>
      binding.type === 'node' && binding.target.type === 'member' ? [binding.target.name] : [],
    ),
  );
  return Object.keys(cast)
    .filter((member) => !shown.has(member))
    .map((member) => ({
      line: 1,
      what: `No node shows ${member}, a member of the cast.`,
      remedy: `Add "%% bind node ID = ${member}".`,
    }));
}

const isSlot = (binding: Binding): binding is NodeBinding =>
  binding.type === 'node' && binding.target.type === 'slot';

/** The nodes that choose from the same objects. */
function slotsLike(binding: NodeBinding, bindings: readonly Binding[]): string[] {
  const wanted = JSON.stringify(labelsOf(binding));
  return bindings.flatMap((other) =>
    isSlot(other) && JSON.stringify(labelsOf(other)) === wanted ? [other.node] : [],
  );
}

const labelsOf = ({ target }: NodeBinding): unknown =>
  target.type === 'slot' ? [target.kind, target.labels] : undefined;

function fault(binding: NodeBinding | EdgeBinding, what: string): BindingFault {
  const remedy = 'Mend the binding, or the scenario it belongs to.';
  return { line: binding.line, what, remedy };
}
