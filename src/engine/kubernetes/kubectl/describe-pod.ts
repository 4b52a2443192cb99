import { civilTime, parseRfc3339 } from '../../sim/clock.ts';
import { humanDuration } from '../apimachinery/duration.ts';
import { controllerOf, without, type Labels } from '../apimachinery/object.ts';
import type {
  Container,
  ContainerStatus,
  Pod,
  PodTemplate,
  Probe,
  Toleration,
} from '../api/pod.ts';
import { LAST_APPLIED } from '../api/workloads.ts';

/**
 * Pods and their templates in lines with tabs (staging/src/k8s.io/kubectl/pkg/describe/describe.go
 * `describePod`, `DescribePodTemplate`, v1.36).
 *
 * Simplified: of a Pod, the parts that the engine models; there are no volumes.
 */
export function podLines(pod: Pod, nowMs: number): string[] {
  const { metadata, spec, status } = pod;
  const owner = controllerOf(pod);
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    ...(spec.priority === undefined ? [] : [`Priority:\t${spec.priority}`]),
    ...(spec.serviceAccountName ? [`Service Account:\t${spec.serviceAccountName}`] : []),
    `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`,
    ...(status.startTime ? [`Start Time:\t${fullTime(status.startTime)}`] : []),
    ...mapLines('Labels', metadata.labels, '='),
    ...annotationLines('Annotations', metadata.annotations),
    ...statusLines(pod, nowMs),
    `IP:\t${status.podIP ?? ''}`,
    ...(status.podIPs?.length
      ? ['IPs:', ...status.podIPs.map(({ ip }) => `  IP:\t${ip}`)]
      : ['IPs:\t<none>']),
    ...(owner ? [`Controlled By:\t${owner.kind}/${owner.name}`] : []),
    'Containers:',
    ...spec.containers.flatMap((container) =>
      containerLines(
        container,
        status.containerStatuses?.find(({ name }) => name === container.name),
        '',
      ),
    ),
    ...conditionLines(pod),
    'Volumes:\t<none>',
    `QoS Class:\t${status.qosClass ?? ''}`,
    ...mapLines('Node-Selectors', spec.nodeSelector, '='),
    ...tolerationLines('Tolerations', spec.tolerations),
  ];
}

/** `Pod Template:` and what is in it. */
export function templateLines({ metadata, spec }: PodTemplate): string[] {
  return [
    'Pod Template:',
    ...mapLines('  Labels', metadata?.labels, '='),
    ...(Object.keys(metadata?.annotations ?? {}).length > 0
      ? annotationLines('  Annotations', metadata?.annotations)
      : []),
    '  Containers:',
    ...spec.containers.flatMap((container) => containerLines(container, undefined, ' ')),
    '  Volumes:\t<none>',
    ...mapLines('  Node-Selectors', spec.nodeSelector, '='),
    ...tolerationLines('  Tolerations', spec.tolerations),
  ];
}

function statusLines({ metadata, status }: Pod, nowMs: number): string[] {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  const ended = status.phase === 'Failed' || status.phase === 'Succeeded';
  const lines =
    deletionTimestamp && !ended
      ? [
          `Status:\tTerminating (lasts ${humanDuration(nowMs - (parseRfc3339(deletionTimestamp) ?? nowMs))})`,
          `Termination Grace Period:\t${deletionGracePeriodSeconds}s`,
        ]
      : [`Status:\t${status.phase}`];
  if (status.reason) lines.push(`Reason:\t${status.reason}`);
  if (status.message) lines.push(`Message:\t${status.message}`);
  return lines;
}

function conditionLines({ status }: Pod): string[] {
  const conditions = status.conditions ?? [];
  if (conditions.length === 0) return [];
  return [
    'Conditions:',
    '  Type\tStatus',
    ...conditions.map(({ type, status: is }) => `  ${type} \t${is} `),
  ];
}

