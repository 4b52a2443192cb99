import { parseRfc3339 } from '../../sim/clock.ts';
import { humanDuration } from '../apimachinery/duration.ts';
import type { Event } from '../api/cluster-objects.ts';
import type { Container, ContainerStatus, Pod } from '../api/pod.ts';
import { podSummary } from '../api/tables/pod-row.ts';
import { controllerOf } from '../apimachinery/object.ts';
import { call, complain, list, now, print, refuse, type Session, type Step } from './session.ts';
import { oneTarget } from './targets.ts';

/**
 * `kubectl describe pod` (staging/src/k8s.io/kubectl/pkg/describe/describe.go, v1.36).
 *
 * Simplified: Pods only, and of a Pod the parts that the engine models.
 */
export function* describe(session: Session): Step<number> {
  const need = 'error: You must specify the type of resource to describe.';
  const target = yield* oneTarget(session, session.args.words, need);
  if (typeof target === 'number') return target;
  const { info, name } = target;
  const { namespace } = session;
  const found = yield* call(session, { verb: 'get', resource: info.resource, namespace, name });
  if (!found.ok) return yield* refuse(session, found.failure);
  if (info.resource !== 'pods') {
    return yield* complain(session, `error: describing ${info.resource} is not modelled`);
  }
  const events = yield* list(session, { resource: 'events', namespace });
  const { uid } = found.value.metadata;
  const about = events.ok
    ? (events.value.items as readonly Event[]).filter((e) => e.involvedObject.uid === uid)
    : [];
  yield* print(session, describePod(found.value as Pod, about, yield* now()));
  return 0;
}

function describePod(pod: Pod, events: readonly Event[], nowMs: number): string {
  const { metadata, spec, status } = pod;
  const owner = controllerOf(pod);
  const node = spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>';
  const lines = [
    field('Name', metadata.name),
    field('Namespace', metadata.namespace ?? ''),
    field('Priority', String(spec.priority ?? 0)),
    field('Service Account', 'default'),
    field('Node', node),
    ...(status.startTime ? [field('Start Time', status.startTime)] : []),
    ...list2('Labels', metadata.labels),
    ...list2('Annotations', metadata.annotations),
    field('Status', metadata.deletionTimestamp ? 'Terminating' : podSummary(pod).reason),
    field('IP', status.podIP ?? ''),
    ...(owner ? [field('Controlled By', `${owner.kind}/${owner.name}`)] : []),
    'Containers:',
    ...spec.containers.flatMap((container) =>
      containerLines(
        container,
        status.containerStatuses?.find(({ name }) => name === container.name),
      ),
    ),
    'Conditions:',
    `  ${'Type'.padEnd(27)} Status`,
    ...(status.conditions ?? []).map((c) => `  ${c.type.padEnd(27)} ${c.status} `),
    field('QoS Class', status.qosClass ?? ''),
    ...eventLines(events, nowMs),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const WIDTH = 18;
const field = (name: string, value: string): string => `${name}:`.padEnd(WIDTH) + value;

function list2(name: string, map: Readonly<Record<string, string>> = {}): string[] {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [field(name, '<none>')];
  return entries.map(([key, value], i) =>
    i === 0 ? field(name, `${key}=${value}`) : ' '.repeat(WIDTH) + `${key}=${value}`,
  );
}

function containerLines(container: Container, status: ContainerStatus | undefined): string[] {
  const { state, lastState } = status ?? {};
  const at = (name: string, value: string): string => `    ${`${name}:`.padEnd(16)}${value}`;
  const lines = [`  ${container.name}:`];
  if (status?.containerID) lines.push(at('Container ID', status.containerID));
  lines.push(at('Image', container.image));
  if (status?.imageID) lines.push(at('Image ID', status.imageID));
  for (const { containerPort, protocol = 'TCP' } of container.ports ?? []) {
    lines.push(at('Port', `${containerPort}/${protocol}`));
  }
  lines.push(...stateLines('State', state));
  if (lastState?.terminated) lines.push(...stateLines('Last State', lastState));
  lines.push(at('Ready', status?.ready ? 'True' : 'False'));
  lines.push(at('Restart Count', String(status?.restartCount ?? 0)));
  return lines;
}

function stateLines(name: string, state: ContainerStatus['state']): string[] {
  const at = (title: string, value: string, indent = 4): string =>
    ' '.repeat(indent) + `${title}:`.padEnd(20 - indent) + value;
  if (state?.running) {
    return [at(name, 'Running'), at('Started', state.running.startedAt ?? '', 6)];
  }
  if (state?.terminated) {
    const { reason = '', exitCode } = state.terminated;
    return [at(name, 'Terminated'), at('Reason', reason, 6), at('Exit Code', String(exitCode), 6)];
  }
  const reason = state?.waiting?.reason;
  return [at(name, 'Waiting'), ...(reason ? [at('Reason', reason, 6)] : [])];
}

function eventLines(events: readonly Event[], nowMs: number): string[] {
  if (events.length === 0) return [field('Events', '<none>')];
  const sorted = [...events].sort((a, b) => (a.lastTimestamp < b.lastTimestamp ? -1 : 1));
  const rows = sorted.map((event) => {
    const age = (time: string): string => humanDuration(nowMs - (parseRfc3339(time) ?? nowMs));
    const last = age(event.lastTimestamp);
    const seen =
      event.count > 1 ? `${last} (x${event.count} over ${age(event.firstTimestamp)})` : last;
    return [event.type, event.reason, seen, event.source.component, event.message];
  });
  const titles = ['Type', 'Reason', 'Age', 'From', 'Message'];
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((r) => r[i]?.length ?? 0)),
  );
  const format = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => (i < 4 ? cell.padEnd((widths[i] ?? 0) + 2) : cell)).join('')}`;
  const rule = titles.map((title, i) => '-'.repeat(i < 4 ? title.length : 7));
  return ['Events:', format(titles), format(rule), ...rows.map(format)];
}
