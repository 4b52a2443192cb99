import { Subject, type Value } from './value.ts';

/**
 * Values of Go whose type tells more than their JSON does: what was left out is the zero value, and
 * some are shown otherwise than they are written.
 */

/** A value that is shown in words of its own (`String`), such as a duration. */
export class Worded extends Subject {
  readonly words: string;
  /** What `%s` shows, where that is something else. */
  readonly bare: string;
  readonly written: Value;

  constructor(type: string, words: string, written: Value, bare = words) {
    super(type, { String: () => words });
    this.words = words;
    this.bare = bare;
    this.written = written;
  }

  override json(): Value {
    return this.written;
  }

  override isTrue(): boolean {
    return this.written !== 0;
  }
}

/** A pointer to nothing. */
export class Nil extends Subject {
  constructor(type: string) {
    super(type, {});
  }

  override json(): Value {
    return null;
  }

  override isTrue(): boolean {
    return false;
  }
}

/** A field of a struct: of a name, or embedded, so that its own fields are the struct's, too. */
interface StructField {
  readonly name: string;
  readonly isEmbedded: boolean;
  readonly value: () => Value;
}

export class Struct extends Subject {
  readonly all: readonly StructField[];
  readonly #written: Value;

  constructor(type: string, all: readonly StructField[], written: Value) {
    super(type, promoted(all));
    this.all = all;
    this.#written = written;
  }

  override json(): Value {
    return this.#written;
  }
}

/** The struct's own fields hide those of what is embedded. */
function promoted(all: readonly StructField[]): Record<string, () => Value> {
  const members: Record<string, () => Value> = {};
  for (const { isEmbedded, value } of all) {
    const inner = isEmbedded ? value() : undefined;
    if (inner instanceof Struct) Object.assign(members, inner.members);
  }
  for (const { name, value } of all) members[name] = () => value();
  return members;
}
