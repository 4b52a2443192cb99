import type { NodeObject } from '../../src/engine/swarm/objects.ts';
import { compare, operation, type Operation, type Row, type Verdict } from './adapter.ts';
import { placing } from './swarm/placing.ts';

/** Rows that place tasks of one service on nodes, and say where they come to stand, or why not. */
interface NodeFacts {
  readonly id: string;
  readonly cpus?: number;
  readonly memory?: number;
  readonly state?: NodeObject['state'];
  readonly availability?: 'active' | 'pause' | 'drain';
  readonly labels?: Readonly<Record<string, string>>;
  readonly existingTasks?: number;
}

interface ScheduleInput {
  readonly op: string;
  readonly nodes: readonly (string | NodeFacts)[];
  readonly reserve?: { readonly cpus?: number; readonly memory?: number };
  readonly spreadOver?: readonly string[];
  readonly constraints?: readonly string[];
  readonly maxReplicasPerNode?: number;
}

type Facts = Readonly<Record<string, unknown>>;

const NANO = 1e9;
const SERVICE = 'service1';

function nodeOf(facts: string | NodeFacts): Partial<NodeObject> & { readonly id: string } {
  const { id, cpus, memory, state, availability, labels }: NodeFacts =
    typeof facts === 'string' ? { id: facts } : facts;
  return {
    id,
    ...(cpus !== undefined && { cpus }),
    ...(memory !== undefined && { memoryBytes: memory }),
    ...(state !== undefined && { state }),
    spec: { Role: 'worker', Availability: availability ?? 'active', Labels: labels ?? {} },
  };
}

/** What became of so many tasks, in the words of such rows. */
function outcome(input: ScheduleInput, count: number, each: number): Facts {
  const { cpus = 0, memory = each } = input.reserve ?? {};
  const Resources = { Reservations: { NanoCPUs: cpus * NANO, MemoryBytes: memory } };
  const world = placing(input.nodes.map(nodeOf));
  for (const one of input.nodes) {
    if (typeof one !== 'string') world.put(one.id, SERVICE, one.existingTasks ?? 0, { Resources });
  }
  const before = world.counts(SERVICE);
  const Placement = {
    Constraints: input.constraints ?? [],
    Preferences: (input.spreadOver ?? []).map((label) => ({ Spread: { SpreadDescriptor: label } })),
    MaxReplicas: input.maxReplicasPerNode ?? 0,
  };
  const { nodes, error } = world.place(SERVICE, count, { Resources, Placement });
  const counts = Object.entries(world.counts(SERVICE)).map(
    ([id, total]) => [id, total - (before[id] ?? 0)] as const,
  );
  return {
    tasksPerNode: Object.fromEntries(counts),
    assigned: Object.fromEntries(counts.filter(([, total]) => total > 0)),
    node: nodes[0],
    error,
  };
}

/** Compares what can be asked for; a row that says nothing of it is not understood. */
function judged(got: Facts, { expect }: Row): Verdict {
  const wanted = expect as Facts;
  const keys = Object.keys(wanted).filter((key) => Object.hasOwn(got, key));
  const pick = (from: Facts): unknown =>
    Object.fromEntries(
      keys.map((key) => {
        const isCount = key === 'assigned' && typeof wanted[key] === 'number';
        const total = isCount && Object.values(got.assigned as Record<string, number>);
        return [key, total && from === got ? total.reduce((a, b) => a + b, 0) : from[key]];
      }),
    );
  const { holds } = compare(pick(got), pick(wanted));
  return { holds: holds && keys.length > 0, got };
}

const WORDS = /^schedule(?: (\d+) tasks?)?(?: reserving ([\de.+]+) bytes each)?$/;

export const SCHEDULING_OPERATIONS: readonly Operation[] = [
  operation<ScheduleInput, unknown>(WORDS, (row) => {
    const [, count = '1', each = '0'] = WORDS.exec(row.input.op) ?? [];
    return judged(outcome(row.input, Number(count), Number(each)), row);
  }),
];
