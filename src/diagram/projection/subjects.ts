import { findCondition } from '../../engine/kubernetes/apimachinery/object.ts';
import type { World } from '../../engine/world.ts';
import { compareSubjects } from './compare-subjects.ts';
import { dockerSubjects } from './docker-subjects.ts';
import type { NodeView } from './figure-view.ts';
import { kubernetesSubjects } from './kubernetes-subjects.ts';
import { viewOfSwarmNode, viewOfSwarmService } from './swarm-subjects.ts';

/**
 * How a node shows what it stands for: one function for each kind of object and for each kind of
 * cast member. A new figure needs no code as long as its nodes stand for these.
 */
export type Subject = (world: World, name: string) => NodeView;

/** By the kind in `%% bind node x = KIND/NAME`. */
export const objectSubjects: Readonly<Record<string, Subject>> = {
  ...dockerSubjects,
  ...compareSubjects,
  ...kubernetesSubjects,
  /** A cluster's; where it has none of that name, a swarm's. */
  service(world, name) {
    const ofCluster = kubernetesSubjects.service?.(world, name);
    if (world.cluster && ofCluster?.state !== 'empty') return ofCluster ?? {};
    const ofSwarm = viewOfSwarmService(world, name);
    return world.cluster && ofSwarm.state === 'empty' ? (ofCluster ?? {}) : ofSwarm;
  },
};

/** A machine of a cluster or of a swarm. */
function viewOfNode(world: World, name: string): NodeView {
  if (!world.cluster) return viewOfSwarmNode(world, name);
  const node = world.cluster?.client.get('nodes', '', name);
  const object = `Node ${name}`;
  if (!node) return { state: 'unknown', object };
  if (node.spec.unschedulable) return { state: 'cordoned', object };
  const condition = findCondition(node.status.conditions, 'Ready');
  return { state: condition?.status === 'True' ? 'running' : 'unknown', object };
}

/** A machine with a Docker daemon and nothing above it. */
function viewOfHost(world: World, name: string): NodeView {
  // `compose` without a number is the tool and no machine.
  if (!world.machines.some((machine) => machine.name === name)) {
    return { object: `component ${name}` };
  }
  const isUp = Array.isArray(world.look<unknown>(name, '/containers/json'));
  return { state: isUp ? 'running' : 'failed', object: `component ${name}` };
}

/** By a member's name, or by what stands before its first hyphen and number. */
export const memberSubjects: Readonly<Record<string, Subject>> = {
  etcd: (world) => ({
    state: 'running',
    badge: String(world.cluster?.revision ?? 0),
    object: 'component etcd',
  }),
  node: viewOfNode,
  swarm: viewOfSwarmNode,
  compose: viewOfHost,
  /** A control plane stands on a machine of its own. */
  control: viewOfNode,
  docker(world, name) {
    const image = world
      .images()
      .filter(({ reference }) => !reference.startsWith('docker.io/'))
      .at(-1);
    if (!image) return { state: 'empty', object: `component ${name}` };
    const badge = image.reference.slice(image.reference.lastIndexOf(':') + 1);
    return { state: 'succeeded', badge, object: `image ${image.reference}` };
  },
  registry(world, name) {
    const newest = world.namesInRegistries().at(-1);
    const object = `component ${name}`;
    return newest === undefined
      ? { state: 'running', object }
      : { state: 'running', badge: newest.slice(newest.lastIndexOf(':') + 1), object };
  },
  client(world) {
    const { served, failed } = world.load;
    if (served + failed === 0) return { object: 'component client' };
    const badge = failed === 0 ? `${served}` : `${served} / ${failed}`;
    return { state: failed === 0 ? 'running' : 'failed', badge, object: 'component client' };
  },
};

/** How a member of the cast shows; those without a subject of their own are simply there. */
export function viewOfMember(world: World, member: string): NodeView {
  const kind = member.replace(/-\d+$/, '');
  const subject = memberSubjects[member] ?? memberSubjects[kind];
  return subject ? subject(world, member) : { object: `component ${member}` };
}
