import { milliValue, wholeValue } from '../apimachinery/quantity.ts';
import type { Container, PodSpec, Resources } from './pod.ts';

/** CPU in thousandths of a core, memory in bytes. */
export interface Amounts {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Whole units of everything else: ephemeral storage, huge pages, devices. */
  readonly others?: Readonly<Record<string, number>>;
}

/** What a list of resources holds besides CPU, memory and a number of Pods; undefined if nothing. */
export function otherAmounts(list: Resources['requests'] = {}): Amounts['others'] {
  const others = Object.entries(list).filter(([name]) => !COUNTED_APART.has(name));
  if (others.length === 0) return undefined;
  return Object.fromEntries(others.map(([name, amount]) => [name, wholeValue(amount)]));
}

const COUNTED_APART = new Set(['cpu', 'memory', 'pods']);

/** Two sets of amounts joined name by name. */
export function joinOthers(
  a: Amounts['others'],
  b: Amounts['others'],
  join: (a: number, b: number) => number,
): Amounts['others'] {
  if (!b) return a;
  const joined = Object.entries(b).map(([name, value]) => [name, join(a?.[name] ?? 0, value)]);
  return { ...a, ...(Object.fromEntries(joined) as Record<string, number>) };
}

/** What scoring takes a container to use that asks for nothing (`DefaultMilliCPURequest` …). */
const UNSET: Amounts = { cpuMillis: 100, memoryBytes: 200 * 1024 * 1024 };

/**
 * What a Pod asks for: the sum over its containers and sidecars, or the largest init container if
 * that is more, plus overhead (staging/src/k8s.io/component-helpers/resource/helpers.go
 * `PodRequests`, v1.36). For scoring, a container without a request counts as 100m CPU and 200Mi
 * memory.
 */
export function podRequests(spec: PodSpec, forScoring = false): Amounts {
  let cpuMillis = 0;
  let memoryBytes = 0;
  for (const container of spec.containers) {
    const amounts = containerRequests(container, forScoring);
    cpuMillis += amounts.cpuMillis;
    memoryBytes += amounts.memoryBytes;
  }
  let sidecarCpu = 0;
  let sidecarMemory = 0;
  let initCpu = 0;
  let initMemory = 0;
  for (const container of spec.initContainers ?? []) {
    const amounts = containerRequests(container, forScoring);
    if (container.restartPolicy === 'Always') {
      sidecarCpu += amounts.cpuMillis;
      sidecarMemory += amounts.memoryBytes;
    }
    const alone = container.restartPolicy === 'Always' ? 0 : 1;
    initCpu = Math.max(initCpu, sidecarCpu + alone * amounts.cpuMillis);
    initMemory = Math.max(initMemory, sidecarMemory + alone * amounts.memoryBytes);
  }
  const overhead = spec.overhead ?? {};
  const others = otherRequests(spec);
  return {
    ...(others && { others }),
    cpuMillis: Math.max(cpuMillis + sidecarCpu, initCpu) + milliValue(overhead.cpu),
    memoryBytes: Math.max(memoryBytes + sidecarMemory, initMemory) + wholeValue(overhead.memory),
  };
}

/** The same sums and maxima for everything that is neither CPU nor memory. */
function otherRequests({ containers, initContainers = [], overhead }: PodSpec): Amounts['others'] {
  const add = (a: number, b: number): number => a + b;
  let running: Amounts['others'];
  let sidecars: Amounts['others'];
  let starting: Amounts['others'];
  for (const { resources } of containers) {
    running = joinOthers(running, otherAmounts(resources?.requests), add);
  }
  for (const { resources, restartPolicy } of initContainers) {
    const own = otherAmounts(resources?.requests);
    if (restartPolicy === 'Always') sidecars = joinOthers(sidecars, own, add);
    const alone = restartPolicy === 'Always' ? undefined : own;
    starting = joinOthers(starting, joinOthers(sidecars, alone, add), Math.max);
  }
  const most = joinOthers(joinOthers(running, sidecars, add), starting, Math.max);
  return joinOthers(most, otherAmounts(overhead), add);
}

function containerRequests({ resources }: Container, forScoring: boolean): Amounts {
  const requests = resources?.requests ?? {};
  const unset = forScoring ? UNSET : { cpuMillis: 0, memoryBytes: 0 };
  return {
    cpuMillis: requests.cpu === undefined ? unset.cpuMillis : milliValue(requests.cpu),
    memoryBytes: requests.memory === undefined ? unset.memoryBytes : wholeValue(requests.memory),
  };
}

/**
 * Quality of service (pkg/apis/core/v1/helper/qos/qos.go, v1.36): Guaranteed when every container
 * limits CPU and memory and requests the same, BestEffort when none asks for anything.
 */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  const kinds = ['cpu', 'memory'] as const;
  const positive = (list: Resources['requests'], kind: string): number =>
    kind === 'cpu' ? milliValue(list?.[kind]) : wholeValue(list?.[kind]);
  const asks = all.some(({ resources }) =>
    kinds.some(
      (kind) => positive(resources?.requests, kind) > 0 || positive(resources?.limits, kind) > 0,
    ),
  );
  if (!asks) return 'BestEffort';
  const guaranteed = all.every(({ resources }) =>
    kinds.every((kind) => {
      const limit = positive(resources?.limits, kind);
      const request = resources?.requests?.[kind];
      return limit > 0 && (request === undefined || positive(resources?.requests, kind) === limit);
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
