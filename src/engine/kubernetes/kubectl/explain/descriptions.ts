import source from '../../api/schema/descriptions.json' with { type: 'json' };

/**
 * What upstream says of each field: the descriptions of the OpenAPI document v1.36 and of Gateway
 * API v1.6. They are heavy, and nothing but `kubectl explain` imports them.
 */
interface Source {
  readonly texts: readonly string[];
  /** Definition, then field (empty: the definition itself), to a place in `texts`. */
  readonly at: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly enums: Readonly<Record<string, readonly EnumValue[]>>;
}

export interface EnumValue {
  readonly value: string;
  readonly comment: string;
}

const { texts, at, enums } = source as Source;

/** The text about a definition, or about one of its fields; empty when there is none. */
export function descriptionOf(definition: string, field = ''): string {
  return texts[at[definition]?.[field] ?? -1] ?? '';
}

/** The values of an enumerated Go type, in order. */
export function enumValues(goName: string | undefined): readonly EnumValue[] {
  return (goName !== undefined && enums[goName]) || [];
}
