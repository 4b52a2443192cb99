/**
 * How one kind of value stands in the normal form and how it is written again. A shape (a table of
 * fields with their codecs) reads a document, prints it in the order of `docker compose config` and
 * feeds the configuration hash, so an attribute is told once.
 * Modelled on the struct tags and methods of compose-go v2.13 `types/*.go`.
 */
export interface Codec {
  /** The value of the normal form; undefined when there is none. */
  readonly decode: (value: unknown, at: string) => unknown;
  /** Whether printing leaves the value out. */
  readonly isZero: (value: unknown) => boolean;
  /** The value as YAML writes it. */
  readonly yaml: (value: unknown) => unknown;
  /** The value as JSON writes it; as YAML does when left out. */
  readonly json?: (value: unknown) => unknown;
}

export interface FieldRules {
  /** Printed even when it is zero, as long as it is set (a Go pointer). */
  readonly pointer?: boolean;
  /** Printed always. */
  readonly always?: boolean;
  /** Printed always in JSON, as `null` or `{}` when there is none. */
  readonly alwaysInJson?: 'null' | 'empty';
  /** Its name in JSON when it is another. */
  readonly jsonName?: string;
  /** Kept in the normal form but printed nowhere. */
  readonly hidden?: boolean;
}

export type Field = readonly [name: string, codec: Codec, rules?: FieldRules];

export const jsonOf = (codec: Codec, value: unknown): unknown =>
  codec.json ? codec.json(value) : codec.yaml(value);
