import type { Mapping } from '../tree/tree.ts';
import { PathTable, type Path } from '../tree/path-table.ts';
import { mapChildren } from '../tree/walk.ts';
import type { LongForm } from './long-form.ts';
import { LONG_FORMS } from './long-forms.ts';

/** Writes every short syntax in its long form (compose-go v2.13 `transform/canonical.go`). */
export interface CanonicalOptions {
  /** Leaves as it is what cannot be read: variables may still stand in it. */
  readonly keepUnreadable?: boolean;
  readonly warn: (text: string) => void;
}

const TABLE = new PathTable<LongForm>(LONG_FORMS);

export function canonical(document: Mapping, options: CanonicalOptions): Mapping {
  const walk = (value: unknown, path: Path): unknown => {
    const form = TABLE.get(path);
    return form ? form(value, { path, ...options, descend }) : descend(value, path);
  };
  const descend = (value: unknown, path: Path): unknown => mapChildren(value, path, walk);
  return descend(document, []) as Mapping;
}
