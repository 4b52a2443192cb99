import type { World } from '../../engine/world.ts';
import type { TraceRecord } from '../../engine/sim/trace.ts';
import { labelTerm } from '../../engine/kubernetes/api/index-terms.ts';
import type { Pod } from '../../engine/kubernetes/api/pod.ts';
import type { Playback } from '../../scenarios/playback.ts';
import type { Binding, NodeBinding } from '../bindings.ts';
import type { Graph } from '../graph.ts';
import { networkOf } from './container-parts.ts';
import type { FigureView, Journey, NodeView } from './figure-view.ts';
import { journeyOf, nameOfTarget, type Cast } from './journeys.ts';
import { jobsIn, viewOfJob } from './job-view.ts';
import { valueInPod } from './pod-contents.ts';
import { shortNameOf, stateOfPod, versionOf, waitOf } from './pod-state.ts';
import { occupy, type Slots } from './slots.ts';
import { objectSubjects, viewOfMember } from './subjects.ts';
import { machineOfTask, tasksIn, viewOfTask } from './swarm-subjects.ts';

/**
 * A figure looking at a lived scenario: what each node shows at each step, and what travels. Views
 * are made when they are asked for and kept, since a scrubbed figure asks for them again and again.
 */
export interface OpenFigure {
  viewAt(step: number): FigureView;
  journeyOf(step: number): Journey | undefined;
  /** The trace name of what a node shows at a step. */
  objectOf(node: string, step: number): string | undefined;
}

const NAMESPACE = 'default';

type SlotBinding = NodeBinding & { readonly target: { readonly type: 'slot' } };

/** The member of a trace's name, or the one on whose machine the Pod or task of that name runs. */
function memberAt(
  members: ReadonlyMap<string, string>,
  world: World,
  name: string,
): string | undefined {
  const known = members.get(name);
  if (known !== undefined) return known;
  const container = /^container (\S+)$/.exec(name)?.[1];
  if (container !== undefined) {
    const host = machineOfTask(world, container);
    return host === undefined ? `container/${container}` : members.get(host);
  }
  const service = /^Service [^/]+\/(.+)$/.exec(name)?.[1];
  if (service !== undefined) return `service/${service}`;
  const [, namespace = '', pod = ''] = /^Pod ([^/]+)\/(.+)$/.exec(name) ?? [];
  const node = world.cluster?.client.get('pods', namespace, pod)?.spec.nodeName;
  return node === undefined ? undefined : members.get(node);
}

/** What an end is called on the network that a request between containers goes by: `ip/web:app`. */
function endpointAt(world: World, end: string, { flow, detail }: TraceRecord): string[] {
  const [name, ...ends] = [end, flow?.from, flow?.to].map(
    (one) => /^container (\S+)$/.exec(one ?? '')?.[1],
  );
  if (name === undefined || detail?.ip === undefined) return [];
  const network = ends.map((one) => one && networkOf(world, one, detail.ip)).find(Boolean);
  return network === undefined ? [] : [`ip/${name}:${network}`];
}

export function openFigure(
  playback: Playback,
  bindings: readonly Binding[],
  graph: Graph,
  cast: Cast,
): OpenFigure {
  const groups = slotGroups(bindings);
  const members = new Map(
    Object.entries(cast).flatMap(([member, names]) => names.map((name) => [name, member])),
  );
  const views = new Map<number, FigureView>();
  const seats: Slots[][] = [];

  /** Who sits in which slot depends on all steps before, so seats are kept step by step. */
  function seatsAt(step: number): Slots[] {
    for (let i = seats.length; i <= step + 1; i++) {
      const world = playback.worldAt(i - 1);
      const before = seats[i - 1];
      seats[i] = groups.map(({ kind, labels, slots }, g) => {
        const names = slotKinds[kind]?.namesIn(world, labels) ?? [];
        return occupy(before?.[g] ?? [], names, slots.length);
      });
    }
    return seats[step + 1] ?? [];
  }

  function makeView(step: number): FigureView {
    const seated = seatsAt(step);
    const world = playback.worldAt(step);
    const nodes: Record<string, NodeView> = {};
    for (const binding of bindings) {
      if (binding.type !== 'node') continue;
      const { target } = binding;
      if (target.type === 'member') nodes[binding.node] = viewOfMember(world, target.name);
      if (target.type === 'object') {
        const subject = objectSubjects[target.kind];
        if (subject) nodes[binding.node] = subject(world, target.name);
      }
    }
    groups.forEach((group, g) => {
      group.slots.forEach((node, i) => {
        const name = seated[g]?.[i];
        const kind = slotKinds[group.kind];
        nodes[node] =
          kind && name !== undefined ? kind.view(world, name, group.labels) : { state: 'empty' };
      });
    });
    const record = playback.records[step];
    const member = record && memberAt(members, world, record.actor);
    const acting = member === undefined ? undefined : nodeOf(bindings, member);
    return acting === undefined ? { nodes } : { nodes, acting };
  }

  const figure: OpenFigure = {
    viewAt(step) {
      const known = views.get(step) ?? makeView(step);
      views.set(step, known);
      return known;
    },
    journeyOf(step) {
      const record = playback.records[step];
      if (!record?.flow) return undefined;
      const world = playback.worldAt(step);
      const namesOf = (end: string): string[] => {
        const member = memberAt(members, world, end);
        return [...(member === undefined ? [] : [member]), ...endpointAt(world, end, record)];
      };
      return journeyOf(record, bindings, graph, namesOf);
    },
    objectOf: (node, step) => figure.viewAt(step).nodes[node]?.object,
  };
  return figure;
}

