import type { Extensions } from './plain-maps.ts';

/** `single` when one number was written, else `soft` and `hard`. */
export interface Ulimit {
  readonly single?: number;
  readonly soft?: number;
  readonly hard?: number;
  readonly extensions?: Extensions;
}
