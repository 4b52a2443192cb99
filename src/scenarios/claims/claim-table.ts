/**
 * A comparison whose cells prove themselves: each cell says something in sentences, and each
 * sentence names what must be seen when the cell's commands are typed in a fresh world. Written as
 * `content/comparisons/<table>.yaml`, read by `read-claim-table.ts`, lived by `live-check.ts` and
 * judged by `judge.ts`.
 *
 *     title: { ko: …, en: … }                # of the table, its caption
 *     columns:
 *       - { id: docker, title: { ko: …, en: … } }
 *     rows:
 *       - id: unit                           # kebab-case, the cell's address with its column
 *         title: { ko: …, en: … }
 *         cells:
 *           docker:                          # every column has one
 *             preset: host
 *             files: { web.yaml: "…" }       # optional, in the directory where it is typed
 *             script:
 *               - docker run -d --name web nginx
 *               - listed: docker ps          # a name for what it prints
 *             says:
 *               - ko: …
 *                 en: …
 *                 proof:
 *                   - { of: listed, contains: web }
 *
 * A proof looks at one step (`of`, the last one when left out) by exactly one of `contains`,
 * `matches` (a regular expression), `prints` (all of it), `order` (texts that follow one another),
 * `exit: succeeds` or `exit: fails`, or a `number` (`lines`, `commands` typed so far, `seconds` it
 * took or, with `since: step`, that passed since that one ended; or a regular expression with one
 * group) that `is`, is `atLeast`, `atMost`, or `moreThan` or `lessThan` the same number of another
 * step. `not: true` turns it round.
 */
export type Language = 'ko' | 'en';

export const LANGUAGES: readonly Language[] = ['ko', 'en'];

export type Localized = Readonly<Record<Language, string>>;

/** A table whose form is right; whether it is true is another question. */
export interface ClaimTable {
  /** The file's name. */
  readonly id: string;
  readonly title: Localized;
  readonly columns: readonly ClaimColumn[];
  readonly rows: readonly ClaimRow[];
}

export interface ClaimColumn {
  readonly id: string;
  readonly title: Localized;
}

export interface ClaimRow extends ClaimColumn {
  /** One for each column, in the columns' order. */
  readonly cells: readonly ClaimCell[];
}

/** What holds of one platform, with the commands that show it. */
export interface ClaimCell {
  /** `row.column`: what a page links to. */
  readonly id: string;
  readonly column: string;
  readonly check: Check;
  readonly says: readonly Sentence[];
  readonly line: number;
}

export interface Sentence {
  readonly text: Localized;
  /** Never empty. */
  readonly proof: readonly Assertion[];
  readonly line: number;
}

/** What is typed, and in which world. Same check, same transcript. */
export interface Check {
  readonly preset: string;
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly name?: string;
  readonly command: string;
}

export interface Assertion {
  /** Index of the step it looks at. */
  readonly step: number;
  readonly not: boolean;
  readonly matcher: Matcher;
  readonly line: number;
}

export type Matcher =
  | { readonly kind: 'contains' | 'prints' | 'matches'; readonly text: string }
  | { readonly kind: 'order'; readonly texts: readonly string[] }
  | { readonly kind: 'exit'; readonly succeeds: boolean }
  | {
      readonly kind: 'number';
      readonly number: Measure;
      readonly relation: 'is' | 'atLeast' | 'atMost';
      readonly value: number;
    }
  | {
      readonly kind: 'compare';
      readonly number: Measure;
      readonly relation: 'moreThan' | 'lessThan';
      readonly other: number;
    };

export type Measure =
  | { readonly kind: 'lines' | 'commands' }
  | { readonly kind: 'seconds'; readonly since?: number }
  | { readonly kind: 'found'; readonly pattern: string };
