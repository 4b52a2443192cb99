import type { Container, ContainerPort, EnvVar, Probe, Resources } from '../../api/container.ts';
import type { ContainerState, ContainerStatus } from '../../api/pod-status.ts';
import type { ResourceFieldSelector } from '../../api/volumes.ts';
import { milliValue, wholeValue } from '../../apimachinery/quantity.ts';
import { by, fullTime, trueFalse, type Text } from './text.ts';

/** What a field of the Pod is; nothing when there is no Pod, but only a template. */
export type FieldReader = (fieldPath: string) => string;

export interface ContainerList {
  readonly label: string;
  readonly containers: readonly Container[];
  readonly statuses?: readonly ContainerStatus[];
  readonly fieldOf?: FieldReader;
  /** How far a template is moved in. */
  readonly space: string;
}

/** `describeContainers`. */
export function describeContainers(text: Text, list: ContainerList): void {
  const { label, containers, statuses = [], fieldOf, space } = list;
  text.line(0, `${space}${label}:${containers.length === 0 ? ' <none>' : ''}`);
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name);
    text.line(1, `${space ? ' ' : ''}${container.name}:`);
    describeImage(text, container, status);
    lines(text, 'Command', container.command);
    lines(text, 'Args', container.args);
    if (status) describeState(text, status);
    describeResources(text, container.resources, 2);
    describeProbes(text, container);
    describeEnvFrom(text, container);
    describeEnv(text, container, fieldOf);
    describeMounts(text, container);
  }
}

function describeImage(
  text: Text,
  { image, ports = [], securityContext }: Container,
  status: ContainerStatus | undefined,
): void {
  if (status) text.line(2, `Container ID:\t${status.containerID ?? ''}`);
  text.line(2, `Image:\t${image}`);
  if (status) text.line(2, `Image ID:\t${status.imageID}`);
  const shown = (title: string, numberOf: (port: ContainerPort) => number): void => {
    const all = ports.map((port) => {
      const number = `${numberOf(port)}/${port.protocol ?? ''}`;
      return port.name ? `${number} (${port.name})` : number;
    });
    text.line(
      2,
      all.length > 1 ? `${title}s:\t${all.join(', ')}` : `${title}:\t${all[0] ?? '<none>'}`,
    );
  };
  shown('Port', ({ containerPort }) => containerPort);
  shown('Host Port', ({ hostPort = 0 }) => hostPort);
  const { seccompProfile } = securityContext ?? {};
  if (!seccompProfile) return;
  text.line(2, `SeccompProfile:\t${seccompProfile.type}`);
  if (seccompProfile.type === 'Localhost') {
    text.line(3, `LocalhostProfile:\t${seccompProfile.localhostProfile ?? ''}`);
  }
}

function lines(text: Text, title: string, words: readonly string[] = []): void {
  if (words.length === 0) return;
  text.line(2, `${title}:`);
  for (const line of words.flatMap((word) => word.split('\n'))) text.line(3, line);
}

function describeState(text: Text, status: ContainerStatus): void {
  describeOneState(text, 'State', status.state);
  if (status.lastState?.terminated) describeOneState(text, 'Last State', status.lastState);
  text.line(2, `Ready:\t${trueFalse(status.ready)}`);
  text.line(2, `Restart Count:\t${status.restartCount}`);
}

function describeOneState(text: Text, name: string, state: ContainerState = {}): void {
  const { running, terminated, waiting } = state;
  if (running) {
    text.line(2, `${name}:\tRunning`);
    text.line(3, `Started:\t${fullTime(running.startedAt)}`);
  } else if (terminated && !waiting) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = terminated;
    text.line(2, `${name}:\tTerminated`);
    if (reason) text.line(3, `Reason:\t${reason}`);
    if (message) text.line(3, `Message:\t${message}`);
    text.line(3, `Exit Code:\t${exitCode}`);
    if (signal) text.line(3, `Signal:\t${signal}`);
    text.line(3, `Started:\t${fullTime(startedAt)}`);
    text.line(3, `Finished:\t${fullTime(finishedAt)}`);
  } else {
    text.line(2, `${name}:\tWaiting`);
    if (waiting?.reason) text.line(3, `Reason:\t${waiting.reason}`);
  }
}

export function describeResources(
  text: Text,
  resources: Resources | undefined,
  level: number,
): void {
  for (const [title, amounts = {}] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const names = Object.keys(amounts).sort();
    if (names.length > 0) text.line(level, `${title}:`);
    for (const name of names) text.line(level + 1, `${name}:\t${amounts[name] ?? ''}`);
  }
}

