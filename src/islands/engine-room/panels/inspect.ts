import { captionOf } from '../../../diagram/captions.ts';
import { inspect as inspectBasics, type Inspection } from '../../../diagram/inspect.ts';
import {
  resourceByKind,
  RESOURCES,
  type ResourceInfo,
} from '../../../engine/kubernetes/api/resources.ts';
import { columnsOf, rowOf } from '../../../engine/kubernetes/api/tables/rows.ts';
import type { Cell } from '../../../engine/kubernetes/api/tables/columns.ts';
import type { KubeObject } from '../../../engine/kubernetes/apimachinery/object.ts';
import type { Decision } from '../../../engine/kubernetes/scheduler/decisions.ts';
import type { NodeVerdict } from '../../../engine/kubernetes/scheduler/verdict.ts';
import type { World } from '../../../engine/world.ts';
import { inspectStrings } from '../../../i18n/inspect.ts';
import { stateOf } from './cluster-objects.ts';
import { dockerFacts } from './docker-facts.ts';
import { lookAt } from './looked-at.ts';
import type {
  InspectCommand,
  InspectedObject,
  Look,
  ObjectRef,
  PlacementTold,
} from './messages.ts';

/** What an object is, how it is, why it is so, and by which commands more of it is shown. */
export function inspect(look: Look & ObjectRef): Promise<InspectedObject> {
  return lookAt(look, ({ world }) => inspected(world, look));
}

function inspected(world: World, look: Look & ObjectRef): InspectedObject {
  const basics = inspectBasics(world, look.object, look.locale);
  const { kind, info, object } = kubeObject(world, look.object);
  const better = object && info ? kubeFacts(world, info, object) : dockerFacts(world, look);
  const state = better?.state ?? basics.state;
  const placement = kind === 'Pod' && object ? placementOf(world, object) : undefined;
  return {
    title: basics.title,
    whatItIs: basics.whatItIs,
    state,
    stateText: inspectStrings[look.locale][`state.${state}`],
    facts: merged(basics.facts, better?.facts ?? []),
    why: basics.why.map((record) => ({
      record: record.id,
      timeMs: record.timeMs,
      caption: captionOf(record, look.locale),
    })),
    ...(placement && { placement }),
    commands: commandsFor(world, look, info, object),
  };
}

/** What the first list says goes before what another has under the same value. */
function merged(
  first: Inspection['facts'],
  more: readonly (readonly [string, string])[],
): InspectedObject['facts'] {
  const known = new Set(first.map(([, value]) => value));
  return [...first, ...more.filter(([, value]) => value !== '' && !known.has(value))];
}

interface Found {
  readonly kind: string;
  readonly info?: ResourceInfo;
  readonly object?: KubeObject;
}

/** An object of the cluster by its name in the trace. */
function kubeObject(world: World, named: string): Found {
  const [kind = '', key = ''] = named.split(' ', 2);
  const info = RESOURCES.find((resource) => resource.kind === kind);
  const [namespace, name] = key.includes('/') ? (key.split('/', 2) as [string, string]) : ['', key];
  const object = info && world.cluster?.client.get(info.resource, namespace, name);
  return { kind, ...(object && { info, object }) };
}

/** What `kubectl get -o wide` has in its columns. */
function kubeFacts(world: World, { resource }: ResourceInfo, object: KubeObject) {
  const cells = rowOf(resource, object, world.kernel.now);
  const facts = columnsOf(resource).map(
    ({ name }, at) => [name.toUpperCase(), plain(cells[at])] as const,
  );
  const labels = Object.entries(object.metadata.labels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  return {
    state: stateOf(world, resource, object).state,
    facts: [...facts.slice(1), ['LABELS', labels.join(', ')] as const],
  };
}

const plain = (cell: Cell | undefined): string =>
  cell === '<none>' || cell === undefined ? '' : String(cell);

/** How the scheduler's last try went, as long as it remembers; else as the trace has it. */
function placementOf(world: World, pod: KubeObject): PlacementTold | undefined {
  const { uid, namespace = '', name } = pod.metadata;
  const decision = world.kernel.store.tables().get('scheduler/main/decisions')?.get(uid) as
    Decision | undefined;
  if (decision) return decision;
  const told = world.kernel.trace
    .of(`Pod ${namespace}/${name}`)
    .findLast(({ reason }) => reason === 'Scheduled' || reason === 'FailedScheduling');
  if (!told) return undefined;
  const { verdicts = [], node } = (told.detail ?? {}) as {
    verdicts?: readonly NodeVerdict[];
    node?: string;
  };
  return { atMs: told.timeMs, message: told.message ?? '', verdicts, ...(node && { node }) };
}

/** Kinds of Docker's that `docker inspect` knows, by its `--type`. */
const DOCKER_KINDS: Readonly<Record<string, string>> = {
  container: 'container',
  image: 'image',
  volume: 'volume',
  network: 'network',
  node: 'node',
  service: 'service',
  task: 'task',
};

function commandsFor(
  world: World,
  { object: named, machine }: ObjectRef,
  info: ResourceInfo | undefined,
  object: KubeObject | undefined,
): InspectCommand[] {
  const prompts = world.machines.filter(({ shell }) => shell).map(({ name }) => name);
  const [prompt = ''] = prompts;
  if (prompt === '') return [];
  if (info && object) {
    const { namespace, name } = object.metadata;
    const word = resourceByKind(object.apiVersion, object.kind)?.singular ?? info.singular;
    const what = `${word} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;
    const line = (form: InspectCommand['form'], text: string) => ({
      form,
      line: text,
      machine: prompt,
    });
    return [
      line('describe', `kubectl describe ${what}`),
      line('yaml', `kubectl get ${what} -o yaml`),
      line('json', `kubectl get ${what} -o json`),
    ];
  }
  const [kind = '', name = ''] = named.split(' ', 2);
  const type = DOCKER_KINDS[kind];
  if (type === undefined || name === '') return [];
  // A task is known by its id, which its name ends with.
  const asked = kind === 'task' ? name.slice(name.lastIndexOf('.') + 1) : name;
  const inspectLine = `docker inspect --type ${type} ${asked}`;
  const far = machine !== undefined && machine !== prompt;
  const isHere = far && prompts.includes(machine);
  const line = far && !isHere ? `ssh ${machine} ${inspectLine}` : inspectLine;
  return [{ form: 'json', line, machine: isHere ? machine : prompt }];
}
