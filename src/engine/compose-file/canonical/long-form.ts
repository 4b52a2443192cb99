import type { Path } from '../tree/path-table.ts';

/** Where a short syntax is met. */
export interface Place {
  readonly path: Path;
  readonly keepUnreadable?: boolean;
  readonly warn: (text: string) => void;
  /** The value with what is below it in long form. */
  readonly descend: (value: unknown, path: Path) => unknown;
}

/** The value in its long form; one that has it already as it is. */
export type LongForm = (value: unknown, place: Place) => unknown;
