import type { Links } from '../net/link.ts';
import { assert } from '../sim/assert.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import { isUpToDate, KEPT_ENTRIES, RaftLogs, type LogEntry } from './log.ts';
import {
  leading,
  newMember,
  quorumIndex,
  quorumOf,
  type Envelope,
  type Member,
  type Message,
} from './member.ts';
import type { RaftOptions } from './options.ts';

/**
 * A group that agrees on a log: leader election with pre-vote and quorum check, replication,
 * catching up, change of members one at a time (etcd-io/raft, v3.6; the algorithm is Ongaro's and
 * Ousterhout's). etcd and Swarm's managers stand on it.
 *
 * A heartbeat that says nothing new changes nothing, so none is sent while members reach one
 * another: what counts is when contact is lost and found. A follower that loses its leader stands for election
 * after the time that it would have waited since the last heartbeat.
 *
 * Simplified: a log is kept for what it says of agreement; the state it leads to is kept once for
 * the group, by whoever uses it.
 */
export class Raft {
  readonly #kernel: Kernel;
  readonly #links: Links;
  readonly #options: RaftOptions;
  readonly #members: Table<string, Member>;
  readonly #logs: RaftLogs;
  readonly #deliver: EventType<Envelope>;
  readonly #timeout: EventType<{ member: string }>;
  /** A heartbeat that says how far the group has agreed. */
  readonly #beat: EventType<{ member: string }>;

