import type { Docker } from '../../docker/daemon.ts';
import type { Links } from '../../net/link.ts';
import type { EventType, Kernel, Ticket } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { Locals } from '../managers/locals.ts';

/**
 * Which nodes a node takes for alive when it comes to networks. Docker's daemons probe one another
 * (hashicorp/memberlist v0.5 `state.go`, `suspicion.go`, `DefaultLANConfig`, as moby/moby v29.7
 * `daemon/libnetwork/networkdb/cluster.go` sets it up): what a node that is gone had told of its
 * tasks counts until the others have given it up. This is much faster than the managers, who wait for
 * a heartbeat. A daemon that is stopped says that it leaves, and is forgotten at once.
 *
 * Simplified: no single message is sent; when a node is given up is computed when it falls silent,
 * for swarms of up to ten nodes (larger ones wait longer).
 */
interface Silence {
  readonly state: 'suspected' | 'failed' | 'rejoining';
  /** When that is over. */
  readonly due?: Ticket;
}

/** `ProbeInterval`: each node probes another one so often, and a probe fails after as long. */
const PROBE_MS = 1_000;
/** `SuspicionMult` times the probe interval: how long a suspected node may speak up. */
const SUSPECT_MS = 4_000;
/** `SuspicionMaxTimeoutMult` times that, while fewer than two others have confirmed it. */
const SUSPECT_ALONE_MS = 6 * SUSPECT_MS;
/** With one: max - log(2) / log(3) * (max - min). */
const SUSPECT_ONCE_CONFIRMED_MS = 11_381;
/** `SuspicionMult - 2`; none where there are too few to confirm. */
const CONFIRMATIONS = 2;
/** `GossipInterval` */
const GOSSIP_MS = 200;
/** NetworkDB tries to join a failed node again so often (`retryInterval`). */
const RETRY_MS = 1_000;

const keyOf = (observer: string, machine: string): string => `${observer} ${machine}`;

export interface GossipRooms {
  readonly kernel: Kernel;
  readonly links: Links;
  readonly locals: Locals;
  readonly docker: Docker;
}

export class Gossip {
  readonly #rooms: GossipRooms;
  /** By observer and machine: who is not heard, and what is made of it. */
  readonly #silences: Table<string, Silence>;
  readonly #turn: EventType<{ observer: string; machine: string }>;

