import type { KubeObject } from '../engine/kubernetes/apimachinery/object.ts';
import { fullReference } from '../engine/oci/reference.ts';
import type { TraceRecord } from '../engine/sim/trace.ts';
import type { World } from '../engine/world.ts';
import { inspectStrings, type InspectKey } from '../i18n/inspect.ts';
import type { Locale } from '../i18n/locales.ts';
import { canBeTold } from './captions.ts';
import { mountsOn, networkNamed, volumeOf } from './projection/container-parts.ts';
import { containerOf, stateOfContainer } from './projection/docker-subjects.ts';
import type { NodeState } from './projection/figure-view.ts';
import { stateOfPod } from './projection/pod-state.ts';
import { objectSubjects, viewOfMember } from './projection/subjects.ts';
import { hostOf, stateOfTask, statusOf, taskNamed } from './projection/swarm-subjects.ts';

/** What a click on an object tells: what it is, how it is, and why. */
export interface Inspection {
  /** `Pod web-5d9c7-x2k4q`, `registry`. */
  readonly title: string;
  readonly whatItIs: string;
  readonly state: NodeState | 'there';
  readonly stateText: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** From the first known cause to the last thing that was done to it. */
  readonly why: readonly TraceRecord[];
}

interface Found {
  readonly state: NodeState | 'there';
  readonly facts: readonly (readonly [key: FactKey, value: string | number | undefined])[];
}

type FactKey = Extract<InspectKey, `fact.${string}`>;
type Inspector = (world: World, namespace: string, name: string) => Found;

/** Reads an object by its trace name from the world as it is now. */
export function inspect(world: World, object: string, locale: Locale): Inspection {
  const strings = inspectStrings[locale];
  const [kind, key] = split(object, ' ');
  const [namespace, name] = key.includes('/') && kind !== 'image' ? split(key, '/') : ['', key];
  const inspector = inspectors[kind];
  const found: Found = inspector
    ? inspector(world, namespace, name)
    : { state: 'there', facts: [] };
  const sentence = sentenceOf(world, kind, name);
  const done = world.kernel.trace.of(object);
  const last = done.findLast(({ verb }) => !passing.has(verb));
  const wasRemoved = found === gone && done.some(({ verb }) => removing.has(verb));
  return {
    title: kind === 'component' ? name : `${kind} ${name}`,
    whatItIs: strings[sentence] ?? '',
    state: found.state,
    stateText: wasRemoved ? strings['state.gone'] : strings[`state.${found.state}`],
    facts: found.facts.flatMap(([fact, value]) =>
      value === undefined || value === '' ? [] : [[strings[fact], String(value)] as const],
    ),
    why: last ? world.kernel.trace.chain(last.id).filter(canBeTold) : [],
  };
}

/** The string that says what it is; there is none for everything. */
function sentenceOf(world: World, kind: string, name: string): InspectKey {
  if (kind !== 'component') return `kind.${kind}` as InspectKey;
  return isDockerHost(world, name) ? 'kind.machine' : (`component.${name}` as InspectKey);
}

const isDockerHost = (world: World, name: string): boolean =>
  world.machines.some((machine) => machine.name === name && machine.docker !== undefined);

/** Verbs of what merely passes an object by; they made it neither be nor change. */
const passing: ReadonlySet<string> = new Set(['request', 'answer', 'served', 'failed', 'notify']);

/** Verbs after which an object is there no more. */
const removing: ReadonlySet<string> = new Set(['delete', 'remove']);

