import type { Links } from '../../net/link.ts';
import { quorumOf } from '../../raft/member.ts';
import { Raft } from '../../raft/raft.ts';
import { SECOND } from '../../sim/clock.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Agreement } from '../store.ts';
import type { LocalRow, Locals } from './locals.ts';

/**
 * The managers of each swarm as members of a Raft group (moby/swarmkit v2.1
 * `manager/state/raft/raft.go`): who leads, and whether there is a quorum. A member is called
 * `MACHINE.RAFT-ID`, and is another one each time a machine becomes a manager.
 */
const HEARTBEAT_MS = SECOND;
const ELECTION_MS = 10 * SECOND;

const HEX = '0123456789abcdef';
const RAFT_ID_LENGTH = 16;

interface LeaderRow {
  readonly member: string;
  readonly term: number;
}

/** @param fresh another member leads than before, or the same one for another term */
export type LeadListener = (swarm: string, fresh: boolean) => void;

export class Quorum implements Agreement {
  readonly raft: Raft;
  readonly #kernel: Kernel;
  readonly #links: Links;
  readonly #locals: Locals;
  /** Who leads with a quorum now. */
  readonly #leaders: Table<string, LeaderRow>;
  /** Who did so last. */
  readonly #last: Table<string, LeaderRow>;
  readonly #members: Table<string, number>;
  readonly #listeners: LeadListener[] = [];

  constructor(kernel: Kernel, links: Links, locals: Locals) {
    this.#kernel = kernel;
    this.#links = links;
    this.#locals = locals;
    this.#leaders = kernel.store.table<LeaderRow>('swarm/leaders');
    this.#last = kernel.store.table<LeaderRow>('swarm/last-leaders');
    this.#members = kernel.store.table<number>('swarm/members');
    this.raft = new Raft(kernel, links, {
      name: 'swarm',
      cast: (member) => `manager/${machineOf(member)}`,
      heartbeatMs: HEARTBEAT_MS,
      electionMs: ELECTION_MS,
      onLeadership: () => this.review(),
    });
    links.onChange(() => this.review());
  }

  /** Told when a swarm has a leader with a quorum that had none, or another one. */
  onLead(listener: LeadListener): void {
    this.#listeners.push(listener);
  }

  newMember(machine: string): string {
    const count = (this.#members.get(machine) ?? 0) + 1;
    this.#members.set(machine, count);
    const random = this.#kernel.random('swarm', 'member', machine, count);
    return `${machine}.${random.text(RAFT_ID_LENGTH, HEX)}`;
  }

  isLed(swarm: string): boolean {
    return this.#leaders.has(swarm);
  }

  /** The member who leads a swarm with a quorum. */
  leader(swarm: string): string | undefined {
    return this.#leaders.get(swarm)?.member;
  }

  /** The machine on which it runs. */
  leaderMachine(swarm: string): string | undefined {
    const leader = this.leader(swarm);
    return leader === undefined ? undefined : machineOf(leader);
  }

  propose(swarm: string, revision: number): boolean {
    const leader = this.leader(swarm);
    return leader !== undefined && this.raft.propose(leader, { revision });
  }

  /** Whether a manager gets through to the leader. */
  serves({ member, locked }: LocalRow): boolean {
    return member !== undefined && !locked && this.raft.leaderFor(member) !== undefined;
  }

  /** Whether the leader reaches a member. */
  isReachable(swarm: string, member: string): boolean {
    const leader = this.leader(swarm);
    if (leader === undefined || this.raft.member(member)?.up !== true) return false;
    return this.#links.isUp(machineOf(leader), machineOf(member));
  }

  members(swarm: string): string[] {
    const leader = this.leader(swarm);
    return leader === undefined ? [] : Object.keys(this.raft.member(leader)?.members ?? {});
  }

  /** Whether there is a quorum of those who are left (`CanRemoveMember`). */
  canRemove(swarm: string, member: string): boolean {
    const left = this.members(swarm).filter((one) => one !== member);
    const reachable = left.filter((one) => this.isReachable(swarm, one));
    const rest = Object.fromEntries(left.map((one) => [one, one]));
    return reachable.length >= quorumOf(rest);
  }

  /**
   * Takes a member in; false when the leader does not reach it, or no quorum would be left with it
   * (moby/swarmkit v2.1 `raft.go`, `Join`, asks the new member for its health first).
   */
  add(swarm: string, member: string): boolean {
    const leader = this.leader(swarm);
    if (leader === undefined) return false;
    if (!this.#links.isUp(machineOf(leader), machineOf(member))) return false;
    const members = this.members(swarm);
    const reachable = members.filter((one) => this.isReachable(swarm, one)).length + 1;
    const all = [...members, member];
    if (reachable < quorumOf(Object.fromEntries(all.map((one) => [one, one])))) return false;
    const added = this.raft.changeMember(leader, member, machineOf(member));
    this.review();
    return added;
  }

  /** Leaves a member out of its group for good. */
  remove(swarm: string, member: string): boolean {
    const leader = this.leader(swarm);
    if (leader === undefined || !this.raft.changeMember(leader, member, undefined)) return false;
    this.raft.forget(member);
    this.review();
    return true;
  }

  setUp(member: string, up: boolean): void {
    this.raft.setUp(member, up);
    this.review();
  }

  /** Looks who leads, after whatever changed. */
  review(): void {
    for (const swarm of this.#locals.swarms()) this.#reviewOne(swarm);
  }

  #reviewOne(swarm: string): void {
    const found = this.#locals
      .managersOf(swarm)
      .map(({ member }) => this.raft.member(member ?? ''))
      .find((member) => member?.role === 'leader' && this.raft.leaderFor(member.id) === member.id);
    const before = this.#leaders.get(swarm);
    if (!found) {
      if (before) this.#leaders.delete(swarm);
      return;
    }
    const row = { member: found.id, term: found.term };
    if (isSame(before, row)) return;
    const fresh = !isSame(this.#last.get(swarm), row);
    this.#leaders.set(swarm, row);
    this.#last.set(swarm, row);
    for (const listener of this.#listeners) listener(swarm, fresh);
  }

  forget(swarm: string): void {
    this.#leaders.delete(swarm);
    this.#last.delete(swarm);
  }
}

const isSame = (a: LeaderRow | undefined, b: LeaderRow): boolean =>
  a?.member === b.member && a.term === b.term;

/** The machine of a member. */
export const machineOf = (member: string): string => member.slice(0, member.lastIndexOf('.'));
