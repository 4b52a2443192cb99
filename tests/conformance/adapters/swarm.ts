import { parseServicePort } from '../../../src/engine/docker/cli/options/swarm.ts';
import { isRefused } from '../../../src/engine/go/refused.ts';
import { quorumOf } from '../../../src/engine/raft/member.ts';
import type { ServiceSpec, UpdateConfig } from '../../../src/engine/swarm/api.ts';
import { withDefaults } from '../../../src/engine/swarm/control-api/service-defaults.ts';
import {
  DEFAULT_ADDRESS_POOL,
  DEFAULT_CLUSTER_SPEC,
  DEFAULT_SUBNET_SIZE,
} from '../../../src/engine/swarm/managers/cluster-defaults.ts';
import { OLD_TASK_TIMEOUT_MS } from '../../../src/engine/swarm/orchestrator/restart.ts';
import { exceeds } from '../../../src/engine/swarm/orchestrator/update-status.ts';
import {
  constraintsOf,
  matchesAny,
  nodeMatches,
  parseConstraint,
} from '../../../src/engine/swarm/scheduler/constraint.ts';
import { constraints as constraintFilter } from '../../../src/engine/swarm/scheduler/filters/constraints.ts';
import { FILTERS } from '../../../src/engine/swarm/scheduler/pipeline.ts';
import { noSuitableNode } from '../../../src/engine/swarm/scheduler/scheduler.ts';
import { TASK_STATES, type TaskStateName } from '../../../src/engine/swarm/task-state.ts';
import { compare, operation, type Adapter, type Verdict } from '../adapter.ts';
import { afterEnd } from '../swarm-orchestra.ts';
import { CLIENT_OPERATIONS } from '../swarm-client.ts';
import { SCHEDULING_OPERATIONS } from '../swarm-scheduling.ts';
import { SERVICE_OPERATIONS } from '../swarm-services.ts';
import { stackOperations } from '../swarm-stacks.ts';

/** Members of an expectation that explain it, and say nothing that could be asked. */
const WORDS = new Set(['rule', 'note', 'why', 'publishedZeroMeans', 'wrappedAs']);

/** Compares what the row asks about. */
function compareAsked(got: Record<string, unknown>, expected: Record<string, unknown>): Verdict {
  const asked = Object.keys(expected).filter((key) => !WORDS.has(key));
  const pick = (from: Record<string, unknown>): unknown =>
    Object.fromEntries(asked.map((key) => [key, from[key]]));
  return compare(pick(got), pick(expected));
}

type Facts = Record<string, unknown>;

interface NodeFacts {
  readonly id: string;
  readonly role: 'worker' | 'manager';
  readonly addr: string;
  readonly hostname?: string | null;
  readonly labels: Record<string, string>;
  readonly engineLabels: Record<string, string>;
  readonly platform?: { readonly arch?: string; readonly os?: string } | null;
}

const nodeOf = ({ id, role, addr, hostname, labels, engineLabels, platform }: NodeFacts) => ({
  ...{ id, ip: addr, hostname: hostname ?? '', engineLabels },
  spec: { Role: role, Availability: 'active' as const, Labels: labels },
  os: platform?.os ?? '',
  architecture: platform?.arch ?? '',
});

const members = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, `m${i}`]));

const NS = 1_000_000_000;

const updateFacts = ({ Monitor = 0, Delay = 0, ...config }: UpdateConfig): Facts => ({
  parallelism: config.Parallelism,
  delay: Delay / NS,
  failureAction: config.FailureAction,
  monitorSeconds: Monitor / NS,
  maxFailureRatio: config.MaxFailureRatio,
  order: config.Order,
});

function defaultFacts(): Facts {
  const none = { Name: 'a', Labels: {}, Mode: {} };
  const TaskTemplate = { ContainerSpec: { Image: 'a' }, ForceUpdate: 0 };
  const spec: ServiceSpec = withDefaults({ ...none, TaskTemplate });
  const { ContainerSpec, RestartPolicy: restart } = spec.TaskTemplate;
  return {
    stopGracePeriodSeconds: (ContainerSpec.StopGracePeriod ?? 0) / NS,
    restart: {
      condition: restart?.Condition,
      delaySeconds: (restart?.Delay ?? 0) / NS,
      maxAttempts: restart?.MaxAttempts ?? 0,
      window: restart?.Window ?? 0,
    },
    update: updateFacts(spec.UpdateConfig!),
    rollback: updateFacts(spec.RollbackConfig!),
  };
}

