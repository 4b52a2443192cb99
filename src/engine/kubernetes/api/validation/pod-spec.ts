import type { Container, EphemeralContainer } from '../container.ts';
import type { PodSpec, PodTemplate } from '../pod.ts';
import { validateIp } from './addresses.ts';
import {
  validateContainer,
  validateHandlers,
  validateHostPorts,
  type ContainerSetting,
} from './containers.ts';
import {
  duplicate,
  forbidden,
  invalid,
  invalids,
  notFound,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { validateAnnotations, validateLabels } from './metadata.ts';
import { dnsLabel, dnsSubdomain, inRange, labelKey, underscoredSubdomain } from './names.ts';
import { validateAffinity, validateSpread, validateTolerations } from './placement.ts';
import { validateResources } from './resource-amounts.ts';
import { validatePodSecurityContext } from './security.ts';
import { validateVolumes } from './volumes.ts';

/** The wish for a Pod, alone or in a template (core/validation.go `ValidatePodSpec`, v1.36). */
export function validatePodSpec(spec: PodSpec, at: string, isPod: boolean): FieldCause[] {
  const { byName, causes } = validateVolumes(spec.volumes ?? [], `${at}.volumes`);
  const setting: ContainerSetting = {
    volumes: byName,
    graceSeconds: spec.terminationGracePeriodSeconds,
    podRestartPolicy: spec.restartPolicy,
    hostUsers: spec.hostUsers ?? true,
  };
  return [
    ...causes,
    ...validateContainers(spec.containers ?? [], setting, `${at}.containers`),
    ...validateInitContainers(spec, setting, `${at}.initContainers`),
    ...validateEphemeral(spec, setting, `${at}.ephemeralContainers`),
    ...validateResources(spec.resources, `${at}.resources`),
    ...validateHostNetwork(spec, at, isPod),
    ...oneOf(`${at}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...oneOf(`${at}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES),
    ...validateLabels(spec.nodeSelector, `${at}.nodeSelector`),
    ...validatePodSecurityContext(spec, `${at}.securityContext`),
    ...validateAffinity(spec.affinity, `${at}.affinity`),
    ...validateDns(spec, `${at}.dnsConfig`),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, i) =>
      invalids(`${at}.readinessGates[${i}].conditionType`, conditionType, labelKey(conditionType)),
    ),
    ...validateSchedulingGates(spec, `${at}.schedulingGates`),
    ...validateSpread(spec.topologySpreadConstraints, `${at}.topologySpreadConstraints`),
    ...validateHostUsers(spec, at),
    ...validateIdentity(spec, at),
  ];
}

const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

function validateContainers(
  containers: readonly Container[],
  setting: ContainerSetting,
  at: string,
): FieldCause[] {
  if (containers.length === 0) return [required(at)];
  const names = new Set<string>();
  const causes = containers.flatMap((container, i) => {
    const here = `${at}[${i}]`;
    const own = validateContainer(container, setting, here);
    if (names.has(container.name)) own.push(duplicate(`${here}.name`, container.name));
    names.add(container.name);
    return [...own, ...validateHandlers(container, setting, here)];
  });
  return [...causes, ...validateHostPorts(containers, at)];
}

const ONLY_SIDECARS = 'may not be set for init containers without restartPolicy=Always';

function validateInitContainers(
  { containers, initContainers = [] }: PodSpec,
  setting: ContainerSetting,
  at: string,
): FieldCause[] {
  const names = new Set((containers ?? []).map(({ name }) => name));
  return initContainers.flatMap((container, i) => {
    const here = `${at}[${i}]`;
    const causes = validateContainer(container, setting, here);
    if (names.has(container.name)) causes.push(duplicate(`${here}.name`, container.name));
    else if (container.name) names.add(container.name);
    causes.push(...validateHostPorts([container], at));
    if (container.restartPolicy === 'Always') {
      return [...causes, ...validateHandlers(container, setting, here)];
    }
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (container[field]) causes.push(forbidden(`${here}.${field}`, ONLY_SIDECARS));
    }
    return causes;
  });
}

