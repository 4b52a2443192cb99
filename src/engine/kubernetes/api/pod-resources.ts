import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  milliValue,
  quantityOf,
  wholeValue,
  ZERO,
  type Quantity,
} from '../apimachinery/quantity.ts';
import type { ResourceAmounts } from './amounts.ts';
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
 * that is more; what the Pod itself asks for goes before that; plus overhead
 * (staging/src/k8s.io/component-helpers/resource/helpers.go `PodRequests`, v1.36). For scoring, a
 * container without a request counts as 100m CPU and 200Mi memory.
 */
export function podRequests(spec: PodSpec, forScoring = false): Amounts {
  const { containers, initContainers, overhead, resources } = spec;
  let known = SUMS.get(containers);
  const isSame =
    known?.initContainers === initContainers &&
    known?.overhead === overhead &&
    known?.resources === resources;
  if (!known || !isSame) {
    known = { initContainers, overhead, resources };
    SUMS.set(containers, known);
  }
  if (forScoring) return (known.scored ??= sumRequests(spec, true));
  return (known.asked ??= sumRequests(spec, false));
}

type Parts = Pick<PodSpec, 'initContainers' | 'overhead' | 'resources'>;

/** What was summed up of a Pod: those of one template share their containers. */
interface Sums extends Parts {
  asked?: Amounts;
  scored?: Amounts;
}

const SUMS = new WeakMap<PodSpec['containers'], Sums>();

function sumRequests(spec: PodSpec, forScoring: boolean): Amounts {
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
  const own = spec.resources?.requests ?? NOTHING;
  const overhead = spec.overhead ?? NOTHING;
  const others = otherRequests(spec);
  const cpu = own.cpu === undefined ? undefined : milliValue(own.cpu);
  const memory = own.memory === undefined ? undefined : wholeValue(own.memory);
  return {
    ...(others && { others }),
    cpuMillis: (cpu ?? Math.max(cpuMillis + sidecarCpu, initCpu)) + milliValue(overhead.cpu),
    memoryBytes:
      (memory ?? Math.max(memoryBytes + sidecarMemory, initMemory)) + wholeValue(overhead.memory),
  };
}

const NOTHING: ResourceAmounts = {};

/** CPU, memory and huge pages may be asked for by a Pod as a whole, nothing else. */
export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

type Quantities = Record<string, Quantity>;

/**
 * Requests or limits of a Pod with every resource by its name, exactly: for quotas and limit
 * ranges. Overhead raises a limit only where there is one (`PodRequests`, `PodLimits`).
 */
export function podQuantities(spec: PodSpec, part: 'requests' | 'limits'): Quantities {
  const amounts = quantitiesOfContainers(spec, part);
  for (const [name, amount] of Object.entries(spec.resources?.[part] ?? NOTHING)) {
    if (isPodLevelResource(name)) amounts[name] = quantityOf(amount) ?? ZERO;
  }
  for (const [name, amount] of Object.entries(spec.overhead ?? NOTHING)) {
    if (part === 'limits' && !amounts[name]) continue;
    amounts[name] = addQuantities(amounts[name] ?? ZERO, quantityOf(amount) ?? ZERO);
  }
  return amounts;
}

/** What the containers of a Pod ask for together (`AggregateContainerRequests`). */
export function requestsOfContainers(spec: PodSpec): ResourceAmounts {
  const amounts = Object.entries(quantitiesOfContainers(spec, 'requests'));
  return Object.fromEntries(amounts.map(([name, amount]) => [name, formatQuantity(amount)]));
}

function quantitiesOfContainers(spec: PodSpec, part: 'requests' | 'limits'): Quantities {
  const total: Quantities = {};
  const sidecars: Quantities = {};
  const starting: Quantities = {};
  for (const { resources } of spec.containers) addAmounts(total, resources?.[part]);
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const isSidecar = restartPolicy === 'Always';
    if (isSidecar) {
      addAmounts(total, resources?.[part]);
      addAmounts(sidecars, resources?.[part]);
    }
    const now = { ...sidecars };
    if (!isSidecar) addAmounts(now, resources?.[part]);
    raiseTo(starting, now);
  }
  raiseTo(total, starting);
  return total;
}

function addAmounts(total: Quantities, amounts: ResourceAmounts = NOTHING): void {
  for (const [name, amount] of Object.entries(amounts)) {
    total[name] = addQuantities(total[name] ?? ZERO, quantityOf(amount) ?? ZERO);
  }
}

function raiseTo(total: Quantities, least: Quantities): void {
  for (const [name, amount] of Object.entries(least)) {
    const before = total[name];
    if (!before || compareQuantities(before, amount) < 0) total[name] = amount;
  }
}

/** The same sums and maxima for everything that is neither CPU nor memory. */
function otherRequests(spec: PodSpec): Amounts['others'] {
  const { containers, initContainers = [], overhead, resources } = spec;
  const add = (a: number, b: number): number => a + b;
  let running: Amounts['others'];
  let sidecars: Amounts['others'];
  let starting: Amounts['others'];
  for (const container of containers) {
    running = joinOthers(running, otherAmounts(container.resources?.requests), add);
  }
  for (const container of initContainers) {
    const { restartPolicy } = container;
    const own = otherAmounts(container.resources?.requests);
    if (restartPolicy === 'Always') sidecars = joinOthers(sidecars, own, add);
    const alone = restartPolicy === 'Always' ? undefined : own;
    starting = joinOthers(starting, joinOthers(sidecars, alone, add), Math.max);
  }
  const most = joinOthers(joinOthers(running, sidecars, add), starting, Math.max);
  const own = joinOthers(most, podLevelOthers(resources?.requests), (_, asked) => asked);
  return joinOthers(own, otherAmounts(overhead), add);
}

/** Huge pages that the Pod as a whole asks for. */
function podLevelOthers(requests: ResourceAmounts = NOTHING): Amounts['others'] {
  const pages = Object.entries(requests).filter(([name]) => name.startsWith('hugepages-'));
  return pages.length === 0 ? undefined : otherAmounts(Object.fromEntries(pages));
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
 * Quality of service (pkg/apis/core/v1/helper/qos/qos.go `ComputePodQOS`, v1.36): Guaranteed when
 * every container limits CPU and memory and all requests together equal all limits, BestEffort
 * when none asks for anything. What the Pod as a whole is given counts instead, where it is.
 */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const own = spec.resources;
  const all = hasPodLevelResources(own)
    ? [own]
    : [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources);
  const requests = sumsOf(all, 'requests');
  const limits = sumsOf(all, 'limits');
  if (requests.cpu + requests.memory + limits.cpu + limits.memory === 0) return 'BestEffort';
  const limited = all.every(
    (resources) =>
      milliValue(resources?.limits?.cpu) > 0 && wholeValue(resources?.limits?.memory) > 0,
  );
  const equal = requests.cpu === limits.cpu && requests.memory === limits.memory;
  return limited && equal ? 'Guaranteed' : 'Burstable';
}

function hasPodLevelResources(resources: Resources | undefined): boolean {
  const { requests = NOTHING, limits = NOTHING } = resources ?? {};
  return Object.keys({ ...requests, ...limits }).some(isPodLevelResource);
}

function sumsOf(
  all: readonly (Resources | undefined)[],
  part: 'requests' | 'limits',
): { readonly cpu: number; readonly memory: number } {
  let cpu = 0;
  let memory = 0;
  for (const resources of all) {
    cpu += Math.max(0, milliValue(resources?.[part]?.cpu));
    memory += Math.max(0, wholeValue(resources?.[part]?.memory));
  }
  return { cpu, memory };
}
