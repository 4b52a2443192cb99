import type { Playback } from '../../scenarios/playback.ts';
import type { Binding, BindingFault, EdgeBinding, NodeBinding } from '../bindings.ts';
import type { Graph } from '../graph.ts';
import { nameOfTarget, type Cast } from './journeys.ts';
import { openFigure, slotKinds } from './open-figure.ts';
import { objectSubjects } from './subjects.ts';

/** A reader steps through a figure: more than so many steps are told by nobody. */
const STEP_LIMIT = 1000;

/**
 * Whether a figure shows its scenario: every binding meets what it names at some step, every member
 * of the cast takes part and is shown by a node, and there are no more steps than can be read. What
 * is amiss stops the build.
 */
export function faultsOfFigure(
  playback: Playback,
  bindings: readonly Binding[],
  graph: Graph,
  cast: Cast,
): BindingFault[] {
  const faults = [
    ...faultsOfNames(bindings, graph, cast),
    ...unshownMembers(bindings, cast),
    ...idleMembers(playback, cast),
    ...crowdedSteps(playback),
  ];
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
      faults.push({
        line: binding.line,
        what: `Nothing ever travels along ${binding.edge}: ${wayOf(binding)}.`,
        remedy: travels(playback, cast),
      });
    }
    if (binding.type === 'node' && binding.target.type === 'object' && !met.has(binding.node)) {
      faults.push(fault(binding, `${binding.node} never meets its object, ${thingOf(binding)}.`));
    }
    if (isSlot(binding) && !slotsLike(binding, bindings).some((node) => met.has(node))) {
      faults.push(
        fault(binding, `No ${thingOf(binding)} ever fills ${binding.node} or its neighbours.`),
      );
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
        (name) => !Object.hasOwn(cast, name) && !name.includes('/'),
      );
      return stranger ? [strangerIn(binding, stranger, cast)] : [];
    }
    if (!nodes.has(binding.node)) return [fault(binding, `There is no node ${binding.node}.`)];
    const { target } = binding;
    if (target.type === 'member' && !Object.hasOwn(cast, target.name)) {
      return [strangerIn(binding, target.name, cast)];
    }
    if (target.type === 'slot' && !Object.hasOwn(slotKinds, target.kind)) {
      const known = Object.keys(slotKinds).join(', ');
      return [{ ...fault(binding, `No slot takes a ${target.kind}.`), remedy: `Use ${known}.` }];
    }
    if (target.type === 'object' && !Object.hasOwn(objectSubjects, target.kind)) {
      const known = Object.keys(objectSubjects).join(', ');
      return [{ ...fault(binding, `No figure shows a ${target.kind}.`), remedy: `Use ${known}.` }];
    }
    return [];
  });
}

function strangerIn(binding: Binding, name: string, cast: Cast): BindingFault {
  const remedy = `The cast is ${Object.keys(cast).join(', ')}.`;
  return { line: binding.line, what: `${name} is not in the cast.`, remedy };
}

/** Members by whose names nobody ever acts, and nothing travels, before the story or in it. */
function idleMembers(playback: Playback, cast: Cast): BindingFault[] {
  const named = new Set<string>();
  for (const { actor, flow } of playback
    .worldAt(playback.records.length - 1)
    .kernel.trace.since(0)) {
    for (const name of flow ? [actor, flow.from, flow.to] : [actor]) named.add(name);
  }
  // Pods and containers act too, and are no member of a cast.
  const known = [...named].filter((name) => !name.includes(' '));
  return Object.entries(cast)
    .filter(([, names]) => !names.some((name) => named.has(name)))
    .map(([member, names]) => ({
      line: 1,
      what: `${member}, a member of the cast, never takes part as ${names.join(', ')}.`,
      remedy: `Write its names in scenario.yaml as the trace has them: ${known.join(', ')}.`,
    }));
}

function crowdedSteps({ records }: Playback): BindingFault[] {
  if (records.length <= STEP_LIMIT) return [];
  const counts = new Map<string, number>();
  for (const { flow, verb, object } of records) {
    const one = flow?.channel === 'request' ? 'request' : `${verb} ${object.split(' ')[0]}`;
    counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  const [[most, count] = ['', 0]] = [...counts].sort(([, a], [, b]) => b - a);
  const what = `The scenario has ${records.length} steps; ${STEP_LIMIT} are the most.`;
  const remedy = `Leave out what is no step in scenario.yaml: "omit: [${most}]" is ${count} of them.`;
  return [{ line: 1, what, remedy }];
}

/** Of what travels, so many ways are told to an author. */
const WAYS_TOLD = 16;

/** What does travel, as a binding would name it; what no member is called, as the trace has it. */
function travels({ records }: Playback, cast: Cast): string {
  const nameOf = (end: string): string => {
    const member = Object.entries(cast).find(([, names]) => names.includes(end))?.[0];
    const [, kind = '', name] = /^(container|Service) (?:[^/]+\/)?(\S+)$/.exec(end) ?? [];
    return member ?? (name === undefined ? `"${end}"` : `${kind.toLowerCase()}/${name}`);
  };
  const ways = new Set(
    records.flatMap(({ flow }) => {
      const [from, to] = flow ? [nameOf(flow.from), nameOf(flow.to)] : [];
      return flow && from !== to ? [`${flow.channel} ${from}->${to}`] : [];
    }),
  );
  const told = [...ways].slice(0, WAYS_TOLD).join(', ');
  return told === ''
    ? 'Nothing travels from one member to another in this scenario: remove the binding.'
    : `What travels in this scenario: ${told}${ways.size > WAYS_TOLD ? ' …' : ''}.`;
}

const wayOf = ({ channel, from, to }: EdgeBinding): string => `${channel} ${from}->${to}`;

function thingOf({ target }: NodeBinding): string {
  if (target.type !== 'slot') return nameOfTarget(target);
  const labels = Object.entries(target.labels).map((pair) => pair.join('='));
  return `${target.kind}[${labels.join(',')}]`;
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
  const remedy = 'Correct its name, or have a step of the scenario make it.';
  return { line: binding.line, what, remedy };
}
