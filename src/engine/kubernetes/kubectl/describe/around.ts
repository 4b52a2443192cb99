import type { Event } from '../../api/cluster-objects.ts';
import type { FieldRequirement } from '../../api/requests.ts';
import type { ResourceKinds, ResourceName } from '../../api/resources.ts';
import type { LabelSelector } from '../../apimachinery/label-selector.ts';
import type { KubeObject } from '../../apimachinery/object.ts';

/** Other objects that a description tells of. */
export interface Need {
  readonly resource: ResourceName;
  readonly namespace: string;
  readonly labelSelector?: LabelSelector;
  readonly fieldSelector?: readonly FieldRequirement[];
}

/** What is known beside the object that is described. */
export interface Around {
  readonly nowMs: number;
  /** Absent when no events are wanted. */
  readonly events?: readonly Event[];
  /** The needed objects of a resource. */
  readonly all: <R extends ResourceName>(resource: R) => readonly ResourceKinds[R][];
}

/** The description of one kind. */
export interface Describer<T extends KubeObject> {
  readonly needs?: (object: T) => readonly Need[];
  /** Kinds that never show their events. */
  readonly silent?: boolean;
  readonly text: (object: T, around: Around) => string;
}