const NOT_EPHEMERAL = [
  ...['ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'],
] as const;
const NO_EPHEMERAL = 'cannot be set for an Ephemeral Container';

function validateEphemeral(
  { ephemeralContainers = [], containers, initContainers = [] }: PodSpec,
  setting: ContainerSetting,
  at: string,
): FieldCause[] {
  const others = new Set([...(containers ?? []), ...initContainers].map(({ name }) => name));
  const all = new Set(others);
  return ephemeralContainers.flatMap((container: EphemeralContainer, i) => {
    const here = `${at}[${i}]`;
    const { name, targetContainerName: target } = container;
    const causes = [...validateContainer(container, setting, here), ...trimmed(container, here)];
    if (all.has(name)) causes.push(duplicate(`${here}.name`, name));
    all.add(name);
    if (target && !others.has(target)) {
      causes.push(notFound(`${here}.targetContainerName`, target));
    }
    for (const field of NOT_EPHEMERAL) {
      if (isSet(container[field])) causes.push(forbidden(`${here}.${field}`, NO_EPHEMERAL));
    }
    (container.volumeMounts ?? []).forEach(({ subPath, subPathExpr }, j) => {
      const mount = `${here}.volumeMounts[${j}]`;
      if (subPath) causes.push(forbidden(`${mount}.subPath`, NO_EPHEMERAL));
      if (subPathExpr) causes.push(forbidden(`${mount}.subPathExpr`, NO_EPHEMERAL));
    });
    return causes;
  });
}

const isSet = (value: object | undefined): boolean =>
  value !== undefined && Object.keys(value).length > 0;

/** Of Pods only: names of images have no blanks around them. */
export function trimmed({ image = '' }: Partial<Container>, at: string): FieldCause[] {
  if (image === image.trim()) return [];
  return [invalid(`${at}.image`, image, 'must not have leading or trailing whitespace')];
}

function validateHostNetwork(spec: PodSpec, at: string, isPod: boolean): FieldCause[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap(({ ports = [] }, i) =>
    ports.flatMap(({ hostPort = 0, containerPort }, j) => {
      if (hostPort === containerPort || (hostPort === 0 && !isPod)) return [];
      const why = 'must match `containerPort` when `hostNetwork` is true';
      return [invalid(`${at}.containers[${i}].ports[${j}].hostPort`, hostPort, why)];
    }),
  );
}

function validateDns({ dnsPolicy, dnsConfig }: PodSpec, at: string): FieldCause[] {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) {
      return [required(at, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    }
    if (!dnsConfig.nameservers?.length) {
      const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return [required(`${at}.nameservers`, why)];
    }
  }
  if (!dnsConfig) return [];
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  const causes: FieldCause[] = [];
  if (nameservers.length > 3) {
    const why = 'must not have more than 3 nameservers';
    causes.push(invalid(`${at}.nameservers`, nameservers, why));
  }
  nameservers.forEach((ip, i) => causes.push(...validateIp(ip, `${at}.nameservers[${i}]`)));
  if (searches.length > 32) {
    const why = 'must not have more than 32 search paths';
    causes.push(invalid(`${at}.searches`, searches, why));
  }
  searches.forEach((domain, i) => {
    if (domain === '.') return;
    const name = domain.replace(/\.$/, '');
    causes.push(...invalids(`${at}.searches[${i}]`, name, underscoredSubdomain(name)));
  });
  options.forEach(({ name }, i) => {
    if (!name) causes.push(required(`${at}.options[${i}]`, 'must not be empty'));
  });
  return causes;
}

function validateSchedulingGates({ schedulingGates = [] }: PodSpec, at: string): FieldCause[] {
  const seen = new Set<string>();
  return schedulingGates.flatMap(({ name }, i) => {
    const causes = invalids(`${at}[${i}]`, name, labelKey(name));
    if (seen.has(name)) causes.push(duplicate(`${at}[${i}]`, name));
    seen.add(name);
    return causes;
  });
}