  constructor(kernel: Kernel, links: Links, options: RaftOptions) {
    const name = `raft/${options.name}`;
    this.#kernel = kernel;
    this.#links = links;
    this.#options = options;
    this.#members = kernel.store.table<Member>(`${name}/members`);
    this.#logs = new RaftLogs(kernel, name);
    this.#deliver = kernel.event(`${name}/message`, (envelope) => this.#receive(envelope));
    this.#timeout = kernel.event(`${name}/timeout`, ({ member }) => {
      this.#set(member, { timer: undefined });
      this.#timeIsUp(member);
    });
    this.#beat = kernel.event(`${name}/beat`, ({ member }) => {
      const { role, members } = this.#set(member, { beat: undefined });
      if (role !== 'leader') return;
      for (const other of Object.keys(members)) {
        if (other !== member) this.#replicate(member, other, 0);
      }
    });
    links.onChange(() => this.review());
  }

  /**
   * Begins a group: its members and their machines. The first election follows, unless one of them
   * led already, as in a group that has run for long.
   */
  start(members: Readonly<Record<string, string>>, leader?: string): void {
    const ids = Object.keys(members);
    for (const id of ids) this.#members.set(id, newMember(id, members));
    const first = ids.length === 1 ? ids[0] : leader;
    if (first !== undefined) this.#lead(first);
    this.#review();
  }

  /** A member by name, for inspectors. */
  member(id: string): Member | undefined {
    return this.#members.get(id);
  }

  *list(): Generator<Member, void> {
    yield* this.#members.values();
  }

  /** Stops a member's process, or starts it again with the log it had; one alone leads at once. */
  setUp(id: string, up: boolean): void {
    const { up: wasUp, timer, members } = this.#members.need(id);
    if (wasUp === up) return;
    if (timer) this.#kernel.cancel(timer);
    const idle = { role: 'follower', leader: undefined, votes: {}, timer: undefined } as const;
    this.#set(id, { up, ...idle });
    this.#note(id, up ? 'start' : 'stop', {});
    if (up && Object.keys(members).length === 1) this.#campaign(id, false);
    else this.review();
  }

  /** The leader that a member reaches and that reaches a quorum: it can agree on more. */
  leaderFor(id: string): string | undefined {
    const asking = this.#members.get(id);
    if (!asking || !this.#isThere(id)) return undefined;
    for (const other of Object.keys(asking.members)) {
      const member = this.#members.get(other);
      if (member?.role !== 'leader' || member.term < asking.term) continue;
      if (this.#reaches(other, id) && this.#hasQuorum(member)) return other;
    }
    return undefined;
  }

  /**
   * Has a group agree on something, asked at one of its members. False when there is nobody who
   * can lead it there; then nothing was written.
   */
  propose(at: string, data: unknown): boolean {
    const leader = this.leaderFor(at);
    if (leader === undefined) return false;
    this.#append(leader, { data });
    return true;
  }

  /** Takes a member in, or leaves one out (`machine` undefined); false as with {@link propose}. */
  changeMember(at: string, id: string, machine: string | undefined): boolean {
    const leader = this.leaderFor(at);
    if (leader === undefined) return false;
    const { [id]: _old, ...others } = this.#members.need(leader).members;
    const members = machine === undefined ? others : { ...others, [id]: machine };
    assert(Object.keys(members).length > 0, 'a group has at least one member');
    if (machine !== undefined && !this.#members.has(id)) {
      this.#members.set(id, newMember(id, members));
    }
    this.#append(leader, { members });
    this.review();
    return true;
  }

  /**
   * Has a leader hand over to another member, as soon as that one has all that the leader has
   * (etcd-io/raft `MsgTransferLeader`, `MsgTimeoutNow`): one that lacks entries would not be elected.
   */
  transfer(leader: string, to: string): void {
    const { role } = this.#members.need(leader);
    if (role !== 'leader') return;
    this.#set(leader, { heir: to });
    this.#handOver(leader, to);
  }

  #handOver(id: string, to: string): void {
    const { heir, term, match, last } = this.#members.need(id);
    if (heir !== to || (match[to] ?? 0) < last.index) return;
    this.#set(id, { heir: undefined });
    this.#send(id, to, { kind: 'timeout-now', term });
  }

  /** Drops what a member knew that has left its group for good. */
  forget(id: string): void {
    const { timer, beat } = this.#members.need(id);
    for (const ticket of [timer, beat]) if (ticket) this.#kernel.cancel(ticket);
    this.#logs.clear(id);
    this.#members.delete(id);
    this.review();
  }

  #set(id: string, change: Partial<Member>): Member {
    return this.#members.update(id, (row) => ({ ...row, ...change }));
  }

  #note(id: string, verb: string, detail: Readonly<Record<string, unknown>>): number {
    const { name } = this.#options;
    const { term } = this.#members.need(id);
    return this.#kernel.record({
      actor: this.#options.cast(id),
      verb,
      object: `group ${name}`,
      detail: { term, ...detail },
    });
  }

  #machine(id: string): string {
    return this.#members.get(id)?.members[id] ?? id;
  }

  #isThere(id: string): boolean {
    return this.#members.get(id)?.up === true && this.#options.isBusy?.(id) !== true;
  }

  #reaches(a: string, b: string): boolean {
    return (
      this.#isThere(a) && this.#isThere(b) && this.#links.isUp(this.#machine(a), this.#machine(b))
    );
  }

  #hasQuorum({ id, members }: Member): boolean {
    const reached = Object.keys(members).filter((other) => this.#reaches(id, other));
    return reached.length >= quorumOf(members);
  }

  /** Whether a follower hears its leader, or a leader a quorum. */
  #isSettled(member: Member): boolean {
    if (member.role === 'leader') return this.#hasQuorum(member);
    const { leader, term } = member;
    if (leader === undefined || member.role !== 'follower') return false;
    const row = this.#members.get(leader);
    return row?.role === 'leader' && row.term === term && this.#reaches(leader, member.id);
  }

  /** After whatever changed: who must worry now, and who need not any more. */
  #review(): void {
    for (const member of [...this.#members.values()]) {
      const { id, up, timer, members } = member;
      if (!up || !(id in members)) continue;
      // One that does nothing counts no time either.
      if (this.#isSettled(member) || !this.#isThere(id)) {
        if (timer) {
          this.#kernel.cancel(timer);
          this.#set(id, { timer: undefined });
        }
      } else if (!timer) this.#worry(member);
    }
  }

  /** Somebody can reach others, or cannot any more: so it is when `isBusy` says otherwise, too. */
  review(): void {
    this.#review();
    for (const member of [...this.#members.values()]) {
      if (member.up && member.role === 'leader') this.#greet(member);
    }
  }

  /** A leader's next heartbeat tells those who have lost it, or follow another term, about it. */
  #greet({ id, members, term }: Member): void {
    for (const other of Object.keys(members)) {
      const row = this.#members.get(other);
      const knows = row?.leader === id && row.term === term;
      const behind = (row?.last.index ?? 0) < this.#members.need(id).last.index;
      if (other !== id && (!knows || behind) && this.#reaches(id, other)) {
        this.#replicate(id, other, this.#options.heartbeatMs);
      }
    }
  }

  /** A time between one and two election timeouts from the last heartbeat that was heard. */
  #worry({ id, role, term }: Member): void {
    const { heartbeatMs, electionMs, name } = this.#options;
    const draw = this.#kernel.random('raft', name, id, term, this.#kernel.now);
    const waited = draw.integer(0, heartbeatMs - 1);
    const chosen = role === 'leader' ? electionMs : draw.integer(electionMs, 2 * electionMs - 1);
    this.#arm(id, Math.max(1, chosen - waited));
  }

  #arm(id: string, delayMs: number): void {
    const { timer } = this.#members.need(id);
    if (timer) this.#kernel.cancel(timer);
    this.#set(id, { timer: this.#timeout.after(delayMs, { member: id }) });
  }

  #timeIsUp(id: string): void {
    const member = this.#members.need(id);
    if (!this.#isThere(id) || this.#isSettled(member)) return;
    if (member.role === 'leader') {
      this.#note(id, 'step-down', { why: 'no quorum' });
      this.#set(id, { role: 'follower', leader: undefined });
      this.#review();
      this.#options.onLeadership?.();
      return;
    }
    this.#campaign(id, true);
  }

  #campaign(id: string, pre: boolean, transfer?: true): void {
    const before = this.#members.need(id);
    const term = before.term + 1;
    const member = this.#set(id, {
      role: pre ? 'pre-candidate' : 'candidate',
      leader: undefined,
      votes: { [id]: true },
      ...(!pre && { term, votedFor: id }),
    });
    const record = this.#note(id, pre ? 'pre-campaign' : 'campaign', { term });
    this.#kernel.because(record, () => {
      for (const other of Object.keys(member.members)) {
        const vote = { kind: 'vote', term, pre, last: member.last } as const;
        if (other !== id) this.#send(id, other, transfer ? { ...vote, transfer } : vote);
      }
      if (quorumOf(member.members) > 1) this.#worry(this.#members.need(id));
      else if (pre) this.#campaign(id, false);
      else this.#lead(id);
    });
  }

  #lead(id: string): void {
    const member = this.#members.need(id);
    if (member.timer) this.#kernel.cancel(member.timer);
    this.#set(id, leading(member));
    this.#kernel.because(this.#note(id, 'become-leader', {}), () => {
      this.#append(id, {});
      this.#review();
      this.#options.onLeadership?.();
    });
  }

  #append(id: string, content: Pick<LogEntry, 'data' | 'members'>): void {
    const { term, last } = this.#members.need(id);
    const entry: LogEntry = { index: last.index + 1, term, ...content };
    this.#logs.append(id, entry);
    const { members } = this.#set(id, {
      last: { index: entry.index, term },
      ...(entry.members && { members: entry.members }),
    });
    for (const other of Object.keys(members)) if (other !== id) this.#replicate(id, other, 0);
    this.#advance(id);
  }

  /** Sends what a follower lacks; counts on it to arrive, so that more can follow at once. */
  #replicate(id: string, other: string, afterMs: number): void {
    if (!this.#reaches(id, other)) return;
    const { next, first, beforeFirst, term, last, commit, members } = this.#members.need(id);
    const from = next[other] ?? last.index + 1;
    if (from < first) {
      const state = last.index === commit ? last : this.#endAt(id, commit);
      this.#send(id, other, { kind: 'snapshot', term, last: state, members }, afterMs);
      return;
    }
    const entries = this.#logs.from(id, from);
    const before = from === first ? beforeFirst : this.#endAt(id, from - 1);
    this.#set(id, { next: { ...next, [other]: from + entries.length } });
    this.#send(id, other, { kind: 'append', term, before, entries, commit }, afterMs);
  }

  #endAt(id: string, index: number) {
    const entry = this.#logs.get(id, index);
    return entry ? { index, term: entry.term } : this.#members.need(id).beforeFirst;
  }

  #send(from: string, to: string, message: Message, afterMs = 0): void {
    if (!this.#reaches(from, to)) return;
    const travelMs = this.#links.durationMs(this.#machine(from), this.#machine(to), 256);
    const { cast, name } = this.#options;
    const record = this.#kernel.record({
      actor: cast(from),
      verb: message.kind,
      object: `group ${name}`,
      detail: { term: message.term },
      flow: { channel: 'bytes', from: cast(from), to: cast(to), durationMs: travelMs },
    });
    this.#kernel.because(record, () =>
      this.#deliver.after(afterMs + travelMs, { from, to, message }),
    );
  }

  #receive({ from, to, message }: Envelope): void {
    const row = this.#members.get(to);
    if (!row || !this.#isThere(to)) return;
    if (message.kind === 'vote') return this.#answerVote(from, to, message);
    if (message.kind === 'vote-answer' && message.pre) return this.#count(to, from, message);
    if (message.term < row.term) {
      // Whoever still leads an older term learns of the newer one.
      if (message.kind === 'append' || message.kind === 'snapshot') {
        const answer = { kind: 'append-answer', term: row.term, ok: false, index: 0 } as const;
        this.#send(to, from, answer);
      }
      return;
    }
    if (message.term > row.term) this.#follow(to, message.term, undefined);
    if (message.kind === 'timeout-now') return this.#campaign(to, false, true);
    if (message.kind === 'vote-answer') this.#count(to, from, message);
    else if (message.kind === 'append') this.#accept(from, to, message);
    else if (message.kind === 'snapshot') this.#install(from, to, message);
    else this.#acknowledge(to, from, message);
  }

  #follow(id: string, term: number, leader: string | undefined): void {
    const before = this.#members.need(id);
    if (before.role === 'leader') this.#note(id, 'step-down', { why: 'a newer term' });
    const newTerm = term > before.term;
    this.#set(id, {
      term,
      role: 'follower',
      leader,
      votes: {},
      ...(before.heir !== undefined && { heir: undefined }),
      ...(newTerm && { votedFor: undefined }),
    });
    this.#review();
  }

  /** Grants a vote to a log that is at least as new, once a term, unless it hears a leader. */
  #answerVote(from: string, to: string, message: Message & { kind: 'vote' }): void {
    const { term, pre, last, transfer } = message;
    const row = this.#members.need(to);
    if (this.#isSettled(row) && row.leader !== from && !transfer) return;
    if (!pre && term > row.term) this.#follow(to, term, undefined);
    const { term: current, votedFor, last: own } = this.#members.need(to);
    const free = pre ? term > current : votedFor === undefined || votedFor === from;
    const granted = term >= current && free && isUpToDate(last, own);
    if (granted && !pre) this.#set(to, { votedFor: from });
    const answer = { kind: 'vote-answer', term: granted ? term : current, pre, granted } as const;
    this.#send(to, from, answer);
  }

  #count(id: string, from: string, answer: Message & { kind: 'vote-answer' }): void {
    const member = this.#members.need(id);
    const { role, term, members } = member;
    const expected = answer.pre ? 'pre-candidate' : 'candidate';
    if (!answer.granted && answer.term > term) return this.#follow(id, answer.term, undefined);
    if (role !== expected || answer.term !== (answer.pre ? term + 1 : term)) return;
    const { votes } = this.#set(id, { votes: { ...member.votes, [from]: answer.granted } });
    const granted = Object.values(votes).filter(Boolean).length;
    if (granted < quorumOf(members)) return;
    if (answer.pre) this.#campaign(id, false);
    else this.#lead(id);
  }

  #accept(from: string, to: string, message: Message & { kind: 'append' }): void {
    this.#follow(to, message.term, from);
    const { before, entries, commit, term } = message;
    const row = this.#members.need(to);
    const fits = before.index < row.first || this.#endAt(to, before.index).term === before.term;
    if (before.index > row.last.index || !fits) {
      const index = Math.min(row.last.index, Math.max(0, before.index - 1));
      this.#send(to, from, { kind: 'append-answer', term, ok: false, index });
      return;
    }
    for (const entry of entries) this.#take(to, entry);
    const index = before.index + entries.length;
    const { last } = this.#members.need(to);
    this.#commit(to, Math.min(commit, last.index));
    this.#send(to, from, { kind: 'append-answer', term, ok: true, index });
  }

  #take(id: string, entry: LogEntry): void {
    const known = this.#logs.get(id, entry.index);
    if (known?.term === entry.term || entry.index < this.#members.need(id).first) return;
    if (known) this.#logs.truncate(id, entry.index);
    this.#logs.append(id, entry);
    this.#set(id, {
      last: { index: entry.index, term: entry.term },
      ...(entry.members && { members: entry.members }),
    });
  }

  /** A state instead of the entries that led to it. */
  #install(
    from: string,
    to: string,
    { term, last, members }: Message & { kind: 'snapshot' },
  ): void {
    this.#follow(to, term, from);
    if (last.index > this.#members.need(to).commit) {
      this.#logs.clear(to);
      const commit = last.index;
      this.#set(to, { last, first: commit + 1, beforeFirst: last, commit, members });
    }
    const { commit } = this.#members.need(to);
    this.#send(to, from, { kind: 'append-answer', term, ok: true, index: commit });
  }

  #acknowledge(id: string, from: string, answer: Message & { kind: 'append-answer' }): void {
    const { role, term, match, next, last } = this.#members.need(id);
    if (role !== 'leader' || answer.term !== term) return;
    if (!answer.ok) {
      this.#set(id, { next: { ...next, [from]: answer.index + 1 } });
      this.#replicate(id, from, 0);
      return;
    }
    const index = Math.max(match[from] ?? 0, answer.index);
    const behind = Math.max(next[from] ?? 0, index + 1);
    this.#set(id, { match: { ...match, [from]: index }, next: { ...next, [from]: behind } });
    this.#advance(id);
    if (behind <= last.index) this.#replicate(id, from, 0);
    this.#handOver(id, from);
  }

  /** What a quorum has is agreed, once it includes an entry of the leader's own term (5.4.2). */
  #advance(id: string): void {
    const member = this.#members.need(id);
    const { members, term, commit } = member;
    const agreed = quorumIndex(member);
    if (agreed <= commit || this.#endAt(id, agreed).term !== term) return;
    const { onCommit } = this.#options;
    if (onCommit) {
      for (let index = commit + 1; index <= agreed; index++) {
        const entry = this.#logs.get(id, index);
        if (entry) onCommit(entry);
      }
    }
    this.#commit(id, agreed);
    if (this.#members.need(id).beat || Object.keys(members).length === 1) return;
    this.#set(id, { beat: this.#beat.after(this.#options.heartbeatMs, { member: id }) });
  }

  #commit(id: string, commit: number): void {
    const row = this.#members.need(id);
    if (commit <= row.commit) return;
    this.#set(id, { commit });
    // In blocks, so that a write seldom pays for it.
    if (commit - row.first < 2 * KEPT_ENTRIES) return;
    const below = commit - KEPT_ENTRIES;
    const beforeFirst = this.#endAt(id, below - 1);
    this.#set(id, { first: this.#logs.compact(id, row.first, below), beforeFirst });
  }
}
