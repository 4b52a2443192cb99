/** A column of server-side output; columns of priority 1 show with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly priority: 0 | 1;
}

/** Columns by name; those of wide output follow after `wide`. */
export function columns(names: readonly string[], wide: readonly string[] = []): Column[] {
  const narrow = names.map((name): Column => ({ name, priority: 0 }));
  return [...narrow, ...wide.map((name): Column => ({ name, priority: 1 }))];
}

export type Cell = string | number | boolean;
