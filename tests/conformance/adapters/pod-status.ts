import {
  probeDefaults,
  pullPolicyOf,
  setDefaults,
} from '../../../src/engine/kubernetes/api/defaults.ts';
import { qosClass } from '../../../src/engine/kubernetes/api/pod-resources.ts';
import type {
  ContainerStatus,
  PodPhase,
  PodSpec,
  Probe,
  ResourceAmounts,
  RestartPolicy,
} from '../../../src/engine/kubernetes/api/pod.ts';
import type { Condition, KubeObject } from '../../../src/engine/kubernetes/apimachinery/object.ts';
import { nextBackoff, remainingMs } from '../../../src/engine/kubernetes/kubelet/backoff.ts';
import {
  containersReady,
  podInitialized,
  podReady,
  type ConditionInput,
} from '../../../src/engine/kubernetes/kubelet/pod-conditions.ts';
import { podPhase, type PhaseStatus } from '../../../src/engine/kubernetes/kubelet/pod-phase.ts';
import type { Backoff } from '../../../src/engine/kubernetes/kubelet/pod-worker-row.ts';
import { mustStart, type LastSeen } from '../../../src/engine/kubernetes/kubelet/restart-policy.ts';
import { compare, operation, sameValue, type Adapter, type Verdict } from '../adapter.ts';
import { replicaOperations } from './pod-status-replicas.ts';

/** What the kubelet says and does of a Pod, asked of its own functions. */

type Said = Readonly<Record<string, unknown>>;

/** Holds when what is expected is so; what the table leaves out does not count. */
const holds = (got: Said, expected: Said): Verdict => ({
  holds: Object.keys(expected).every((key) => sameValue(got[key], expected[key])),
  got,
});

interface InitRow {
  readonly name: string;
  readonly state: string;
  readonly restartPolicy?: RestartPolicy;
  readonly started?: boolean;
}

interface PhaseRow {
  readonly restartPolicy: RestartPolicy;
  readonly containers: Readonly<Record<string, string>>;
  readonly initContainers?: readonly InitRow[] | Readonly<Record<string, string>>;
  readonly podIsTerminal?: boolean;
}

/** `running`, `waiting`, `waitingAfterExit`, `waitingAfterExit0`, `exited1`, `absent`. */
function statusOf(name: string, word: string): PhaseStatus[] {
  const ended = /^exited ?(-?\d+)$/.exec(word);
  const after = /^waitingAfterExit(-?\d+)?$/.exec(word);
  const terminated = (code: string) => ({ terminated: { exitCode: Number(code) } });
  if (word === 'absent') return [];
  if (ended) return [{ name, state: terminated(ended[1] ?? '0') }];
  if (after) return [{ name, state: { waiting: {} }, lastState: terminated(after[1] ?? '1') }];
  return [{ name, state: word === 'running' ? { running: {} } : { waiting: {} } }];
}

function phaseOf(row: PhaseRow): PodPhase {
  const { restartPolicy, containers, initContainers: given = [], podIsTerminal } = row;
  const init: readonly InitRow[] = Array.isArray(given)
    ? (given as readonly InitRow[])
    : Object.entries(given).map(([name, state]) => ({ name, state: String(state) }));
  const initStatuses = init.flatMap(({ name, state, started }) =>
    statusOf(name, state).map((status) => ({ ...status, ...(started && { started }) })),
  );
  return podPhase({
    restartPolicy,
    containers: Object.keys(containers),
    initContainers: init.map(({ name, restartPolicy: own }) => ({
      name,
      isSidecar: own === 'Always',
    })),
    statuses: [
      ...initStatuses,
      ...Object.entries(containers).flatMap(([name, word]) => statusOf(name, word)),
    ],
    ...(podIsTerminal && { isTerminal: true }),
  });
}

type NamedInit = string | { readonly name: string; readonly restartPolicy?: RestartPolicy };

interface ConditionRow {
  readonly containers?: readonly string[];
  readonly initContainers?: readonly NamedInit[];
  readonly readinessGates?: readonly string[];
  readonly conditions?: readonly Condition[];
  readonly containerStatuses: readonly ContainerStatus[] | null;
  readonly phase: PodPhase;
}

function conditionInput(row: ConditionRow): ConditionInput {
  const { containers = [], initContainers = [], containerStatuses, ...rest } = row;
  const init = initContainers.map((one) =>
    typeof one === 'string'
      ? { name: one, isSidecar: false }
      : { name: one.name, isSidecar: one.restartPolicy === 'Always' },
  );
  const statuses = containerStatuses === null ? {} : { statuses: containerStatuses };
  return { ...rest, containers, initContainers: init, ...statuses };
}

const condition = (type: string, judge: (input: ConditionInput) => object) => (row: ConditionRow) =>
  ({ type, ...judge(conditionInput(row)) }) as Said;