/** What may sit in slots: which of a kind there are for some labels, oldest first, and how one shows. */
interface SlotKind {
  readonly namesIn: (world: World, labels: Readonly<Record<string, string>>) => readonly string[];
  readonly view: (world: World, name: string, labels: Readonly<Record<string, string>>) => NodeView;
}

export const slotKinds: Readonly<Record<string, SlotKind>> = {
  pod: {
    namesIn: (world, labels) => podsIn(world, labels).map((pod) => pod.metadata.name),
    view: viewOfPod,
  },
  job: { namesIn: jobsIn, view: viewOfJob },
  env: { namesIn: podsBeside, view: valueInPod },
  file: { namesIn: podsBeside, view: valueInPod },
  task: { namesIn: tasksIn, view: viewOfTask },
};

/** The same Pods in the same order as their own slots have them. */
function podsBeside(world: World, labels: Readonly<Record<string, string>>): string[] {
  const { name: _name, path: _path, ...ofPods } = labels;
  return podsIn(world, ofPods).map((pod) => pod.metadata.name);
}

interface SlotGroup {
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Node ids, slot 1 first. */
  readonly slots: readonly string[];
}

/** Slots that choose from the same objects fill in the order of their numbers. */
function slotGroups(bindings: readonly Binding[]): SlotGroup[] {
  const groups = new Map<string, Omit<SlotGroup, 'slots'> & { bound: SlotBinding[] }>();
  for (const binding of bindings) {
    if (binding.type !== 'node' || binding.target.type !== 'slot') continue;
    const { kind, labels } = binding.target;
    const key = JSON.stringify([kind, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const group = groups.get(key) ?? { kind, labels: { ...labels }, bound: [] };
    group.bound.push(binding as SlotBinding);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ kind, labels, bound }) => ({
    kind,
    labels,
    slots: [...bound].sort((a, b) => a.target.slot - b.target.slot).map((binding) => binding.node),
  }));
}

/**
 * Pods with these labels, in the order in which they came. The label `node` names their node, and is
 * empty for those that have none.
 */
function podsIn(world: World, labels: Readonly<Record<string, string>>): Pod[] {
  const client = world.cluster?.client;
  const { node, ...own } = labels;
  const [first] = Object.entries(own);
  if (!client) return [];
  const pods = first
    ? client.byIndex('pods', labelTerm(NAMESPACE, first[0], first[1]))
    : [...client.scan('pods', NAMESPACE)];
  return pods
    .filter((pod) =>
      Object.entries(own).every(([key, value]) => pod.metadata.labels?.[key] === value),
    )
    .filter((pod) => node === undefined || (pod.spec.nodeName ?? '') === node)
    .sort(byAge);
}

function byAge(a: Pod, b: Pod): number {
  const [older, younger] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (older !== younger) return older < younger ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

function viewOfPod(world: World, name: string): NodeView {
  const pod = world.cluster?.client.get('pods', NAMESPACE, name);
  if (!pod) return { state: 'empty' };
  const state = stateOfPod(pod, world);
  const wait = state === 'waiting' ? waitOf(pod, world.kernel.now) : undefined;
  return {
    state,
    ...(wait && { wait }),
    label: shortNameOf(pod),
    badge: versionOf(pod),
    object: `Pod ${NAMESPACE}/${pod.metadata.name}`,
  };
}

function nodeOf(bindings: readonly Binding[], member: string): string | undefined {
  const binding = bindings.find(
    (b): b is NodeBinding => b.type === 'node' && nameOfTarget(b.target) === member,
  );
  return binding?.node;
}