function publish(value: string, expected: Facts): Verdict {
  const ports = parseServicePort(value);
  if (isRefused(ports)) {
    const { errorContains } = expected;
    const holds = typeof errorContains === 'string' && ports.refused.includes(errorContains);
    return { holds, got: ports.refused };
  }
  const facts = ports.map((port) => ({
    target: port.TargetPort,
    published: port.PublishedPort,
    protocol: port.Protocol,
    mode: port.PublishMode,
  }));
  return compareAsked({ ports: facts }, expected);
}

/** A number of nodes that stands for any. */
const MANY = 7;

function explanation(name: string, expected: Facts): Verdict {
  const filter = FILTERS.find((one) => one.name === name);
  if (!filter) return { holds: false, got: 'no such filter' };
  const got = {
    one: filter.explain(1),
    many: filter.explain(MANY).replace(String(MANY), 'N'),
    wrappedAs: noSuitableNode('a; b'),
  };
  return compare(got, expected);
}

export const adapter: Adapter = {
  area: 'swarm',
  operations: [
    operation<{ text: string }, Facts>('parse constraint', ({ input, expect }) => {
      const read = parseConstraint(input.text);
      return compareAsked(isRefused(read) ? { error: true } : { ok: true, ...read }, expect);
    }),
    operation<{ constraint: string; values: string[] }, unknown>(
      'match constraint against values (any-of)',
      ({ input, expect }) => {
        const read = parseConstraint(input.constraint);
        return compare(isRefused(read) ? read : { match: matchesAny(read, input.values) }, expect);
      },
    ),
    operation<{ constraints: string[] }, unknown>(
      'constraint filter enabled for a task',
      ({ input, expect }) => {
        const spec = { Placement: { Constraints: input.constraints } };
        const check = constraintFilter.check({ spec } as never);
        return compare({ enabled: check !== undefined }, expect);
      },
    ),
    operation<{ constraints: string[]; node: NodeFacts }, unknown>(
      'node passes constraints',
      ({ input, expect }) => {
        const read = constraintsOf(input.constraints) ?? [];
        return compare({ pass: nodeMatches(read, nodeOf(input.node)) }, expect);
      },
    ),
    operation<{ filter: string }, Facts>('explanation text', ({ input, expect }) =>
      explanation(input.filter, expect),
    ),
    operation<unknown, Facts>('task states in order', ({ expect }) =>
      compareAsked({ states: Object.entries(TASK_STATES) }, expect),
    ),
    operation<unknown, Facts>('defaults of an unspecified service', ({ expect }) =>
      compareAsked(defaultFacts(), expect),
    ),
    operation<unknown, Facts>('how long a restart waits for the old task to stop', ({ expect }) =>
      compareAsked({ seconds: OLD_TASK_TIMEOUT_MS / 1000 }, expect),
    ),
    operation<{ condition: string; taskState: TaskStateName }, Facts>(
      'task of a replicated service ended',
      ({ input, expect }) => compareAsked(afterEnd(input.condition, input.taskState), expect),
    ),
    operation<{ slotsToUpdate: number; failures: number; maxFailureRatio: number }, unknown>(
      'does the failure action trigger',
      ({ input, expect }) => {
        const { failures, slotsToUpdate, maxFailureRatio } = input;
        return compare({ trigger: exceeds(failures, slotsToUpdate, maxFailureRatio) }, expect);
      },
    ),
    operation<{ managers: number }, unknown>('raft quorum', ({ input, expect }) => {
      const quorum = quorumOf(members(input.managers));
      return compare({ quorum, toleratedFailures: input.managers - quorum }, expect);
    }),
    operation<{ members: number; reachableNow: number }, unknown>(
      'may a reachable, non-local manager be removed',
      ({ input, expect }) => {
        const allowed = input.reachableNow - 1 >= quorumOf(members(input.members - 1));
        return compare({ allowed }, expect);
      },
    ),
    operation<{ value: string }, Facts>('service --publish', ({ input, expect }) =>
      publish(input.value, expect),
    ),
    operation<unknown, Facts>('default task history retention', ({ expect }) =>
      compareAsked({ limit: DEFAULT_CLUSTER_SPEC.Orchestration.TaskHistoryRetentionLimit }, expect),
    ),
    operation<unknown, Facts>('default overlay address pool', ({ expect }) =>
      compareAsked({ pool: DEFAULT_ADDRESS_POOL, subnetSize: DEFAULT_SUBNET_SIZE }, expect),
    ),
    ...SCHEDULING_OPERATIONS,
    ...stackOperations,
    ...CLIENT_OPERATIONS,
    ...SERVICE_OPERATIONS,
  ],
};
