import type { IntOrString } from '../../apimachinery/int-or-string.ts';
import type {
  Container,
  ContainerPort,
  EnvFromSource,
  EnvVar,
  HttpGetAction,
  Lifecycle,
  LifecycleHandler,
  Probe,
} from '../container.ts';
import { validateFieldSelector, validateResourceFieldSelector } from './downward.ts';
import {
  duplicate,
  forbidden,
  invalid,
  invalids,
  nonNegative,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { dnsLabel, dnsSubdomain, headerName, portName, portNumber, variableName } from './names.ts';
import { validateResources } from './resource-amounts.ts';
import { validateSecurityContext } from './security.ts';
import {
  validateDevices,
  validateKeySelector,
  validateMounts,
  type VolumesByName,
} from './volumes.ts';

/** One container (pkg/apis/core/validation/validation.go `validateContainerCommon`, v1.36). */
export interface ContainerSetting {
  readonly volumes: VolumesByName;
  readonly graceSeconds: number | undefined;
  readonly podRestartPolicy: string | undefined;
  readonly hostUsers: boolean;
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

/** What holds for every container: regular, init and ephemeral. */
export function validateContainer(
  container: Container,
  setting: ContainerSetting,
  at: string,
): FieldCause[] {
  const { name, volumeMounts = [], volumeDevices = [] } = container;
  const causes = name ? invalids(`${at}.name`, name, dnsLabel(name)) : [required(`${at}.name`)];
  if (!container.image) causes.push(required(`${at}.image`));
  const messagePolicies = ['File', 'FallbackToLogsOnError'];
  causes.push(
    ...oneOf(`${at}.terminationMessagePolicy`, container.terminationMessagePolicy, messagePolicies),
    ...validatePorts(container.ports ?? [], `${at}.ports`),
    ...(container.env ?? []).flatMap((variable, i) =>
      validateVariable(variable, `${at}.env[${i}]`),
    ),
    ...validateEnvFrom(container.envFrom ?? [], `${at}.envFrom`),
    ...validateMounts(volumeMounts, volumeDevices, setting.volumes, `${at}.volumeMounts`),
    ...validateDevices(volumeDevices, volumeMounts, setting.volumes, `${at}.volumeDevices`),
    ...oneOf(`${at}.imagePullPolicy`, container.imagePullPolicy, PULL_POLICIES),
    ...validateResources(container.resources, `${at}.resources`),
    ...validateResizePolicy(container, setting, `${at}.resizePolicy`),
    ...validateSecurityContext(
      container.securityContext,
      `${at}.securityContext`,
      setting.hostUsers,
    ),
  );
  return causes;
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

function validatePorts(ports: readonly ContainerPort[], at: string): FieldCause[] {
  const names = new Set<string>();
  return ports.flatMap(({ name, containerPort, hostPort, protocol }, i) => {
    const here = `${at}[${i}]`;
    const causes: FieldCause[] = [];
    if (name) {
      const wrong = portName(name);
      if (wrong.length > 0) causes.push(...invalids(`${here}.name`, name, wrong));
      else if (names.has(name)) causes.push(duplicate(`${here}.name`, name));
      else names.add(name);
    }
    if (!containerPort) causes.push(required(`${here}.containerPort`));
    else
      causes.push(...invalids(`${here}.containerPort`, containerPort, portNumber(containerPort)));
    if (hostPort) causes.push(...invalids(`${here}.hostPort`, hostPort, portNumber(hostPort)));
    return [...causes, ...oneOf(`${here}.protocol`, protocol, PROTOCOLS)];
  });
}

function validateVariable(variable: EnvVar, at: string): FieldCause[] {
  const { name, value, valueFrom } = variable;
  const causes = name ? invalids(`${at}.name`, name, variableName(name)) : [required(`${at}.name`)];
  if (!valueFrom) return causes;
  const here = `${at}.valueFrom`;
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) causes.push(...validateFieldSelector(fieldRef, 'env', `${here}.fieldRef`));
  if (resourceFieldRef) {
    const place = `${here}.resourceFieldRef`;
    causes.push(...validateResourceFieldSelector(resourceFieldRef, false, place));
  }
  if (configMapKeyRef) {
    causes.push(...validateKeySelector(configMapKeyRef, `${here}.configMapKeyRef`));
  }
  if (secretKeyRef) causes.push(...validateKeySelector(secretKeyRef, `${here}.secretKeyRef`));
  const sources = Object.values(valueFrom).filter((source) => source !== undefined).length;
  if (sources === 0) {
    const why =
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or ' +
      '`fileKeyRef`';
    causes.push(invalid(here, '', why));
  } else if (value) {
    causes.push(invalid(here, '', 'may not be specified when `value` is not empty'));
  } else if (sources > 1) {
    causes.push(invalid(here, '', 'may not have more than one field specified at a time'));
  }
  return causes;
}

function validateEnvFrom(sources: readonly EnvFromSource[], at: string): FieldCause[] {
  return sources.flatMap(({ prefix, configMapRef, secretRef }, i) => {
    const here = `${at}[${i}]`;
    const causes = prefix ? invalids(`${here}.prefix`, prefix, variableName(prefix)) : [];
    for (const [place, source] of Object.entries({ configMapRef, secretRef })) {
      if (!source) continue;
      const field = `${here}.${place}.name`;
      if (!source.name) causes.push(required(field));
      else causes.push(...invalids(field, source.name, dnsSubdomain(source.name)));
    }
    // Upstream leaves the index out of these two paths.
    if (!configMapRef && !secretRef) {
      causes.push(invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`'));
    } else if (configMapRef && secretRef) {
      causes.push(invalid(at, '', 'may not have more than one field specified at a time'));
    }
    return causes;
  });
}

function validateResizePolicy(
  { resizePolicy = [] }: Container,
  { podRestartPolicy }: ContainerSetting,
  at: string,
): FieldCause[] {
  const seen = new Set<string>();
  return resizePolicy.flatMap(({ resourceName, restartPolicy }, i) => {
    const causes = seen.has(resourceName) ? [duplicate(`${at}[${i}]`, resourceName)] : [];
    seen.add(resourceName);
    causes.push(
      ...oneOf(at, resourceName ?? '', ['cpu', 'memory']),
      ...oneOf(at, restartPolicy ?? '', ['NotRequired', 'RestartContainer']),
    );
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      const why = "must be 'NotRequired' when `restartPolicy` is 'Never'";
      causes.push(invalid(at, restartPolicy, why));
    }
    return causes;
  });
}

/** Lifecycle hooks and probes, of containers that may have them. */
export function validateHandlers(
  container: Container,
  { graceSeconds }: ContainerSetting,
  at: string,
): FieldCause[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  const causes: FieldCause[] = [];
  if (lifecycle) causes.push(...validateLifecycle(lifecycle, graceSeconds, `${at}.lifecycle`));
  if (livenessProbe) {
    const here = `${at}.livenessProbe`;
    causes.push(...validateProbe(livenessProbe, here), ...succeedsOnce(livenessProbe, here));
  }
  if (readinessProbe) {
    const here = `${at}.readinessProbe`;
    causes.push(...validateProbe(readinessProbe, here));
    if (readinessProbe.terminationGracePeriodSeconds !== undefined) {
      const field = `${here}.terminationGracePeriodSeconds`;
      const value = readinessProbe.terminationGracePeriodSeconds;
      causes.push(invalid(field, value, 'must not be set for readinessProbes'));
    }
  }
  if (startupProbe) {
    const here = `${at}.startupProbe`;
    causes.push(...validateProbe(startupProbe, here), ...succeedsOnce(startupProbe, here));
  }
  return causes;
}

function succeedsOnce({ successThreshold = 1 }: Probe, at: string): FieldCause[] {
  if (successThreshold === 1) return [];
  return [invalid(`${at}.successThreshold`, successThreshold, 'must be 1')];
}

/** Probes found right before; templates hand theirs to many Pods. */
const validProbes = new WeakSet<Probe>();

function validateProbe(probe: Probe, at: string): FieldCause[] {
  if (validProbes.has(probe)) return [];
  const { grpc, terminationGracePeriodSeconds: graceSeconds } = probe;
  const causes = validateHandler(probe, undefined, at);
  if (grpc) causes.push(...validatePort(grpc.port, `${at}.grpc.port`));
  causes.push(
    ...nonNegative(`${at}.initialDelaySeconds`, probe.initialDelaySeconds),
    ...nonNegative(`${at}.timeoutSeconds`, probe.timeoutSeconds),
    ...nonNegative(`${at}.periodSeconds`, probe.periodSeconds),
    ...nonNegative(`${at}.successThreshold`, probe.successThreshold),
    ...nonNegative(`${at}.failureThreshold`, probe.failureThreshold),
  );
  if (graceSeconds !== undefined && graceSeconds <= 0) {
    const field = `${at}.terminationGracePeriodSeconds`;
    causes.push(invalid(field, graceSeconds, 'must be greater than 0'));
  }
  if (causes.length === 0) validProbes.add(probe);
  return causes;
}

function validateLifecycle(
  { postStart, preStop }: Lifecycle,
  graceSeconds: number | undefined,
  at: string,
): FieldCause[] {
  return [
    ...(postStart ? validateHandler(postStart, graceSeconds, `${at}.postStart`) : []),
    ...(preStop ? validateHandler(preStop, graceSeconds, `${at}.preStop`) : []),
  ];
}

type Handler = LifecycleHandler & Pick<Probe, 'grpc'>;

function validateHandler(
  handler: Handler,
  graceSeconds: number | undefined,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  let count = 0;
  const add = (name: keyof Handler, check: (place: string) => FieldCause[]): void => {
    if (handler[name] === undefined) return;
    count += 1;
    const place = `${at}.${name}`;
    if (count > 1) causes.push(forbidden(place, 'may not specify more than 1 handler type'));
    else causes.push(...check(place));
  };
  const { exec, httpGet, tcpSocket, sleep } = handler;
  add('exec', (place) => (exec?.command?.length ? [] : [required(`${place}.command`)]));
  add('httpGet', (place) => (httpGet ? validateHttpGet(httpGet, place) : []));
  add('tcpSocket', (place) => validatePort(tcpSocket?.port ?? 0, `${place}.port`));
  add('grpc', () => []);
  add('sleep', (place) => {
    const seconds = sleep?.seconds ?? 0;
    if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return [];
    const why = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
    return [invalid(place, seconds, why)];
  });
  return count === 0 ? [required(at, 'must specify a handler type')] : causes;
}

function validateHttpGet(action: HttpGetAction, at: string): FieldCause[] {
  return [
    ...(action.path === '' ? [required(`${at}.path`)] : []),
    ...validatePort(action.port, `${at}.port`),
    ...oneOf(`${at}.scheme`, action.scheme, ['HTTP', 'HTTPS']),
    ...(action.httpHeaders ?? []).flatMap(({ name }) =>
      invalids(`${at}.httpHeaders`, name, headerName(name)),
    ),
  ];
}

/** The number of a port, or its name; one that was left out is number 0. */
export const validatePort = (port: IntOrString = 0, at: string): FieldCause[] =>
  invalids(at, port, typeof port === 'number' ? portNumber(port) : portName(port));

/** A port of the host that two of a list of containers want. */
export function validateHostPorts(containers: readonly Container[], at: string): FieldCause[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, i) =>
    ports.flatMap(({ protocol = 'TCP', hostIP = '', hostPort }, j) => {
      if (!hostPort) return [];
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) return [duplicate(`${at}[${i}].ports[${j}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}
