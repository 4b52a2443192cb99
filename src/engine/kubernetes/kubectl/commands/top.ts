import type { NodeMetrics, PodMetrics } from '../../api/autoscaling.ts';
import type { Node } from '../../api/cluster-objects.ts';
import { readFieldSelector } from '../../apimachinery/field-selector.ts';
import { readSelector } from '../../apimachinery/selector-syntax.ts';
import { milliValue, wholeValue } from '../../apimachinery/quantity.ts';
import { refused } from '../problems.ts';
import {
  check,
  complain,
  fatal,
  list,
  misused,
  print,
  request,
  type Session,
  type Step,
} from '../session.ts';
import { layOut } from '../text-table.ts';
import type { ListAnswer } from '../../api/requests.ts';

/** `kubectl top` (kubectl/pkg/cmd/top, pkg/metricsutil/metrics_printer.go, v1.36). */
type Usage = Readonly<Record<string, string>>;
const MEBI = 1024 * 1024;

const cpuText = (usage: Usage): string => `${milliValue(usage.cpu ?? '0')}m`;
const memoryText = (usage: Usage): string =>
  `${Math.floor(wholeValue(usage.memory ?? '0') / MEBI)}Mi`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sortKey(sort: string, usage: Usage): number {
  return sort === 'cpu' ? milliValue(usage.cpu ?? '0') : wholeValue(usage.memory ?? '0');
}

function* checkUsage(session: Session, word: string): Step<string> {
  const sort = session.flags.text('sort-by');
  if (session.words.length > 1) yield* misused(session, `${word} [NAME | -l label]`);
  if (session.words.length > 0 && session.flags.text('selector') !== '') {
    const selector = word === 'node' ? '--selector' : 'selector';
    yield* fatal(session, `only one of NAME or ${selector} can be provided`);
  }
  if (!['', 'cpu', 'memory'].includes(sort)) {
    yield* fatal(session, '--sort-by accepts only cpu or memory');
  }
  return sort;
}

/** Every cell ends with a tab: the last one is padded too. */
const table = (rows: readonly (readonly string[])[]): string =>
  layOut(rows.map((row) => [...row, ''])).text;

/** Metrics of one or of all; the server has none until the first scrape. */
function* metricsOf<T>(
  session: Session,
  resource: 'pods.metrics.k8s.io' | 'nodes.metrics.k8s.io',
  namespace: string,
): Step<readonly T[]> {
  const [name] = session.words;
  const labelSelector = readSelector(session.flags.text('selector').trim());
  if ('error' in labelSelector) return yield* fatal(session, labelSelector.error);
  const fieldSelector = readFieldSelector(session.flags.text('field-selector').trim());
  if ('error' in fieldSelector) return yield* fatal(session, fieldSelector.error);
  if (name !== undefined) {
    const one = yield* request<T>(session, { verb: 'get', resource, namespace, name });
    if (one.ok) return [one.value];
    yield* check(session, [refused(one.failure)]);
  }
  const answer = yield* request<ListAnswer>(session, {
    verb: 'list',
    resource,
    namespace,
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  });
  if (!answer.ok) {
    yield* check(session, [refused(answer.failure)]);
    return [];
  }
  return answer.value.items as readonly T[];
}

export function* topNode(session: Session): Step<number> {
  const sort = yield* checkUsage(session, 'node');
  const metrics = yield* metricsOf<NodeMetrics>(session, 'nodes.metrics.k8s.io', '');
  if (metrics.length === 0) yield* fatal(session, 'metrics not available yet');
  const nodes = yield* list(session, { resource: 'nodes', namespace: '' });
  const sizes = new Map<string, Usage>();
  const capacity = session.flags.has('show-capacity');
  for (const { metadata, status } of nodes.ok ? (nodes.value.items as readonly Node[]) : []) {
    sizes.set(metadata.name, ((capacity ? status.capacity : status.allocatable) ?? {}) as Usage);
  }
  const sorted = [...metrics].sort((a, b) =>
    sort === ''
      ? compare(a.metadata.name, b.metadata.name)
      : sortKey(sort, b.usage) - sortKey(sort, a.usage),
  );
  const rows = sorted.map(({ metadata, usage }) => {
    const used = usage;
    const size = sizes.get(metadata.name) ?? {};
    sizes.delete(metadata.name);
    const share = (field: string): string => {
      const whole = milliValue(size[field] ?? '0');
      const part = milliValue(used[field] ?? '0');
      return `${whole === 0 ? 0 : Math.floor((part / whole) * 100)}%`;
    };
    return [metadata.name, cpuText(used), share('cpu'), memoryText(used), share('memory')];
  });
  const silent = session.words.length > 0 ? [] : [...sizes.keys()];
  for (const name of silent) rows.push([name, ...Array.from({ length: 4 }, () => '<unknown>')]);
  const header = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'];
  yield* print(session, table(session.flags.has('no-headers') ? rows : [header, ...rows]));
  return 0;
}

export function* topPod(session: Session): Step<number> {
  const { flags } = session;
  const sort = yield* checkUsage(session, 'pod');
  const everywhere = flags.has('all-namespaces');
  const namespace = everywhere ? '' : session.namespace;
  const metrics = yield* metricsOf<PodMetrics>(session, 'pods.metrics.k8s.io', namespace);
  if (metrics.length === 0) {
    const pods = yield* list(session, { resource: 'pods', namespace });
    if (pods.ok && pods.value.items.length > 0) yield* fatal(session, 'metrics not available yet');
    const where = everywhere ? '' : ` in ${namespace} namespace.`;
    yield* complain(session, `No resources found${where}`);
    return 0;
  }
  const sum = (pod: PodMetrics): Usage => {
    const total = (field: string, of: (text: string) => number): number =>
      pod.containers.reduce((all, { usage }) => all + of(usage[field] ?? '0'), 0);
    return { cpu: `${total('cpu', milliValue)}m`, memory: String(total('memory', wholeValue)) };
  };
  const sorted = [...metrics].sort((a, b) =>
    sort === ''
      ? compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '') ||
        compare(a.metadata.name, b.metadata.name)
      : sortKey(sort, sum(b)) - sortKey(sort, sum(a)),
  );
  const byContainer = flags.has('containers');
  const rows: string[][] = [];
  for (const pod of sorted) {
    const place = everywhere ? [pod.metadata.namespace ?? ''] : [];
    if (!byContainer)
      rows.push([...place, pod.metadata.name, cpuText(sum(pod)), memoryText(sum(pod))]);
    else {
      for (const { name, usage } of pod.containers) {
        const used = usage;
        rows.push([...place, pod.metadata.name, name, cpuText(used), memoryText(used)]);
      }
    }
  }
  const header = [
    ...(everywhere ? ['NAMESPACE'] : []),
    ...(byContainer ? ['POD'] : []),
    ...['NAME', 'CPU(cores)', 'MEMORY(bytes)'],
  ];
  const lines = flags.has('no-headers') ? rows : [header, ...rows];
  if (flags.has('sum')) {
    const cpu = metrics.reduce((all, pod) => all + milliValue(sum(pod).cpu), 0);
    const memory = metrics.reduce((all, pod) => all + wholeValue(sum(pod).memory), 0);
    const blank = Array.from({ length: header.length - 2 }, () => '');
    const rule = ['________', '________'];
    lines.push([...blank, ...rule], [...blank, `${cpu}m`, `${Math.floor(memory / MEBI)}Mi`]);
  }
  yield* print(session, table(lines));
  return 0;
}
