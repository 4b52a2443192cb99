import { goTime } from '../../docker/go-time.ts';
import type { Stored } from '../objects.ts';

/** What every object begins with on the wire. */
export interface Meta {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
}

export const metaOf = ({ id, version, createdAtMs, updatedAtMs }: Stored): Meta => ({
  ID: id,
  Version: { Index: version },
  CreatedAt: goTime(createdAtMs),
  UpdatedAt: goTime(updatedAtMs),
});
