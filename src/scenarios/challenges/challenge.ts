import type { Assertion, Localized, Step } from '../claims/claim-table.ts';

/**
 * An exercise: a world in which something is wrong or missing, and what must hold once the reader
 * has mended it. Written as `src/scenarios/challenges/<id>/challenge.yaml`, read by
 * `read-challenge.ts`, begun by `begin-challenge.ts` and judged by `judge-challenge.ts`.
 *
 *     preset: cluster
 *     title: { ko: …, en: … }
 *     brief: { ko: …, en: … }            # what is wished, never how
 *     hints:                             # one after the other, each says more
 *       - { ko: …, en: … }
 *     files: { web.yaml: "…" }           # optional, in the directory where people type
 *     setup:                             # lived before the reader begins, in the home directory;
 *                                        # each must succeed
 *       - kubectl apply -f web.yaml
 *     goal:
 *       - id: survives
 *         says: { ko: …, en: … }         # a sentence the reader sees as met or not
 *         script:                        # typed in a fork of the reader's world
 *           - drydock fault machine node-1 down && sleep 60
 *           - seen: curl -s localhost
 *         proof:                         # as in a comparison (claim-table.ts)
 *           - { of: seen, contains: hello }
 *         for: 60s                       # optional: it is asked again and again so long
 *     limits:                            # optional: what would be no solution, by what is typed
 *       - { forbids: "drydock fault", says: { ko: …, en: … } }
 *
 * Since a goal is asked in a fork, its script may break, load, rebuild and wait as it likes: the
 * reader's world never knows. So "nothing may fail during an update" is asked by updating.
 */
export interface Challenge {
  /** The folder's name. */
  readonly id: string;
  readonly preset: string;
  readonly title: Localized;
  readonly brief: Localized;
  readonly hints: readonly Localized[];
  readonly files: Readonly<Record<string, string>>;
  readonly setup: readonly string[];
  readonly goal: readonly Goal[];
  readonly limits: readonly Limit[];
}

/** A part of what is to be reached. */
export interface Goal {
  readonly id: string;
  readonly says: Localized;
  readonly steps: readonly Step[];
  readonly proof: readonly Assertion[];
  /** How long it must go on to hold; 0 asks once. */
  readonly holdMs: number;
}

/** What the reader must not type. */
export interface Limit {
  /** A regular expression for a typed line. */
  readonly forbids: string;
  readonly says: Localized;
}
