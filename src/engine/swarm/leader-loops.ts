import { assert } from '../sim/assert.ts';
import type { EventType, Kernel } from '../sim/kernel.ts';
import type { Table } from '../sim/store.ts';
import type { Agreement, Change, SwarmStore } from './store.ts';

/**
 * The level-driven work of a swarm's leader: orchestrators, scheduler, allocator (moby/swarmkit
 * v2.1 `manager/manager.go` becomeLeader). A change marks the keys it concerns; one millisecond
 * later at the earliest the work is done for each, and looks at the store afresh. Only a leader
 * with a quorum works; a new one starts with everything.
 */
export interface LoopSpec {
  /** Unique: `replicated`. */
  readonly name: string;
  /** What a change concerns. It is not made yet: the store still says what was. */
  keysOf(swarm: string, change: Change): readonly string[];
  /** Every key, for a leader who starts. */
  all(swarm: string): readonly string[];
  work(swarm: string, key: string): void;
}

export interface Loop {
  /** Marks a key; its turn comes after that time and a millisecond. */
  after(delayMs: number, swarm: string, key: string): void;
}

const PAUSE_MS = 1;

interface Mark {
  readonly loop: string;
  readonly swarm: string;
  readonly key: string;
}

export class LeaderLoops {
  readonly #agreement: Agreement;
  readonly #specs = new Map<string, LoopSpec>();
  /** What waits for its turn: `replicated SWARM KEY`. */
  readonly #marks: Table<string, Mark>;
  /** Loops whose turn is scheduled. */
  readonly #scheduled: Table<string, true>;
  readonly #turn: EventType<{ loop: string }>;
  readonly #later: EventType<Mark>;

  constructor(kernel: Kernel, store: SwarmStore, agreement: Agreement) {
    this.#agreement = agreement;
    this.#marks = kernel.store.table<Mark>('swarm/loops/marks');
    this.#scheduled = kernel.store.table<true>('swarm/loops/scheduled');
    this.#turn = kernel.event('swarm/loops/turn', ({ loop }) => this.#run(loop));
    this.#later = kernel.event('swarm/loops/later', (mark) => this.#mark(mark));
    store.onChange((swarm, change) => {
      for (const [loop, spec] of this.#specs) {
        for (const key of spec.keysOf(swarm, change)) this.#mark({ loop, swarm, key });
      }
    });
  }

  /** Loops work in the order in which they were added, before the first swarm is there. */
  add(spec: LoopSpec): Loop {
    assert(!this.#specs.has(spec.name), `the loop ${spec.name} is there already`);
    this.#specs.set(spec.name, spec);
    return {
      after: (delayMs, swarm, key) => {
        const mark = { loop: spec.name, swarm, key };
        if (delayMs === 0) this.#mark(mark);
        else this.#later.after(delayMs, mark);
      },
    };
  }

  /** A swarm has a new leader, or its old one a quorum again. */
  lead(swarm: string): void {
    for (const [loop, spec] of this.#specs) {
      for (const key of spec.all(swarm)) this.#mark({ loop, swarm, key });
    }
  }

  #mark(mark: Mark): void {
    const { loop, swarm, key } = mark;
    const row = `${loop} ${swarm} ${key}`;
    if (!this.#marks.has(row)) this.#marks.set(row, mark);
    if (this.#scheduled.has(loop)) return;
    this.#scheduled.set(loop, true);
    this.#turn.after(PAUSE_MS, { loop });
  }

  /** What nobody leads is dropped: the next leader starts with everything. */
  #run(loop: string): void {
    this.#scheduled.delete(loop);
    const spec = this.#specs.get(loop);
    const marked = [...this.#marks.withPrefix(`${loop} `)];
    for (const [row] of marked) this.#marks.delete(row);
    for (const [, { swarm, key }] of marked) {
      if (this.#agreement.isLed(swarm)) spec?.work(swarm, key);
    }
  }
}
