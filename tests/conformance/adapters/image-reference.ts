import { pathMatch } from '../../../src/engine/oci/path-match.ts';
import {
  ANCHORED_NAME,
  DOMAIN,
  IDENTIFIER,
  REFERENCE,
} from '../../../src/engine/oci/reference-grammar.ts';
import {
  familiarMatch,
  familiarName,
  familiarString,
  formatReference,
  nameOf,
  parseAnyReference,
  parseCanonicalReference,
  parseDockerReference,
  parseName,
  parseRawReference,
  parseReference,
  withDigest,
  withTag,
  type ParsedReference,
  type Reference,
} from '../../../src/engine/oci/reference.ts';
import { compare, operation, type Adapter, type Row, type Verdict } from '../adapter.ts';

interface Text {
  readonly ref: string;
  readonly name: string;
  readonly text: string;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly pattern: string;
}

type Expected = Readonly<Record<string, unknown>>;

/** Compares what the row speaks of; a reference can say more of itself. */
function only(got: Readonly<Record<string, unknown>>, { expect }: Row<unknown, Expected>): Verdict {
  const named = Object.keys(expect).map((key) => [key, got[key]]);
  return compare(Object.fromEntries(named), expect);
}

function describe(parsed: ParsedReference): Record<string, unknown> {
  if (!parsed.ok) return { valid: false, error: parsed.code, errorText: parsed.message };
  const { reference } = parsed;
  const { domain, path, tag, digest } = reference;
  return {
    valid: true,
    domain,
    path,
    name: nameOf(reference),
    tag: tag ?? null,
    digest: digest ?? null,
    string: formatReference(reference),
    full: formatReference(reference),
    familiar: familiarName(reference),
    familiarName: familiarName(reference),
    familiarString: familiarString(reference),
    hasTag: tag !== undefined,
    hasDigest: digest !== undefined,
    isNamed: true,
  };
}

const parsing = (match: string, parse: (text: string) => ParsedReference) =>
  operation<Text, Expected>(match, (row) => only(describe(parse(row.input.ref)), row));

function attach(row: Row<Text, Expected>, order: readonly ('tag' | 'digest')[]): Verdict {
  let parsed = parseName(row.input.name);
  for (const part of order) {
    const value = row.input[part];
    const add = part === 'tag' ? withTag : withDigest;
    if (parsed.ok && value !== null && value !== undefined) parsed = add(parsed.reference, value);
  }
  return only(describe(parsed), row);
}

/** A text that does not match is a row that says so and no more. */
function grammar(match: string, read: (text: string) => Record<string, unknown> | undefined) {
  return operation<Text, Expected>(match, (row) => {
    const got = read(row.input.text);
    return only(got ? { match: true, ...got } : { match: false }, row);
  });
}

function familiarRow(row: Row<Text, Expected>): Verdict {
  const { ref, pattern } = row.input;
  const parsed = parseAnyReference(ref);
  if (!parsed.ok) return compare(parsed.code, row.expect);
  const reference: Reference | undefined = parsed.reference;
  const got = reference ? familiarMatch(pattern, reference) : pathMatch(pattern, ref);
  return only(got === 'bad-pattern' ? { error: got } : { match: got }, row);
}

export const adapter: Adapter = {
  area: 'image-reference',
  operations: [
    parsing('parse (raw, no docker.io normalisation)', parseRawReference),
    parsing('parse normalised', parseReference),
    parsing('parse only if already canonical', parseCanonicalReference),
    operation<Text, Expected>(/^docker pull\/run reference/, (row) =>
      only(describe(parseDockerReference(row.input.ref)), row),
    ),
    operation<Text, Expected>('parse id | digest | name', (row) => {
      const parsed = parseAnyReference(row.input.ref);
      if (parsed.ok && !parsed.reference) {
        return only({ valid: true, string: parsed.digest, isDigestOnly: true }, row);
      }
      return only({ ...describe(parsed), isDigestOnly: false }, row);
    }),
    operation<Text, Expected>(/^accept as bare repository name/, (row) =>
      only(describe(parseName(row.input.name)), row),
    ),
    operation<Text, Expected>('split raw name into domain/path', (row) =>
      only(describe(parseName(row.input.name)), row),
    ),
    operation<Text, Expected>('attach tag', (row) => attach(row, ['digest', 'tag'])),
    operation<Text, Expected>('attach digest', (row) => attach(row, ['tag', 'digest'])),
    operation<Text, Expected>(/^familiar glob match/, familiarRow),
    grammar('whole-string match of registry domain[:port]', (text) =>
      DOMAIN.test(text) ? {} : undefined,
    ),
    grammar('whole-string match of 64-hex image identifier', (text) =>
      IDENTIFIER.test(text) ? {} : undefined,
    ),
    grammar('whole-string match of [domain/]path', (text) => {
      const match = ANCHORED_NAME.exec(text);
      return match ? { domain: match[1] ?? '', path: match[2] } : undefined;
    }),
    grammar('whole-string match of name[:tag][@digest]', (text) => {
      const match = REFERENCE.exec(text);
      return match ? { name: match[1], tag: match[2] ?? '', digest: match[3] ?? '' } : undefined;
    }),
  ],
};
