import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { SELECTED_NODE } from '../api/storage.ts';
import type { Pod } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import { claimNames, podInfo, type PendingPod } from './pod-info.ts';
import { claimsOf, planVolumes, type VolumePlan } from './volume-plan.ts';

/**
 * Has a Pod's claims bound before the Pod is (plugins/volumebinding `PreBind`, v1.36): writes which
 * volume a claim gets, or at which node one is to be made, and waits until the volume controller has
 * done it, ten minutes at the longest.
 */
interface WaitingPod {
  readonly key: string;
  readonly uid: string;
  readonly node: string;
  readonly sinceMs: number;
  /** How often it was tried, this time included. */
  readonly attempts: number;
}

export interface BindingOutcome {
  readonly key: string;
  readonly uid: string;
  readonly node: string;
  readonly attempts: number;
  /** Undefined when all claims are bound. */
  readonly error?: string;
}

const TIMEOUT_MS = 600_000;
const FAILED = 'running PreBind plugin "VolumeBinding": ';

export class VolumeBindings {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #waiting: Table<string, WaitingPod>;
  readonly #timeout: EventType<{ uid: string; sinceMs: number }>;
  readonly #done: (outcome: BindingOutcome) => void;

  constructor(
    kernel: Kernel,
    client: Client,
    name: string,
    done: (outcome: BindingOutcome) => void,
  ) {
    this.#kernel = kernel;
    this.#client = client;
    this.#done = done;
    this.#waiting = kernel.store.table<WaitingPod>(`${name}/binding`);
    this.#timeout = kernel.event(`${name}/binding-timeout`, ({ uid, sinceMs }) => {
      const row = this.#waiting.get(uid);
      if (row?.sinceMs !== sinceMs) return;
      this.#waiting.delete(uid);
      this.#done({ ...row, error: `${FAILED}binding volumes: context deadline exceeded` });
    });
  }

  /** Whether the Pod can be bound at once; else its claims are seen to, and it waits. */
  begin(info: PendingPod, node: string, attempts: number): boolean {
    if (info.facts.claims.length === 0) return true;
    const claims = claimsOf(info, this.#client);
    const object = this.#client.get('nodes', '', node);
    if (typeof claims === 'string' || !object) return true;
    const plan = planVolumes(claims, object, this.#client);
    if (!('bind' in plan) || (plan.bind.length === 0 && plan.provision.length === 0)) return true;
    const { namespace, name, uid } = info;
    const sinceMs = this.#kernel.now;
    const row = { key: `${namespace}/${name}`, uid, node, sinceMs, attempts };
    this.#waiting.set(uid, row);
    const refused = this.#carryOut(plan, namespace, node);
    if (refused !== undefined) {
      this.#waiting.delete(uid);
      this.#done({ ...row, error: `${FAILED}${refused}` });
      return false;
    }
    this.#timeout.after(TIMEOUT_MS, { uid, sinceMs });
    return false;
  }

  /** Those whose claims are all bound by now; they wait no longer. */
  takeReady(): BindingOutcome[] {
    const ready: BindingOutcome[] = [];
    for (const [uid, row] of [...this.#waiting.entries()]) {
      const [namespace = '', name = ''] = row.key.split('/');
      const pod = this.#client.get('pods', namespace, name);
      if (pod?.metadata.uid === uid && !this.#areBound(pod)) continue;
      this.#waiting.delete(uid);
      ready.push(row);
    }
    return ready;
  }

  isWaiting(uid: string): boolean {
    return this.#waiting.size > 0 && this.#waiting.has(uid);
  }

  /** As after a start of the scheduler: forgets who waits, and says who did. */
  startOver(): BindingOutcome[] {
    const rows = [...this.#waiting.values()];
    for (const { uid } of rows) this.#waiting.delete(uid);
    return rows;
  }

  #areBound(pod: Pod): boolean {
    const info = podInfo(pod);
    return claimNames(info).every((name) => {
      const claim = this.#client.get('persistentvolumeclaims', info.namespace, name);
      return claim?.status.phase === 'Bound' && claim.spec.volumeName !== undefined;
    });
  }

  /** @returns what the API server would not take */
  #carryOut({ bind, provision }: VolumePlan, namespace: string, node: string): string | undefined {
    for (const { claim: name, volume } of bind) {
      const claim = this.#client.get('persistentvolumeclaims', namespace, name);
      const object = this.#client.get('persistentvolumes', '', volume);
      if (!claim || !object) continue;
      const { uid, resourceVersion } = claim.metadata;
      const { apiVersion, kind } = claim;
      const claimRef = { apiVersion, kind, namespace, name, uid, resourceVersion };
      const spec = { ...object.spec, claimRef };
      const written = this.#client.update('persistentvolumes', { ...object, spec });
      if (!written.ok) return written.failure.message;
    }
    for (const name of provision) {
      const claim = this.#client.get('persistentvolumeclaims', namespace, name);
      if (!claim || claim.metadata.annotations?.[SELECTED_NODE] === node) continue;
      const annotations = { ...claim.metadata.annotations, [SELECTED_NODE]: node };
      const metadata = { ...claim.metadata, annotations };
      const written = this.#client.update('persistentvolumeclaims', { ...claim, metadata });
      if (!written.ok) return written.failure.message;
    }
    return undefined;
  }
}