function describeProbes(text: Text, container: Container): void {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  if (livenessProbe) text.line(2, `Liveness:\t${probeText(livenessProbe)}`);
  if (readinessProbe) text.line(2, `Readiness:\t${probeText(readinessProbe)}`);
  if (startupProbe) text.line(2, `Startup:\t${probeText(startupProbe)}`);
}

/** `DescribeProbe`. */
export function probeText(probe: Probe): string {
  const { exec, httpGet, tcpSocket, grpc } = probe;
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0 } = probe;
  const { successThreshold = 0, failureThreshold = 0 } = probe;
  const attributes =
    `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s ` +
    `#success=${successThreshold} #failure=${failureThreshold}`;
  if (exec) return `exec [${(exec.command ?? []).join(' ')}] ${attributes}`;
  if (httpGet) {
    const { scheme = '', host = '', port, path = '' } = httpGet;
    const bracketed = host.includes(':') ? `[${host}]` : host;
    const slash = path === '' || path.startsWith('/') ? '' : '/';
    const start = scheme ? `${scheme.toLowerCase()}:` : '';
    return `http-get ${start}//${bracketed}:${port}${slash}${path} ${attributes}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port} ${attributes}`;
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''} ${attributes}`;
  return `unknown ${attributes}`;
}

function describeEnvFrom(text: Text, { envFrom = [] }: Container): void {
  if (envFrom.length === 0) return;
  text.line(2, 'Environment Variables from:');
  for (const { prefix, configMapRef, secretRef } of envFrom) {
    const from = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : '';
    const { name = '', optional = false } = configMapRef ?? secretRef ?? {};
    const how = prefix ? `${from} with prefix '${prefix}'` : from;
    text.line(3, `${name}\t${how}\tOptional: ${optional}`);
  }
}

function describeEnv(text: Text, container: Container, fieldOf: FieldReader = () => ''): void {
  const { env = [] } = container;
  text.line(2, `Environment:${env.length === 0 ? '\t<none>' : ''}`);
  for (const variable of env) {
    if (!variable.valueFrom) {
      const [first = '', ...more] = (variable.value ?? '').split('\n');
      text.line(3, `${variable.name}:\t${first}`);
      for (const line of more) text.line(3, `\t${line}`);
    } else {
      const value = referredText(variable, container, fieldOf);
      if (value !== undefined) text.line(3, `${variable.name}:\t${value}`);
    }
  }
}

function referredText(
  { valueFrom = {} }: EnvVar,
  container: Container,
  fieldOf: FieldReader,
): string | undefined {
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) {
    const { fieldPath, apiVersion = '' } = fieldRef;
    return `${fieldOf(fieldPath)} (${apiVersion}:${fieldPath})`;
  }
  if (resourceFieldRef) {
    return `${amountText(container, resourceFieldRef)} (${resourceFieldRef.resource})`;
  }
  const reference = secretKeyRef ?? configMapKeyRef;
  if (!reference) return undefined;
  const { key, name = '', optional = false } = reference;
  const from = secretKeyRef ? `in secret '${name}'` : `of config map '${name}'`;
  return `<set to the key '${key}' ${from}>\tOptional: ${optional}`;
}

/** A limit that is not set is what the node can give. */
function amountText(
  { resources }: Container,
  { resource, divisor = 0 }: ResourceFieldSelector,
): string {
  const [list = '', name = ''] = resource.split('.', 2);
  if (list !== 'limits' && list !== 'requests') return '';
  const amount = resources?.[list]?.[name] ?? 0;
  const [value, unit, one] =
    name === 'cpu'
      ? [milliValue(amount), milliValue(divisor), 1000]
      : [wholeValue(amount), wholeValue(divisor), 1];
  const units = Math.ceil(value / (unit || one));
  const whole = units === 0 && (resource === 'limits.cpu' || resource === 'limits.memory');
  return whole ? 'node allocatable' : String(units);
}

function describeMounts(text: Text, { volumeMounts = [], volumeDevices = [] }: Container): void {
  const none = volumeMounts.length === 0 ? '\t<none>' : '';
  text.line(2, `Mounts:${none}`);
  const mounts = volumeMounts.toSorted(by(({ mountPath }) => mountPath));
  for (const { mountPath, name, readOnly, subPath } of mounts) {
    const flags = [readOnly ? 'ro' : 'rw', ...(subPath ? [`path=${JSON.stringify(subPath)}`] : [])];
    text.line(3, `${mountPath} from ${name} (${flags.join(',')})`);
  }
  if (volumeDevices.length === 0) return;
  text.line(2, `Devices:${none}`);
  const devices = volumeDevices.toSorted(by(({ devicePath }) => devicePath));
  for (const { devicePath, name } of devices) text.line(3, `${devicePath} from ${name}`);
}
