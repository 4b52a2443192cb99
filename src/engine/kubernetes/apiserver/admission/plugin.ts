import type { ApiRequest } from '../../api/requests.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Failure } from '../../apimachinery/status.ts';
import type { Backend } from '../backend.ts';

/** What an admission plugin is asked and what it answers. */
export interface Attributes {
  readonly request: ApiRequest;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly namespace: string;
  readonly name: string;
  /** What an update replaces. */
  readonly previous?: KubeObject;
}

/** An object, perhaps changed; a failure; or an object whose admission is to be noted down. */
export type Admission = KubeObject | Failure | Reservation;

/** Admitted, with something to write once all others have agreed. */
export interface Reservation {
  readonly object: KubeObject;
  readonly commit: () => void;
}

export type Plugin = (backend: Backend, attributes: Attributes, object: KubeObject) => Admission;
