import type { Kernel } from '../../sim/kernel.ts';
import type { Index, Table } from '../../sim/store.ts';
import type { Addresses } from '../../net/address.ts';
import type { Http } from '../../net/http.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Container, Pod } from '../api/pod.ts';
import type { ApiDoor } from '../api/requests.ts';
import type { ContainerRuntime } from './cri.ts';
import { PodReports } from './pod-reports.ts';
import { PulledImages } from './pulled-images.ts';
import { NEW_CONTAINER, type ContainerWork, type PodWork } from './pod-worker-row.ts';

/** What kubelets stand on. */
export interface KubeletWorld {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly door: ApiDoor;
  readonly http: Http;
  readonly addresses: Addresses;
  readonly runtime: ContainerRuntime;
  /** Whether a node's kubelet has stopped. */
  readonly isSilent: (node: string) => boolean;
  readonly cluster: string;
  /** Told that an image came to a node. */
  readonly imageCame?: (node: string) => void;
}

/** A node as its kubelet knows it: its address, and the pool of its Pods' addresses. */
export interface NodeAddress {
  readonly ip: string;
  readonly pool: string;
}

/** Which container of which Pod something is about, and which start of it. */
export interface About {
  readonly key: string;
  readonly container: string;
  readonly id: string;
}

/** A container, its Pod, and what the kubelet remembers of both. */
export interface Found {
  readonly work: PodWork;
  readonly state: ContainerWork;
  readonly pod: Pod;
  readonly container: Container;
}

/**
 * What the parts of the kubelet share: a row for each Pod on a node, the nodes, and the ways to
 * change, find, report and look at a Pod again.
 */
export class PodTable {
  readonly world: KubeletWorld;
  /** What the names of tables and events begin with. */
  readonly name: string;
  readonly rows: Table<string, PodWork>;
  readonly nodes: Table<string, NodeAddress>;
  readonly reports: PodReports;
  /** What is known of the images of nodes. */
  readonly images: PulledImages;
  readonly #byObject: Index<string, PodWork>;
  #lookAgain: (queued: string, delayMs: number) => void = () => undefined;

  constructor(world: KubeletWorld) {
    const { kernel, door, isSilent, cluster } = world;
    this.world = world;
    this.name = `kubelet/${cluster}`;
    this.rows = kernel.store.table<PodWork>(`${this.name}/pods`);
    this.nodes = kernel.store.table<NodeAddress>(`${this.name}/nodes`);
    this.#byObject = this.rows.index(({ objects }) => objects ?? []);
    this.images = new PulledImages(kernel, this.name);
    this.reports = new PodReports(kernel, door, isSilent);
  }

  /** How a Pod is looked at again; see kubelet.ts. */
  onLook(lookAgain: (queued: string, delayMs: number) => void): void {
    this.#lookAgain = lookAgain;
  }

  /** Changes what is remembered of a container; gives the Pod's new row. */
  change(
    key: string,
    container: string,
    change: Partial<ContainerWork>,
    work = this.rows.need(key),
  ): PodWork {
    const state = { ...(work.containers[container] ?? NEW_CONTAINER), ...change };
    const next = { ...work, containers: { ...work.containers, [container]: state } };
    this.rows.set(key, next);
    return next;
  }

  update(key: string, change: Partial<PodWork>): PodWork {
    const next = { ...this.rows.need(key), ...change };
    this.rows.set(key, next);
    return next;
  }

  requeue(key: string, { namespace, name }: PodWork, delayMs: number): void {
    this.#lookAgain(`${key} ${namespace}/${name}`, delayMs);
  }

  /** The Pod of a row, if it is still that Pod. */
  podOf({ namespace, name, uid }: PodWork): Pod | undefined {
    const pod = this.reports.reader.get('pods', namespace, name);
    return pod?.metadata.uid === uid ? pod : undefined;
  }

  /** A container of a Pod that is there; undefined when either has gone. */
  find(key: string, container: string): Found | undefined {
    const work = this.rows.get(key);
    const state = work?.containers[container];
    const pod = state && this.podOf(work);
    const spec = pod && containerNamed(pod, container);
    return pod && spec && { work, state, pod, container: spec };
  }

  /** The same container in the start that `about` tells of. */
  findStart({ key, container, id }: About): Found | undefined {
    const found = this.find(key, container);
    return found?.state.id === id ? found : undefined;
  }

  /** Pods whose volumes are made of an object: `configmaps default/settings`. */
  madeOf(object: string): string[] {
    return this.#byObject.keys(object);
  }

  /** Writes the Pod's status if it has changed; false when it should be tried again. */
  report(key: string): boolean {
    const work = this.rows.get(key);
    const pod = work && this.podOf(work);
    return !work || !pod || this.reportOf(work, pod);
  }

  /** The same for whoever has both as they are now. */
  reportOf(work: PodWork, pod: Pod): boolean {
    return this.reports.status(work, pod, this.nodes.need(work.node).ip);
  }
}

function containerNamed({ spec }: Pod, wanted: string): Container | undefined {
  const isWanted = ({ name }: Container): boolean => name === wanted;
  return (
    spec.containers.find(isWanted) ??
    spec.initContainers?.find(isWanted) ??
    spec.ephemeralContainers?.find(isWanted)
  );
}

export const nodeOf = (pod: Pod): string => pod.spec.nodeName ?? '';