function containerLines(
  container: Container,
  status: ContainerStatus | undefined,
  indent: string,
): string[] {
  const { name, image, ports = [], resources = {}, env = [] } = container;
  const list = (values: readonly string[] = [], title: string): string[] =>
    values.length === 0 ? [] : [`    ${title}:`, ...values.map((value) => `      ${value}`)];
  const amounts = (map: Readonly<Record<string, string | number>> = {}, title: string): string[] =>
    list(
      sorted(map).map(([key, value]) => `${key}:\t${value}`),
      title,
    );
  const named = ports.map(({ containerPort, protocol = 'TCP', name: port }) => ({
    text: `${containerPort}/${protocol}`,
    host: `0/${protocol}`,
    suffix: port ? ` (${port})` : '',
  }));
  const several = named.length > 1 ? 's' : '';
  const joined = (texts: readonly string[]): string => texts.join(', ') || '<none>';
  return [
    `  ${indent}${name}:`,
    ...(status ? [`    Container ID:\t${status.containerID ?? ''}`] : []),
    `    Image:\t${image}`,
    ...(status ? [`    Image ID:\t${status.imageID}`] : []),
    `    Port${several}:\t${joined(named.map(({ text, suffix }) => text + suffix))}`,
    `    Host Port${several}:\t${joined(named.map(({ host, suffix }) => host + suffix))}`,
    ...list(container.command, 'Command'),
    ...list(container.args, 'Args'),
    ...(status ? containerStateLines(status) : []),
    ...amounts(resources.limits, 'Limits'),
    ...amounts(resources.requests, 'Requests'),
    ...probeLine('Liveness', container.livenessProbe),
    ...probeLine('Readiness', container.readinessProbe),
    ...probeLine('Startup', container.startupProbe),
    `    Environment:${env.length === 0 ? '\t<none>' : ''}`,
    ...env.map((variable) => `      ${variable.name}:\t${variable.value ?? ''}`),
    '    Mounts:\t<none>',
  ];
}

function containerStateLines(status: ContainerStatus): string[] {
  return [
    ...stateLines('State', status.state),
    ...(status.lastState?.terminated ? stateLines('Last State', status.lastState) : []),
    `    Ready:\t${status.ready ? 'True' : 'False'}`,
    `    Restart Count:\t${status.restartCount}`,
  ];
}

function stateLines(name: string, state: ContainerStatus['state']): string[] {
  if (state?.running) {
    return [`    ${name}:\tRunning`, `      Started:\t${fullTime(state.running.startedAt)}`];
  }
  if (state?.terminated) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated;
    return [
      `    ${name}:\tTerminated`,
      ...(reason ? [`      Reason:\t${reason}`] : []),
      ...(message ? [`      Message:\t${message}`] : []),
      `      Exit Code:\t${exitCode}`,
      ...(signal ? [`      Signal:\t${signal}`] : []),
      `      Started:\t${fullTime(startedAt)}`,
      `      Finished:\t${fullTime(finishedAt)}`,
    ];
  }
  const reason = state?.waiting?.reason;
  return [`    ${name}:\tWaiting`, ...(reason ? [`      Reason:\t${reason}`] : [])];
}

function probeLine(name: string, probe: Probe | undefined): string[] {
  if (!probe) return [];
  const { httpGet, tcpSocket, initialDelaySeconds = 0, timeoutSeconds = 0 } = probe;
  const { periodSeconds = 0, successThreshold = 0, failureThreshold = 0 } = probe;
  const times =
    `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s ` +
    `#success=${successThreshold} #failure=${failureThreshold}`;
  const what = httpGet
    ? `http-get http://:${httpGet.port}${httpGet.path ?? '/'}`
    : tcpSocket
      ? `tcp-socket :${tcpSocket.port}`
      : 'unknown';
  return [`    ${name}:\t${what} ${times}`];
}

const sorted = <T>(map: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

export function mapLines(title: string, map: Labels = {}, sign: string): string[] {
  const entries = sorted(map);
  if (entries.length === 0) return [`${title}:\t<none>`];
  return entries.map(
    ([key, value], i) => `${i === 0 ? `${title}:` : ''}\t${key}${sign}${value.trimEnd()}`,
  );
}

/** What kubectl itself keeps in an annotation is not shown. */
export const annotationLines = (title: string, annotations: Labels = {}): string[] =>
  mapLines(title, without(annotations, LAST_APPLIED), ': ');

function tolerationLines(title: string, tolerations: readonly Toleration[] = []): string[] {
  if (tolerations.length === 0) return [`${title}:\t<none>`];
  const byKey = [...tolerations].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
  return byKey.map(({ key = '', value, effect, operator, tolerationSeconds }, i) => {
    let text = key + (value ? `=${value}` : '') + (effect ? `:${effect}` : '');
    if (operator === 'Exists' && !value) text += text === '' ? 'op=Exists' : ' op=Exists';
    if (tolerationSeconds !== undefined) text += ` for ${tolerationSeconds}s`;
    return `${i === 0 ? `${title}:` : ''}\t${text}`;
  });
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Mon, 05 Jan 2026 00:00:07 +0000` (RFC 1123 with a numeric zone). */
export function fullTime(timestamp: string | undefined): string {
  const timeMs = parseRfc3339(timestamp ?? '');
  if (timeMs === undefined) return '';
  const { weekday, day, month, year, hour, minute, second } = civilTime(timeMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(day)} ${MONTHS[month - 1] ?? ''} ${year}`;
  return `${DAYS[weekday] ?? ''}, ${date} ${two(hour)}:${two(minute)}:${two(second)} +0000`;
}