const inspectors: Readonly<Record<string, Inspector>> = {
  Pod(world, namespace, name) {
    const pod = world.cluster?.client.get('pods', namespace, name);
    if (!pod) return gone;
    const statuses = pod.status.containerStatuses ?? [];
    return {
      state: stateOfPod(pod, world),
      facts: [
        ['fact.phase', pod.status.phase],
        ['fact.reason', statuses.map((status) => status.state?.waiting?.reason).find(Boolean)],
        ['fact.node', pod.spec.nodeName],
        ['fact.ip', pod.status.podIP],
        ['fact.image', pod.spec.containers.map((container) => container.image).join(', ')],
        ['fact.restarts', statuses.reduce((sum, status) => sum + status.restartCount, 0)],
        ['fact.owner', ownerOf(pod)],
      ],
    };
  },
  ReplicaSet(world, namespace, name) {
    const set = world.cluster?.client.get('replicasets', namespace, name);
    if (!set) return gone;
    const { readyReplicas = 0 } = set.status;
    const wanted = set.spec.replicas ?? 1;
    return {
      state: readyReplicas === wanted ? 'running' : 'starting',
      facts: [
        ['fact.replicas', `${readyReplicas}/${wanted}`],
        ['fact.image', set.spec.template?.spec.containers.map((c) => c.image).join(', ')],
        ['fact.owner', ownerOf(set)],
      ],
    };
  },
  Deployment(world, namespace, name) {
    const deployment = world.cluster?.client.get('deployments', namespace, name);
    if (!deployment) return gone;
    const { status, spec, metadata } = deployment;
    const view = objectSubjects.deployment?.(world, name);
    return {
      state: view?.state ?? 'there',
      facts: [
        ['fact.replicas', `${status.readyReplicas ?? 0}/${spec.replicas ?? 1}`],
        ['fact.updated', status.updatedReplicas],
        ['fact.available', status.availableReplicas],
        ['fact.revision', metadata.annotations?.['deployment.kubernetes.io/revision']],
        ['fact.image', spec.template.spec.containers.map((c) => c.image).join(', ')],
      ],
    };
  },
  Service(world, namespace, name) {
    const service = world.cluster?.client.get('services', namespace, name);
    if (!service) return gone;
    const view = objectSubjects.service?.(world, name);
    return {
      state: view?.state ?? 'there',
      facts: [
        ['fact.clusterIp', service.spec.clusterIP],
        ['fact.endpoints', view?.badge],
      ],
    };
  },
  Node(world, _namespace, name) {
    const node = world.cluster?.client.get('nodes', '', name);
    if (!node) return gone;
    return {
      state: viewOfMember(world, name).state ?? 'there',
      facts: [
        ['fact.podCidr', node.spec.podCIDR],
        ['fact.images', (node.status.images ?? []).map((image) => image.names?.[0]).join(', ')],
      ],
    };
  },
  container(world, _namespace, name) {
    const container = containerOf(world, name);
    if (!container) return gone;
    const { Status, Image, Mounts, NetworkSettings } = container;
    const addresses = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
    return {
      state: stateOfContainer(container),
      facts: [
        ['fact.status', Status],
        ['fact.image', Image],
        ['fact.ip', addresses.filter(Boolean).join(', ')],
        ['fact.mounts', listed(Mounts, (one) => `${one.Name ?? one.Source}:${one.Destination}`)],
      ],
    };
  },
  volume(world, _namespace, name) {
    const volume = volumeOf(world, name);
    if (!volume) return gone;
    const used = mountsOn(world, volume.machine).filter(([, { Name }]) => Name === name);
    return {
      state: 'there',
      facts: [
        ['fact.path', volume.found.Mountpoint],
        ['fact.mounts', listed(used, ([container, one]) => `${container}:${one.Destination}`)],
      ],
    };
  },
  network(world, _namespace, name) {
    const network = networkNamed(world, name)?.found;
    if (!network) return gone;
    return {
      state: 'there',
      facts: [
        ['fact.driver', network.Driver],
        ['fact.containers', listed(Object.values(network.Containers), (one) => one.Name)],
      ],
    };
  },
  node(world, _namespace, name) {
    const { state = 'there', badge } = viewOfMember(world, name);
    return { state, facts: [['fact.status', badge]] };
  },
  task(world, _namespace, name) {
    const task = taskNamed(world, name);
    if (!task) return gone;
    return {
      state: stateOfTask(world, task),
      facts: [
        ['fact.status', statusOf(world, task)],
        ['fact.node', hostOf(world, task)],
        ['fact.image', task.spec.ContainerSpec.Image],
      ],
    };
  },
  image(world, _namespace, name) {
    const reference = fullReference(name);
    const image = world.images().find((one) => one.reference === reference);
    if (!image) return gone;
    return {
      state: 'succeeded',
      facts: [
        ['fact.digest', image.digest],
        ['fact.layers', image.config.rootfs.diff_ids.length],
      ],
    };
  },
  component(world, _namespace, name) {
    if (name === 'registry') {
      const names = world.namesInRegistries().join(', ');
      return { state: 'running', facts: [['fact.tags', names]] };
    }
    if (isDockerHost(world, name)) return dockerHost(world, name);
    const view = viewOfMember(world, name);
    const { served, failed } = world.load;
    const facts: Found['facts'] =
      name === 'client'
        ? [
            ['fact.served', served],
            ['fact.failed', failed],
          ]
        : name === 'etcd'
          ? [['fact.revision', view.badge]]
          : [];
    return { state: view.state ?? 'there', facts };
  },
};

const gone: Found = { state: 'empty', facts: [] };

/** A machine by what its containers share: the kernel, and directories of it that they mount. */
function dockerHost(world: World, machine: string): Found {
  const { KernelVersion } = world.look<{ readonly KernelVersion?: string }>(machine, '/info');
  const bound = mountsOn(world, machine).filter(([, { Type }]) => Type === 'bind');
  const text = ([container, one]: (typeof bound)[number]) =>
    `${one.Source} → ${container}:${one.Destination}`;
  return {
    state: viewOfMember(world, machine).state ?? 'there',
    facts: [
      ['fact.kernel', KernelVersion],
      ['fact.mounts', listed(bound, text)],
    ],
  };
}

const listed = <T>(all: readonly T[], text: (one: T) => string): string => all.map(text).join(', ');

function ownerOf(object: KubeObject): string | undefined {
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
  return owner && `${owner.kind} ${owner.name}`;
}

/** Both sides of the first separator; the whole and nothing where there is none. */
function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
