import { nodeTerm } from '../../engine/kubernetes/api/index-terms.ts';
import { podRequests } from '../../engine/kubernetes/api/pod-resources.ts';
import { isPodFinished } from '../../engine/kubernetes/api/pod.ts';
import { milliValue } from '../../engine/kubernetes/apimachinery/quantity.ts';
import type { World } from '../../engine/world.ts';
import type { StateName } from '../state-glyphs.ts';
import type { NodeView } from './figure-view.ts';
import { viewOfJob } from './job-view.ts';
import { stateOfPod } from './pod-state.ts';

/**
 * How nodes show what a cluster has besides its Pods: objects by kind and name, all of the namespace
 * `default`. A badge is a number or a word that a reader could ask kubectl for.
 */
const NAMESPACE = 'default';

const ready = (is: boolean): StateName => (is ? 'running' : 'starting');

/** How many of something are as wanted: `2/3`. */
function counted(object: string, is: number, wanted: number, settled: boolean): NodeView {
  return { state: ready(settled), badge: `${is}/${wanted}`, object };
}

type Subject = (world: World, name: string) => NodeView;

/** By how many of the Pods that are wanted are ready. */
function replicasOf(kind: string, resource: 'statefulsets' | 'replicasets'): Subject {
  return (world, name) => {
    const object = `${kind} ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get(resource, NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    const { replicas, readyReplicas = 0 } = found.status;
    const wanted = found.spec.replicas ?? 1;
    return counted(object, readyReplicas, wanted, readyReplicas === wanted && replicas === wanted);
  };
}

/** By the kind in `%% bind node x = KIND/NAME`. */
export const kubernetesSubjects: Readonly<Record<string, Subject>> = {
  deployment(world, name) {
    const object = `Deployment ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get('deployments', NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    const { replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = found.status;
    const wanted = found.spec.replicas ?? 1;
    const settled = readyReplicas === wanted && updatedReplicas === wanted && replicas === wanted;
    return counted(object, readyReplicas, wanted, settled);
  },
  statefulset: replicasOf('StatefulSet', 'statefulsets'),
  replicaset: replicasOf('ReplicaSet', 'replicasets'),
  /** By how many of the nodes that are to have one of its Pods have one that is ready. */
  daemonset(world, name) {
    const object = `DaemonSet ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get('daemonsets', NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    const { numberReady, desiredNumberScheduled } = found.status;
    const settled = numberReady === desiredNumberScheduled;
    return counted(object, numberReady, desiredNumberScheduled, settled);
  },
  /** By how many of its Pods have done their work. */
  job: viewOfJob,
  service(world, name) {
    const object = `Service ${NAMESPACE}/${name}`;
    const client = world.cluster?.client;
    if (!client?.get('services', NAMESPACE, name)) return { state: 'empty', object };
    const slices = client.select('endpointslices', NAMESPACE, {
      matchLabels: { 'kubernetes.io/service-name': name },
    });
    const endpoints = slices.flatMap((slice) => slice.endpoints);
    const count = endpoints.filter((endpoint) => endpoint.conditions.ready).length;
    return { state: ready(count > 0), badge: String(count), object };
  },
  /** `NAME:KEY`: the value of a key. */
  configmap(world, which) {
    const [name = '', key = ''] = which.split(':');
    const object = `ConfigMap ${NAMESPACE}/${name}`;
    const value = world.cluster?.client.get('configmaps', NAMESPACE, name)?.data?.[key];
    return value === undefined ? { state: 'empty', object } : { badge: value, object };
  },
  /** `NAME:KEY`: the value of a key as it is kept, in base64. */
  secret(world, which) {
    const [name = '', key = ''] = which.split(':');
    const object = `Secret ${NAMESPACE}/${name}`;
    const value = world.cluster?.client.get('secrets', NAMESPACE, name)?.data?.[key];
    return value === undefined ? { state: 'empty', object } : { badge: value, object };
  },
  /** By how many of its Jobs are under way. */
  cronjob(world, name) {
    const object = `CronJob ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get('cronjobs', NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    const active = found.status.active?.length ?? 0;
    return { state: active > 0 ? 'running' : 'pending', badge: String(active), object };
  },
  /** How many Pods a node has that have not ended; `pods/none` counts those without a node. */
  pods(world, node) {
    const isNone = node === 'none';
    const object = isNone ? 'component scheduler' : `Node ${node}`;
    const pods = [...(world.cluster?.client.scan('pods', NAMESPACE) ?? [])];
    const count = pods.filter(
      (pod) => (pod.spec.nodeName ?? 'none') === node && !isPodFinished(pod),
    ).length;
    if (count === 0) return { badge: '0', object };
    return { state: isNone ? 'pending' : 'running', badge: String(count), object };
  },
  /** A claim for storage, by its phase. */
  claim(world, name) {
    const object = `PersistentVolumeClaim ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get('persistentvolumeclaims', NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    const { phase } = found.status;
    return { state: phase === 'Bound' ? 'running' : 'pending', badge: phase, object };
  },
  /** A Pod by its name, with the node that it has. */
  pod(world, name) {
    const object = `Pod ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get('pods', NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    return { state: stateOfPod(found, world), badge: found.spec.nodeName ?? 'Pending', object };
  },
  /** `CLAIM:FILE`: what lies in a file of the claim's volume, whether or not a Pod uses it. */
  stored(world, which) {
    const [claim = '', file = ''] = which.split(':');
    const object = `PersistentVolumeClaim ${NAMESPACE}/${claim}`;
    const found = world.cluster?.client.get('persistentvolumeclaims', NAMESPACE, claim);
    const volume = world.cluster?.client.get('persistentvolumes', '', found?.spec.volumeName ?? '');
    const path = volume?.spec.hostPath?.path ?? volume?.spec.local?.path;
    const [term] = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    const [node] = term?.matchExpressions?.[0]?.values ?? [];
    if (path === undefined || node === undefined) return { state: 'empty', object };
    const content = world.files.read(node, `${path}/${file}`)?.content.trim();
    return content === undefined ? { object } : { badge: content, object };
  },
  /** What is measured against what is aimed at, of what is requested: `290% / 50%`. */
  hpa(world, name) {
    const object = `HorizontalPodAutoscaler ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get('horizontalpodautoscalers', NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    const { currentReplicas, desiredReplicas, currentMetrics = [] } = found.status;
    const measured = currentMetrics[0]?.resource?.current.averageUtilization;
    const aim = found.spec.metrics?.[0]?.resource?.target.averageUtilization;
    const badge = `${measured === undefined ? '?' : `${measured}%`} / ${aim}%`;
    return { state: ready(currentReplicas === desiredReplicas), badge, object };
  },
  /** The address that a Service's name stands for. */
  address(world, name) {
    const object = `Service ${NAMESPACE}/${name}`;
    const found = world.cluster?.client.get('services', NAMESPACE, name);
    if (!found) return { state: 'empty', object };
    return { state: 'running', badge: found.spec.clusterIP ?? '', object };
  },
  /** CPU of a node that no Pod has requested yet, as the scheduler counts it: `350m`. */
  room(world, node) {
    const object = `Node ${node}`;
    const client = world.cluster?.client;
    const found = client?.get('nodes', '', node);
    if (!client || !found) return { state: 'empty', object };
    const pods = client.byIndex('pods', nodeTerm(node)).filter((pod) => !isPodFinished(pod));
    const asked = pods.reduce((sum, { spec }) => sum + podRequests(spec).cpuMillis, 0);
    return { badge: `${milliValue(found.status.allocatable?.cpu) - asked}m`, object };
  },
};
