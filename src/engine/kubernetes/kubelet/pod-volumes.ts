import type { EventType } from '../../sim/kernel.ts';
import { EMPTY_NODES, type NodeTree } from '../../machine/disk.ts';
import { textFile } from '../../oci/entry.ts';
import type { Container, Pod } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import { POD_UID } from './container-config.ts';
import type { ContainerMount } from './cri.ts';
import type { LookUp, Surroundings } from './environment/environment.ts';
import type { OwnFacts } from './environment/field-value.ts';
import { hostnameOf, hostsFile, resolvConf } from './network-files.ts';
import { nodeOf, type PodTable } from './pod-table.ts';
import { workKey, type PodWork } from './pod-worker-row.ts';
import { payloadOf } from './volumes/payload.ts';
import {
  isAccess,
  mountsOf,
  objectsOf,
  ownVolumes,
  podDirectory,
  setUpVolumes,
} from './volumes/volumes.ts';

/**
 * When the volumes of Pods are made, tried again, brought up to date and taken away
 * (pkg/kubelet/volumemanager/reconciler, pkg/volume/util/nestedpendingoperations, v1.36).
 */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 122_000;
/** A Pod is looked at at least this often (`syncFrequency`): then its volumes are refreshed. */
const SYNC_MS = 60_000;
/** How far the kubelet's cache is behind the API server at most. */
const CACHE_MS = 1000;

export class PodVolumes {
  readonly #pods: PodTable;
  readonly #refresh: EventType<{ key: string }>;

  constructor(pods: PodTable, client: Client) {
    this.#pods = pods;
    const { runtime, kernel } = pods.world;
    runtime.shows((machine, { labels = {} }, name) =>
      this.#show(workKey(machine, labels[POD_UID] ?? ''), name),
    );
    this.#refresh = kernel.event(`${pods.name}/refresh`, ({ key }) => this.#bringUpToDate(key));
    for (const resource of ['configmaps', 'secrets'] as const) {
      const keysOf = ({ namespace = '', name }: { namespace?: string; name: string }): string[] =>
        pods.madeOf(`${resource} ${namespace}/${name}`);
      client.watch(
        resource,
        resource,
        ({ type, object }) => type !== 'DELETED' && keysOf(object.metadata).length > 0,
        ({ object }) => {
          for (const key of keysOf(object.metadata)) this.#refreshLater(key);
        },
        ({ object }) => `kubelet/${pods.rows.get(keysOf(object.metadata)[0] ?? '')?.node ?? ''}`,
      );
    }
  }

  /** What is taken into a Pod's containers from outside. */
  around(work: PodWork): Surroundings {
    return new Around(this.#pods, work);
  }

  mounts(pod: Pod, container: Container, lookUp: LookUp, around: Surroundings): ContainerMount[] {
    if (!container.volumeMounts) return [];
    return mountsOf(pod, container, lookUp, this.#pods.world.runtime.files, around);
  }

  /** Makes what is not made yet; false when containers have to wait for it. */
  ensure(key: string, pod: Pod): boolean {
    const work = this.#pods.rows.need(key);
    const { unmounted } = work;
    if (!unmounted) return true;
    const { kernel, runtime } = this.#pods.world;
    const { now } = kernel;
    if (unmounted.againMs > now) {
      this.#pods.requeue(key, work, unmounted.againMs - now);
      return false;
    }
    const problems = setUpVolumes(pod, runtime.files, this.around(work), now);
    if (problems.length === 0) {
      this.#pods.update(key, { unmounted: undefined, objects: objectsOf(pod) });
      return true;
    }
    for (const { message } of problems) {
      this.#pods.reports.warn(nodeOf(pod), pod, '', 'FailedMount', message);
    }
    const delayMs = Math.min(unmounted.delayMs, LAST_RETRY_MS);
    const next = { delayMs: delayMs * 2, againMs: now + delayMs };
    this.#pods.update(key, { unmounted: next });
    this.#pods.requeue(key, work, delayMs);
    return false;
  }

  /** A Pod's volumes as it is admitted. */
  static pending(pod: Pod, nowMs: number): PodWork['unmounted'] {
    if (ownVolumes(pod).length === 0) return undefined;
    return { delayMs: FIRST_RETRY_MS, againMs: nowMs };
  }

  /** Takes away what lies on the node of a Pod that is gone. */
  clear({ node, uid }: PodWork): void {
    const { files } = this.#pods.world.runtime;
    if (files.node(node, podDirectory(uid))) files.removeTree(node, podDirectory(uid));
  }

  #refreshLater(key: string): void {
    const { kernel } = this.#pods.world;
    const delay = kernel.random('kubelet', 'refresh', key, kernel.now);
    this.#refresh.after(CACHE_MS + delay.integer(0, SYNC_MS), { key });
  }

  #bringUpToDate(key: string): void {
    const work = this.#pods.rows.get(key);
    const pod = work && this.#pods.podOf(work);
    const { kernel, runtime, isSilent } = this.#pods.world;
    if (!pod || work.isCleared || isSilent(work.node)) return;
    kernel.record({
      actor: `kubelet/${work.node}`,
      verb: 'refresh',
      object: `Pod ${work.namespace}/${work.name}`,
    });
    setUpVolumes(pod, runtime.files, this.around(work), kernel.now);
  }

  #show(key: string, name: string): NodeTree | undefined {
    const work = this.#pods.rows.get(key);
    const pod = work && this.#pods.podOf(work);
    if (!pod) return undefined;
    if (name === 'etc') {
      const { files } = this.#pods.world.runtime;
      const ofNode = work.hostNetwork && files.read(work.node, '/etc/hosts')?.content;
      return tree([
        { path: 'hosts', text: hostsFile(pod, work.ip, ofNode), mode: 0o644 },
        { path: 'hostname', text: `${hostnameOf(pod)}\n`, mode: 0o644 },
        { path: 'resolv.conf', text: resolvConf(pod), mode: 0o644 },
      ]);
    }
    const access = pod.spec.volumes?.find(isAccess);
    const payload = access && payloadOf(pod, access, this.around(work));
    return payload && 'files' in payload ? tree(payload.files) : undefined;
  }
}

function tree(files: readonly { path: string; text: string; mode: number }[]): NodeTree {
  let nodes: NodeTree = EMPTY_NODES;
  for (const { path, text, mode } of files) nodes = nodes.set(path, textFile(text, mode));
  return nodes;
}

/** What a Pod's containers may take in, found when it is asked for: most ask for nothing. */
class Around implements Surroundings {
  readonly #pods: PodTable;
  readonly #work: PodWork;

  constructor(pods: PodTable, work: PodWork) {
    this.#pods = pods;
    this.#work = work;
  }

  get client(): Client {
    return this.#pods.reports.reader;
  }

  get facts(): OwnFacts {
    const { client } = this;
    const { node, ip } = this.#work;
    return {
      podIp: ip,
      hostIp: this.#pods.nodes.need(node).ip,
      get allocatable() {
        return client.get('nodes', '', node)?.status.allocatable ?? {};
      },
    };
  }
}
