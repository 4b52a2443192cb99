import type { LineRange } from '../dockerfile/ast.ts';

/** Why a build cannot be planned, in BuildKit's words, and the lines each excerpt points at. */
export class Fault extends Error {
  readonly locations: readonly LineRange[];

  constructor(message: string, locations: readonly (LineRange | undefined)[] = []) {
    super(message);
    this.locations = locations.filter((lines) => lines !== undefined);
  }

  at(lines: LineRange | undefined): Fault {
    return new Fault(this.message, [...this.locations, lines]);
  }
}

/** Does work whose fault belongs to an instruction. */
export function located<T>(lines: LineRange | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Fault ? error.at(lines) : error;
  }
}
