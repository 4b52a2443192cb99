import type { FieldRequirement } from '../apimachinery/field-selector.ts';
import type { LabelSelector } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Result } from '../apimachinery/status.ts';
import type { Column } from './tables/columns.ts';
import type { ResourceName } from './resources.ts';
import type { Subresource, Verb } from './verbs.ts';

export type { FieldRequirement, Subresource, Verb };

/**
 * What the API server is asked and what it answers. Components in the control plane, kubelets and
 * kubectl all ask in this one language.
 */

/** The forms of a patch, by the last word of their content type; `apply` is server-side apply. */
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

/** Who asks, as authorisation sees it. */
export interface Identity {
  /** `kubernetes-admin`, `system:serviceaccount:default:jenkins`. */
  readonly name: string;
  readonly groups: readonly string[];
}

export interface ApiRequest {
  readonly verb: Verb;
  readonly resource: ResourceName;
  readonly subresource?: Subresource;
  readonly namespace?: string;
  readonly name?: string;
  /** The object of a create or update; the patch of a patch; the options of a connection. */
  readonly body?: unknown;
  /** Of a patch; a merge patch when left out. */
  readonly patchType?: PatchType;
  /** Under whose name the fields of a write are kept; server-side apply requires it. */
  readonly fieldManager?: string;
  /** Server-side apply takes over fields that others manage. */
  readonly force?: boolean;
  /** What to do about unknown and duplicate fields; the server's default is Warn. */
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  /** Who asks, by cast name: `kubectl`, `scheduler`, `kubelet/node-1`. */
  readonly user: string;
  /** As whom; components and kubernetes-admin, who need no permission, leave it out. */
  readonly identity?: Identity;
  readonly labelSelector?: LabelSelector;
  readonly fieldSelector?: readonly FieldRequirement[];
  /** For a list: so many at most; the answer's `continue` leads to the rest. */
  readonly limit?: number;
  readonly continueFrom?: string;
  readonly resourceVersion?: string;
  /** For a watch: when to answer although nothing has changed. */
  readonly timeoutMs?: number;
  readonly gracePeriodSeconds?: number;
  /** What becomes of what a deleted object owns. */
  readonly propagationPolicy?: PropagationPolicy;
  /** Deletes only the object that has this uid. */
  readonly uid?: string;
  /** Deletes only the object at this version. */
  readonly preconditionVersion?: string;
  /** For a list: server-side rows instead of objects. */
  readonly asTable?: boolean;
  /** Asks for the whole way, without leaving anything behind. */
  readonly dryRun?: boolean;
  /** Of a component's Event: well made, and not checked once more. */
  readonly wellMade?: true;
}

export interface ListAnswer<T extends KubeObject = KubeObject> {
  readonly resourceVersion: string;
  readonly items: readonly T[];
  /** There is more: what to ask for next as `continueFrom`. */
  readonly continue?: string;
  readonly remainingItemCount?: number;
  readonly table?: Table;
}

/** Rows as `meta.k8s.io/v1 Table` has them, with the object each row is about. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly cells: readonly (string | number | boolean)[];
  readonly object: KubeObject;
}

export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
  /** What it was before, for those in the same process as the watch. */
  readonly previous?: T;
  readonly row?: TableRow['cells'];
}

/** Changes since a resource version; `resourceVersion` is where to go on watching. */
export interface WatchAnswer {
  readonly resourceVersion: string;
  readonly events: readonly WatchEvent[];
  readonly columns: readonly Column[];
}

export interface Watcher<T extends KubeObject = KubeObject> {
  /** Unique in its cluster; names the queue its events wait in. */
  readonly id: string;
  readonly resource: ResourceName;
  /** The cast name of who is told of a change. */
  readonly to: (event: WatchEvent<T>) => string;
  /**
   * Which changes to be told of.
   *
   * Simplified: a real informer is told everything and drops what it does not need; here that is
   * never sent, so that a figure shows only what wakes someone.
   */
  readonly wants: (event: WatchEvent<T>) => boolean;
  readonly handle: (event: WatchEvent<T>) => void;
}

/**
 * Hears of every write of a kind while it is made: an absent side means that no object is there.
 * For what is derived from all objects of a kind and stands beside the tables; it is no watch, so
 * nothing may be done about a write, and whoever follows begins anew when the store's epoch changes.
 */
export type Follower<T extends KubeObject = KubeObject> = (
  before: T | undefined,
  after: T | undefined,
) => void;

/** Which processes of the control plane run: `kube-scheduler`, `kube-controller-manager` … */
export interface ComponentStates {
  isRunning(component: string): boolean;
  /** Called when a component that had stopped runs again. */
  onStart(component: string, listener: () => void): void;
}

/** The API server as a component holds it. */
export interface ApiDoor {
  readonly components: ComponentStates;
  request(request: ApiRequest): Result<unknown>;
  watch<T extends KubeObject>(watcher: Watcher<T>): void;
  /** Has somebody hear of every write of a resource, Events excepted; see {@link Follower}. */
  follow(resource: ResourceName, follower: Follower): void;
  /** Objects of a resource that an index term leads to; see `api/index-terms.ts`. */
  byIndex(resource: ResourceName, term: string): KubeObject[];
  /** How many objects an index term leads to, without fetching them. */
  countByIndex(resource: ResourceName, term: string): number;
  /** Another number whenever one of a kind of which there are few has changed. */
  stampOf(resource: ResourceName): number;
  read(resource: ResourceName, namespace: string, name: string): KubeObject | undefined;
  /** All objects of a resource, in one namespace or all (`''`), in key order. */
  scan(resource: ResourceName, namespace: string): Generator<KubeObject, void>;
}