  constructor(rooms: GossipRooms) {
    const { kernel, links, docker } = rooms;
    this.#rooms = rooms;
    this.#silences = kernel.store.table<Silence>('swarm/gossip');
    this.#turn = kernel.event('swarm/gossip/turn', ({ observer, machine }) =>
      this.#settle(observer, machine),
    );
    links.onChange(() => this.#review());
    docker.containers.onPhase(() => this.#review());
  }

  /** Whether what a machine told of its tasks counts for an observer. */
  knows(observer: string, machine: string): boolean {
    if (observer === machine) return true;
    if (this.#silences.get(keyOf(observer, machine))?.state === 'failed') return false;
    // A silent one may be anything; one that is heard has said that it leaves.
    return this.#isUp(machine) || !this.#rooms.links.isUp(observer, machine);
  }

  #review(): void {
    const { locals, links } = this.#rooms;
    if (links.isWhole && this.#silences.size === 0) return;
    this.#forget();
    for (const swarm of locals.swarms()) {
      if (swarm === '') continue;
      const members = locals.of(swarm).map(({ machine }) => machine);
      for (const observer of members.filter((one) => this.#isUp(one))) {
        for (const machine of members) {
          if (machine !== observer) this.#look(observer, machine, members);
        }
      }
    }
  }

  #isUp(machine: string): boolean {
    return this.#rooms.docker.containers.phase(machine) === 'up';
  }

  /** A daemon that starts knows nothing yet, and who is in no swarm hears of none. */
  #forget(): void {
    const { kernel, locals } = this.#rooms;
    for (const [key, { due }] of [...this.#silences.withPrefix('')]) {
      const [observer = '', machine = ''] = key.split(' ');
      const swarm = locals.get(observer)?.swarm ?? '';
      if (this.#isUp(observer) && swarm === locals.get(machine)?.swarm) continue;
      if (due !== undefined) kernel.cancel(due);
      this.#silences.delete(key);
    }
  }

  #look(observer: string, machine: string, members: readonly string[]): void {
    const { kernel } = this.#rooms;
    const key = keyOf(observer, machine);
    const row = this.#silences.get(key);
    if (!this.#hears(observer, machine, members)) {
      if (row?.state === 'rejoining' && row.due !== undefined) kernel.cancel(row.due);
      if (row?.state === 'rejoining') this.#silences.set(key, { state: 'failed' });
      if (row) return;
      const waitMs = this.#givenUpMs(observer, machine, members);
      const due = this.#turn.after(waitMs, { observer, machine });
      this.#silences.set(key, { state: 'suspected', due });
      return;
    }
    if (row?.state === 'suspected') {
      if (row.due !== undefined) kernel.cancel(row.due);
      this.#silences.delete(key);
    } else if (row?.state === 'failed') {
      const afterMs = kernel.random('swarm', 'rejoin', observer, machine).integer(0, RETRY_MS - 1);
      const due = this.#turn.after(afterMs, { observer, machine });
      this.#silences.set(key, { state: 'rejoining', due });
    }
  }

  /** A suspected node is given up; one that was given up is back. */
  #settle(observer: string, machine: string): void {
    const { kernel } = this.#rooms;
    const key = keyOf(observer, machine);
    const isBack = this.#silences.get(key)?.state === 'rejoining';
    if (isBack) this.#silences.delete(key);
    else this.#silences.set(key, { state: 'failed' });
    const verb = isBack ? 'joined' : 'left';
    const message = `Node ${machine}, ${verb} gossip cluster`;
    kernel.record({ actor: `docker/${observer}`, verb, object: `node ${machine}`, message });
  }

  /** By itself, or by one of the others that are asked to try. */
  #hears(observer: string, machine: string, members: readonly string[]): boolean {
    const { links } = this.#rooms;
    if (links.isUp(observer, machine)) return true;
    return members.some(
      (other) =>
        other !== observer &&
        other !== machine &&
        this.#isUp(other) &&
        links.isUp(observer, other) &&
        links.isUp(other, machine),
    );
  }

  /**
   * How long until an observer gives a node up: the first of those that talk to the observer probes
   * it, gets no answer, and suspects it; others that find the same shorten the wait; then the word
   * goes round.
   */
  #givenUpMs(observer: string, machine: string, members: readonly string[]): number {
    const { kernel } = this.#rooms;
    const roundMs = (members.length - 1) * PROBE_MS;
    const found = members
      .filter((one) => one !== machine && this.#isUp(one))
      .filter((one) => one === observer || this.#hears(observer, one, members))
      .filter((one) => !this.#hears(one, machine, members))
      .map((one) => {
        const random = kernel.random('swarm', 'probe', machine, one, kernel.now);
        return random.integer(0, roundMs - 1) + PROBE_MS;
      })
      .sort((a, b) => a - b);
    const [firstMs = roundMs] = found;
    const lastMs = found[CONFIRMATIONS];
    const wordMs = kernel.random('swarm', 'word', machine, observer).integer(0, GOSSIP_MS);
    // Nobody but the two who matter: no confirmations are waited for.
    if (members.length - 2 < CONFIRMATIONS) return firstMs + SUSPECT_MS + wordMs;
    if (lastMs !== undefined) return Math.max(firstMs + SUSPECT_MS, lastMs) + wordMs;
    const waitMs = found.length > 1 ? SUSPECT_ONCE_CONFIRMED_MS : SUSPECT_ALONE_MS;
    return firstMs + waitMs + wordMs;
  }
}
