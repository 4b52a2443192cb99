import type { Ticket } from '../sim/kernel.ts';
import type { LogEnd, LogEntry } from './log.ts';

/**
 * What a member of a group knows (etcd-io/raft raft.go, v3.6). A pre-candidate asks whether others
 * would vote for it before it begins a term, so that one who was cut off does not disturb a leader
 * when it comes back (`PreVote`).
 */
export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

export interface Member {
  readonly id: string;
  readonly up: boolean;
  readonly term: number;
  /** Whom it voted for in its term. */
  /** To whom a leader is about to hand over. */
  readonly heir?: string | undefined;
  readonly votedFor?: string;
  readonly role: Role;
  /** Whom it takes for the leader of its term. */
  readonly leader?: string;
  /** A candidate's answers so far. */
  readonly votes: Readonly<Record<string, boolean>>;
  readonly last: LogEnd;
  /** Index of the oldest entry it keeps, and what came right before that. */
  readonly first: number;
  readonly beforeFirst: LogEnd;
  readonly commit: number;
  /** The members of the group by its log, and the machine of each. */
  readonly members: Readonly<Record<string, string>>;
  /** A leader's view of the others: the next entry to send, the last one known to be there. */
  readonly next: Readonly<Record<string, number>>;
  readonly match: Readonly<Record<string, number>>;
  /** When a follower will stand for election, or a leader without a quorum give up. */
  readonly timer?: Ticket;
  /** A leader's heartbeat that is due: there is something to say. */
  readonly beat?: Ticket;
}

export type Message =
  | {
      readonly kind: 'vote';
      readonly term: number;
      readonly pre: boolean;
      readonly last: LogEnd;
      /** The leader itself asked for this election: who hears it may vote. */
      readonly transfer?: true;
    }
  /** A leader who gives up its place: stand for election at once. */
  | { readonly kind: 'timeout-now'; readonly term: number }
  | {
      readonly kind: 'vote-answer';
      readonly term: number;
      readonly pre: boolean;
      readonly granted: boolean;
    }
  | {
      readonly kind: 'append';
      readonly term: number;
      readonly before: LogEnd;
      readonly entries: readonly LogEntry[];
      readonly commit: number;
    }
  | {
      readonly kind: 'append-answer';
      readonly term: number;
      readonly ok: boolean;
      /** The last entry that is there; of a refusal, where to try again from. */
      readonly index: number;
    }
  | {
      readonly kind: 'snapshot';
      readonly term: number;
      readonly last: LogEnd;
      readonly members: Readonly<Record<string, string>>;
    };

export interface Envelope {
  readonly from: string;
  readonly to: string;
  readonly message: Message;
}

export const newMember = (id: string, members: Readonly<Record<string, string>>): Member => ({
  id,
  up: true,
  term: 0,
  role: 'follower',
  votes: {},
  last: { index: 0, term: 0 },
  first: 1,
  beforeFirst: { index: 0, term: 0 },
  commit: 0,
  members,
  next: {},
  match: {},
});

/** More than half of the members. */
export const quorumOf = (members: Readonly<Record<string, string>>): number =>
  Math.floor(Object.keys(members).length / 2) + 1;

/** What changes of a member that begins to lead: it knows of nobody yet what they have. */
export function leading({ id, members, last, term, heir }: Member): Partial<Member> {
  const others = Object.keys(members).filter((other) => other !== id);
  return {
    term: Math.max(1, term),
    role: 'leader',
    leader: id,
    votes: {},
    timer: undefined,
    next: Object.fromEntries(others.map((other) => [other, last.index + 1])),
    match: Object.fromEntries(others.map((other) => [other, 0])),
    ...(heir !== undefined && { heir: undefined }),
  };
}

/** The last entry that a quorum has, as a leader knows. */
export function quorumIndex({ id, members, match, last }: Member): number {
  const has = Object.keys(members).map((one) => (one === id ? last.index : (match[one] ?? 0)));
  return has.sort((a, b) => b - a)[quorumOf(members) - 1] ?? 0;
}
