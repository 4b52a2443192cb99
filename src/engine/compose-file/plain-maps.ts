/** Attributes that begin with `x-`, as they were written. */
export type Extensions = Readonly<Record<string, unknown>>;

export type StringMap = Readonly<Record<string, string>>;

/** An environment or build argument; null has no value of its own (and none was found). */
export type OptionalStringMap = Readonly<Record<string, string | null>>;
