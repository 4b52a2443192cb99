/**
 * What a list is narrowed to: the JSON text `{"label":{"a":true}}` of a query (moby/moby v29.7
 * `daemon/internal/filters/parse.go`). The older form `{"label":["a"]}` is read as well.
 */
export type ReadFilters =
  | { readonly ok: true; readonly filters: Filters }
  | { readonly ok: false; readonly message: string };

const PATTERN_LIMIT = 1_000;

export class Filters {
  readonly #fields: ReadonlyMap<string, readonly string[]>;

  constructor(fields: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#fields = fields;
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0;
  }

  has(key: string): boolean {
    return this.#fields.has(key);
  }

  get(key: string): readonly string[] {
    return this.#fields.get(key) ?? [];
  }

  /** The others. */
  without(key: string): Filters {
    return new Filters(new Map([...this.#fields].filter(([name]) => name !== key)));
  }

  /** The refusal when a key is none of those accepted. */
  problem(accepted: readonly string[]): string | undefined {
    const other = [...this.#fields.keys()].find((key) => !accepted.includes(key));
    return other === undefined ? undefined : `invalid filter '${other}'`;
  }

  /** Nothing asked, or one value equals. */
  exact(key: string, text: string): boolean {
    const values = this.get(key);
    return values.length === 0 || values.includes(text);
  }

  /** As {@link exact}, or one value is a regular expression that is found in the text. */
  match(key: string, text: string): boolean {
    return this.exact(key, text) || this.get(key).some((value) => isFound(value, text));
  }

  /** As {@link exact}, or the text starts with one value. */
  fuzzy(key: string, text: string): boolean {
    return this.exact(key, text) || this.get(key).some((value) => text.startsWith(value));
  }

  /** Every value `name` or `name=value` holds of the pairs. */
  pairs(key: string, pairs: Readonly<Record<string, string>>): boolean {
    return this.get(key).every((wanted) => {
      const at = wanted.indexOf('=');
      const name = at === -1 ? wanted : wanted.slice(0, at);
      if (!Object.hasOwn(pairs, name)) return false;
      return at === -1 || pairs[name] === wanted.slice(at + 1);
    });
  }

  /** A switch; the refusal's words when it is neither or both. */
  flag(key: string): { readonly value: boolean | undefined } | { readonly message: string } {
    if (!this.has(key)) return { value: undefined };
    const values = this.get(key);
    const no = values.includes('0') || values.includes('false');
    const yes = values.includes('1') || values.includes('true');
    if (no !== yes) return { value: yes };
    const shown = values.length === 0 ? '' : `=[${values.join(' ')}]`;
    return { message: `invalid filter '${key}${shown}'` };
  }
}

/** A query's `filters`; none when it is empty. */
export function readFilters(text: string | undefined): ReadFilters {
  if (text === undefined || text === '') return { ok: true, filters: new Filters() };
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return INVALID;
  const fields = new Map<string, readonly string[]>();
  for (const [key, wanted] of Object.entries(value as Record<string, unknown>)) {
    if (Array.isArray(wanted)) fields.set(key, wanted.map(String));
    else if (typeof wanted === 'object' && wanted !== null) fields.set(key, Object.keys(wanted));
    else return INVALID;
  }
  return { ok: true, filters: new Filters(fields) };
}

const INVALID: ReadFilters = { ok: false, message: 'invalid filter' };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Simplified: a pattern in which a repetition repeats, whose search could take for ever here (Go's
 * takes linear time), and one that is no regular expression are looked for as they stand.
 */
function isFound(pattern: string, text: string): boolean {
  if (pattern.length > PATTERN_LIMIT || /[+*}][^(]*\)[+*{]/.test(pattern)) {
    return text.includes(pattern);
  }
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return text.includes(pattern);
  }
}
