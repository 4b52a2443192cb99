/**
 * Tables of upstream facts, and how the engine is asked about a row. An adapter maps the input of
 * an area's rows to the engine's own functions and compares what they return; it knows no row, so
 * that another table of the same shape runs unchanged.
 */
export interface Row<Input = unknown, Expected = unknown> {
  readonly id: string;
  /** What is done; in some tables it stands inside the input. */
  readonly op?: string;
  /** The upstream test, document or source the row restates. */
  readonly from: string;
  readonly input: Input;
  readonly expect: Expected;
  readonly basis?: string;
  readonly note?: string;
}

export interface FactTable {
  readonly area: string;
  readonly cases: readonly Row[];
}

/** The table and the place of the row in it, for rows that continue the one before. */
export interface RowContext {
  readonly table: FactTable;
  readonly index: number;
}

export interface Verdict {
  readonly holds: boolean;
  /** What the engine said, for the report. */
  readonly got: unknown;
}

export interface Operation {
  /** The row's operation, as text or as a pattern of it. */
  readonly match: string | RegExp;
  readonly run: (row: Row, context: RowContext) => Verdict;
}

export interface Adapter {
  readonly area: string;
  readonly operations: readonly Operation[];
}

/** An operation whose rows have inputs and expectations of one shape. */
export function operation<Input, Expected>(
  match: string | RegExp,
  run: (row: Row<Input, Expected>, context: RowContext) => Verdict,
): Operation {
  return { match, run: (row, context) => run(row as Row<Input, Expected>, context) };
}

/** The name of what a row does, wherever it stands. */
export function operationOf({ op, input }: Row): string {
  return op ?? (input as { op?: string } | null)?.op ?? '';
}

export function findOperation({ operations }: Adapter, row: Row): Operation | undefined {
  const name = operationOf(row);
  return operations.find(({ match }) =>
    typeof match === 'string' ? match === name : match.test(name),
  );
}

/** Holds when the engine's answer is the expected value, member by member. */
export function compare(got: unknown, expected: unknown): Verdict {
  return { holds: sameValue(got, expected), got };
}

/** Whether two plain values are equal; the order of keys and absent members do not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
    sameValue(one[key], other[key]),
  );
}