const conditions = {
  containersReadyCondition: condition('ContainersReady', containersReady),
  readyCondition: condition('Ready', podReady),
  initializedCondition: condition('Initialized', podInitialized),
};

interface CrashRow {
  readonly initialSeconds?: number;
  readonly maxSeconds?: number;
  readonly exits?: number;
  readonly eachRunSeconds?: number;
  readonly secondsBetweenLastBackoffUpdateAndExit?: number;
  readonly recordedBackoffSeconds?: number;
}

/** Exits, waits and starts again, over and over; the seconds it waited each time. */
function crashLoop(row: CrashRow): Said {
  const { initialSeconds = 10, maxSeconds = 300 } = row;
  const policy = { initialMs: initialSeconds * 1000, longestMs: maxSeconds * 1000 };
  const since = row.secondsBetweenLastBackoffUpdateAndExit;
  if (since !== undefined) {
    const delayMs = (row.recordedBackoffSeconds ?? maxSeconds) * 1000;
    const before: Backoff = { delayMs, takenMs: 0 };
    const exitMs = since * 1000;
    return {
      delaySecondsBeforeRestart: remainingMs(before, exitMs, exitMs) / 1000,
      nextBackoffSeconds: nextBackoff(before, exitMs, exitMs, policy).delayMs / 1000,
    };
  }
  const waits: number[] = [];
  let backoff: Backoff | undefined;
  let nowMs = 0;
  for (let exit = 0; exit < (row.exits ?? 0); exit++) {
    const exitMs = nowMs + (row.eachRunSeconds ?? 0) * 1000;
    const waitMs = remainingMs(backoff, exitMs, exitMs);
    waits.push(waitMs / 1000);
    nowMs = exitMs + waitMs;
    backoff = nextBackoff(backoff, exitMs, nowMs, policy);
  }
  return { delaySecondsBeforeRestart: waits };
}

interface DefaultsRow {
  readonly probe?: Probe;
  readonly image?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
}

const SERVICE_FIELDS = ['ports', 'sessionAffinity', 'clusterIP', 'type', 'externalName'];

function defaults({ probe, image, spec = {} }: DefaultsRow): Said {
  if (probe) return probeDefaults(probe) as Said;
  if (image !== undefined) return { imagePullPolicy: pullPolicyOf(image) };
  const isService = SERVICE_FIELDS.some((field) => field in spec);
  const object = {
    apiVersion: 'v1',
    kind: isService ? 'Service' : 'Pod',
    metadata: { name: 'x' },
    spec: isService ? spec : { containers: [], ...spec },
  } as unknown as KubeObject;
  const filled = setDefaults(isService ? 'services' : 'pods', object);
  return (filled as unknown as { spec: Said }).spec;
}

interface RestartRow {
  readonly restartPolicy: RestartPolicy;
  readonly container: string;
  readonly podBeingDeleted?: boolean;
}

function restarts({ restartPolicy, container, podBeingDeleted = false }: RestartRow): boolean {
  const exit = /^exited ?(-?\d+)$/.exec(container)?.[1];
  const seen: LastSeen =
    exit !== undefined
      ? { exitCode: Number(exit) }
      : container === 'running' || container === 'unknown'
        ? container
        : 'nothing';
  return mustStart({}, restartPolicy, seen, podBeingDeleted);
}

interface QosRow {
  readonly containers: readonly QosContainer[];
  readonly initContainers?: readonly QosContainer[];
}

interface QosContainer {
  readonly name: string;
  readonly limits?: ResourceAmounts;
  readonly requests?: ResourceAmounts;
}

function qos({ containers, initContainers = [] }: QosRow): string {
  const made = (list: readonly QosContainer[]) =>
    list.map(({ name, limits, requests }) => ({
      ...{ name, image: 'x' },
      resources: { ...(limits && { limits }), ...(requests && { requests }) },
    }));
  const spec: PodSpec = { containers: made(containers), initContainers: made(initContainers) };
  return qosClass(spec);
}

export const adapter: Adapter = {
  area: 'pod-status',
  operations: [
    operation<PhaseRow, Said>('getPhase', ({ input, expect }) =>
      compare({ phase: phaseOf(input) }, expect),
    ),
    ...Object.entries(conditions).map(([name, judge]) =>
      operation<ConditionRow, Said>(name, ({ input, expect }) => holds(judge(input), expect)),
    ),
    operation<CrashRow, Said>('crashLoop', ({ input, expect }) => holds(crashLoop(input), expect)),
    operation<DefaultsRow, Said>('defaults', ({ input, expect }) => holds(defaults(input), expect)),
    operation<RestartRow, Said>('shouldRestart', ({ input, expect }) =>
      compare({ restart: restarts(input) }, expect),
    ),
    operation<QosRow, Said>('qos', ({ input, expect }) =>
      compare({ qosClass: qos(input) }, expect),
    ),
    ...replicaOperations,
  ],
};
