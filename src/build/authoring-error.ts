import { relative } from 'node:path';

/** A mistake in the content, told so that an author can mend it. `line` counts from 1. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly remedy: string;
}

/** `content/docs/ko/images/x.mdx:12: what happened. What to do.` */
export function describeFault(fault: Fault, root = process.cwd()): string {
  const file = fault.file.startsWith('/') ? relative(root, fault.file) : fault.file;
  return `${file}:${fault.line}: ${fault.what} ${fault.remedy}`;
}

/** Stops the build. Carries every fault found, so that one build tells all of them. */
export class AuthoringError extends Error {
  readonly faults: readonly Fault[];
  /** The first fault's place, as Astro and its MDX plugin read it. */
  readonly line: number;
  readonly column = 1;
  readonly loc: { readonly file: string; readonly line: number; readonly column: number };

  constructor(faults: readonly [Fault, ...Fault[]]) {
    super(faults.map((fault) => describeFault(fault)).join('\n'));
    this.name = 'AuthoringError';
    this.faults = faults;
    this.line = faults[0].line;
    this.loc = { file: faults[0].file, line: this.line, column: this.column };
    // Where the check stands in our own code would say nothing to an author.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** @throws AuthoringError with the faults of one file; there is at least one */
export function refuseFile(file: string, faults: readonly Omit<Fault, 'file'>[]): never {
  const [first, ...others] = faults.map((fault): Fault => ({ file, ...fault }));
  if (!first) throw new Error(`${file} was refused without a fault`);
  throw new AuthoringError([first, ...others]);
}

/** The authoring faults that `read` throws; none when it comes to its end. */
export function faultsOfReading(read: () => unknown): readonly Fault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof AuthoringError)) throw error;
    return error.faults;
  }
}