function validateHostUsers(spec: PodSpec, at: string): FieldCause[] {
  if (spec.hostUsers !== false) return [];
  const why = 'when `hostUsers` is false';
  return [
    ...(spec.hostPID ? [forbidden(`${at}.hostPID`, why)] : []),
    ...(spec.hostIPC ? [forbidden(`${at}.hostIPC`, why)] : []),
  ];
}

/** Names that the spec gives, and what follows them. */
function validateIdentity(spec: PodSpec, at: string): FieldCause[] {
  const { activeDeadlineSeconds: deadline, os } = spec;
  const causes: FieldCause[] = [
    ...named(spec.serviceAccountName, `${at}.serviceAccountName`),
    ...named(spec.nodeName, `${at}.nodeName`),
  ];
  if (deadline !== undefined) {
    const field = `${at}.activeDeadlineSeconds`;
    causes.push(...invalids(field, deadline, inRange(deadline, 1, 2_147_483_647)));
  }
  for (const field of ['hostname', 'subdomain'] as const) {
    const value = spec[field];
    if (value) causes.push(...invalids(`${at}.${field}`, value, dnsLabel(value)));
  }
  causes.push(...validateTolerations(spec.tolerations, `${at}.tolerations`));
  (spec.hostAliases ?? []).forEach(({ ip, hostnames = [] }, i) => {
    causes.push(...validateIp(ip, `${at}.hostAliases[${i}].ip`));
    hostnames.forEach((name, j) => {
      const field = `${at}.hostAliases[${i}].hostnames[${j}]`;
      causes.push(...invalids(field, name, dnsSubdomain(name)));
    });
  });
  causes.push(
    ...named(spec.priorityClassName, `${at}.priorityClassName`),
    ...named(spec.runtimeClassName, `${at}.runtimeClassName`),
    ...oneOf(`${at}.preemptionPolicy`, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']),
  );
  if (spec.overhead) causes.push(...validateResources({ limits: spec.overhead }, `${at}.overhead`));
  if (os && !os.name) causes.push(required(`${at}.os.name`, 'cannot be empty'));
  else if (os && os.name !== 'linux' && os.name !== 'windows') {
    causes.push(notSupported(`${at}.os`, os.name, ['linux', 'windows']));
  }
  return causes;
}

const named = (name: string | undefined, at: string): FieldCause[] =>
  name ? invalids(at, name, dnsSubdomain(name)) : [];

/** Templates found right before: a Deployment hands its own to its ReplicaSets. */
const valid = new WeakSet<PodTemplate>();

export function validatePodTemplate(template: PodTemplate, at: string): FieldCause[] {
  if (valid.has(template)) return [];
  const { metadata = {}, spec } = template;
  const causes = [
    ...validateTemplateMetadata(metadata, at),
    ...validatePodSpec(spec, `${at}.spec`, false),
  ];
  if (spec.ephemeralContainers?.length) {
    const why = 'ephemeral containers not allowed in pod template';
    causes.push(forbidden(`${at}.spec.ephemeralContainers`, why));
  }
  if (causes.length === 0) valid.add(template);
  return causes;
}

export function validateTemplateMetadata(
  { labels, annotations }: NonNullable<PodTemplate['metadata']>,
  at: string,
): FieldCause[] {
  return [
    ...validateLabels(labels, `${at}.labels`),
    ...validateAnnotations(annotations, `${at}.annotations`),
    ...validatePodAnnotations(annotations ?? {}, `${at}.annotations`),
  ];
}

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

export function validatePodAnnotations(
  annotations: Readonly<Record<string, string>>,
  at: string,
): FieldCause[] {
  const cost = annotations[DELETION_COST];
  if (cost === undefined) return [];
  const isInteger = cost === '0' || /^-?[1-9]\d*$/.test(cost);
  if (isInteger && Math.abs(Number(cost)) <= 2_147_483_647) return [];
  return [invalid(`${at}[${DELETION_COST}]`, cost, 'must be a 32bit integer')];
}
