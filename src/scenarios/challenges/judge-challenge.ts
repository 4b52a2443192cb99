import type { Session } from '../../engine/session.ts';
import { atOnce, type Breathing } from '../../engine/sim/breath.ts';
import { SECOND } from '../../engine/sim/clock.ts';
import type { Localized } from '../claims/claim-table.ts';
import { faultOf } from '../claims/judge.ts';
import { hasBegun, linesTyped } from './begin-challenge.ts';
import type { Challenge, Goal, Limit } from './challenge.ts';
import { inFork, type Fork } from './fork.ts';

/** How a session stands to an exercise's goal. */
export interface Verdict {
  /** Every part is met, nothing was typed that is forbidden, and the set-up was not taken back. */
  readonly met: boolean;
  /** False where time was turned back into the set-up. */
  readonly begun: boolean;
  /** In the goal's order. */
  readonly parts: readonly PartVerdict[];
  readonly broken: readonly BrokenLimit[];
}

export interface PartVerdict {
  readonly id: string;
  readonly says: Localized;
  readonly met: boolean;
  /** Why not: the command that was asked, and what it printed. */
  readonly why?: string;
}

export interface BrokenLimit {
  readonly says: Localized;
  readonly typed: string;
}

/** So long after one asking the next, while a part has to go on to hold. */
const ASKED_EVERY_MS = 10 * SECOND;

/** Asks each part of the goal in a fork of its own: the session is afterwards as it was. */
export function judgeChallenge(session: Session, challenge: Challenge): Verdict {
  return atOnce(judgingChallenge(session, challenge));
}

/** As `judgeChallenge`, with breaths, in which the session's world is somewhere else. */
export function* judgingChallenge(session: Session, challenge: Challenge): Breathing<Verdict> {
  const parts: PartVerdict[] = [];
  for (const goal of challenge.goal) {
    const why = yield* inFork(session, (fork) => seeingWhyNot(fork, goal));
    const { id, says } = goal;
    parts.push({ id, says, met: why === undefined, ...(why === undefined ? {} : { why }) });
  }
  const typed = linesTyped(session, challenge);
  const broken = challenge.limits.flatMap((limit) => brokenBy(limit, typed));
  const begun = hasBegun(session, challenge);
  const met = begun && broken.length === 0 && parts.every((part) => part.met);
  return { met, begun, parts, broken };
}

/** Why a part does not hold, now or at some time of its span; undefined when it does. */
function* seeingWhyNot(fork: Fork, { steps, proof, holdMs }: Goal): Breathing<string | undefined> {
  const endMs = fork.now + holdMs;
  for (;;) {
    const askedMs = fork.now;
    const { lived, fault } = yield* fork.asking(steps);
    const why = fault ?? proof.flatMap((assertion) => faultOf(assertion, lived) ?? [])[0];
    if (why !== undefined || askedMs >= endMs) return why;
    yield* fork.advancing(Math.min(askedMs + ASKED_EVERY_MS, endMs));
  }
}

function brokenBy({ forbids, says }: Limit, typed: readonly string[]): readonly BrokenLimit[] {
  const line = typed.find((one) => new RegExp(forbids).test(one));
  return line === undefined ? [] : [{ says, typed: line }];
}
