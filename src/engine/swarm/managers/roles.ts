import { SECOND } from '../../sim/clock.ts';
import type { EventType } from '../../sim/kernel.ts';
import type { Loop } from '../leader-loops.ts';
import type { NodeObject } from '../objects.ts';
import { addManager } from './joining.ts';
import type { SwarmRooms } from './rooms.ts';

/**
 * Makes nodes what they are to be, managers or workers (moby/swarmkit v2.1 `manager/role_manager.go`).
 */
interface NodeKey {
  readonly swarm: string;
  readonly node: string;
}

/** Model figure: a node has its certificate renewed for the new role, and starts a manager. */
const PROMOTION_MS = SECOND;
/** `roleReconcileInterval` */
const RETRY_MS = 5 * SECOND;

export class Roles {
  readonly #rooms: SwarmRooms;
  readonly #loop: Loop;
  readonly #promotion: EventType<NodeKey>;

  constructor(rooms: SwarmRooms) {
    this.#rooms = rooms;
    const { kernel, store, loops } = rooms;
    this.#promotion = kernel.event('swarm/promotion', (key) => this.#promote(key));
    this.#loop = loops.add({
      name: 'roles',
      keysOf: (_swarm, change) =>
        change.kind === 'node' && 'set' in change ? [change.set.id] : [],
      all: (swarm) => store.list(swarm, 'node').map(({ id }) => id),
      work: (swarm, node) => this.#sync(swarm, node),
    });
    rooms.dispatcher.onRegister((swarm, node) => this.#loop.after(0, swarm, node));
  }

  #sync(swarm: string, node: string): void {
    const row = this.#rooms.store.get(swarm, 'node', node);
    if (!row) return;
    if (row.spec.Role === 'worker' && row.manager) this.#demote(swarm, row, row.manager.raftId);
    if (row.spec.Role === 'manager' && !row.manager) {
      this.#promotion.after(PROMOTION_MS, { swarm, node });
    }
  }

  /** One that is not heard now is promoted when it is. */
  #promote({ swarm, node }: NodeKey): void {
    const { store, locals, dispatcher, quorum, kernel } = this.#rooms;
    const row = store.get(swarm, 'node', node);
    if (row?.spec.Role !== 'manager' || row.manager || !quorum.isLed(swarm)) return;
    if (locals.ofNode(node)?.state !== 'active' || !dispatcher.isLive(swarm, node)) return;
    const actor = `agent/${row.machine}`;
    const record = kernel.record({ actor, verb: 'promote', object: `node ${row.hostname}` });
    const isAdded = kernel.because(record, () => addManager(this.#rooms, swarm, node));
    if (!isAdded) this.#loop.after(RETRY_MS, swarm, node);
  }

  #demote(swarm: string, row: NodeObject, member: string): void {
    const { quorum, locals, store, kernel } = this.#rooms;
    const isThere = quorum.members(swarm).includes(member);
    if (isThere && !quorum.canRemove(swarm, member)) {
      this.#loop.after(RETRY_MS, swarm, row.id);
      return;
    }
    if (quorum.leader(swarm) === member) {
      this.#handOver(swarm, row, member);
      return;
    }
    const actor = `manager/${row.machine}`;
    const record = kernel.record({ actor, verb: 'demote', object: `node ${row.hostname}` });
    kernel.because(record, () => {
      const local = locals.ofNode(row.id);
      if (local) {
        const { member: _member, lockedWith: _key, ...worker } = local;
        locals.set(worker);
      }
      if (isThere) quorum.remove(swarm, member);
      const { manager: _manager, ...set } = store.get(swarm, 'node', row.id) ?? row;
      store.write(swarm, [{ kind: 'node', set }]);
    });
  }

  /** A leader has another one lead before it goes; that one goes on from here. */
  #handOver(swarm: string, row: NodeObject, member: string): void {
    const { quorum } = this.#rooms;
    const heir = quorum
      .members(swarm)
      .find((other) => other !== member && quorum.isReachable(swarm, other));
    if (heir !== undefined) quorum.raft.transfer(member, heir);
    this.#loop.after(RETRY_MS, swarm, row.id);
  }
}
