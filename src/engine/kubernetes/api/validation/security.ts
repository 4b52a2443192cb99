import type { SecurityContext } from '../container.ts';
import type { PodSecurityContext, PodSpec } from '../pod.ts';
import {
  duplicate,
  invalid,
  invalids,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { userId } from './names.ts';
import { localPath } from './volume-sources.ts';

/** Security contexts (pkg/apis/core/validation/validation.go, v1.36). */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  at: string,
  hostUsers: boolean,
): FieldCause[] {
  if (!context) return [];
  const { runAsUser, runAsGroup, procMount, allowPrivilegeEscalation, capabilities } = context;
  const causes = [...id(runAsUser, `${at}.runAsUser`), ...id(runAsGroup, `${at}.runAsGroup`)];
  if (procMount !== undefined) {
    if (procMount !== 'Default' && procMount !== 'Unmasked') {
      causes.push(notSupported(`${at}.procMount`, procMount, ['Default', 'Unmasked']));
    }
    if (hostUsers && procMount === 'Unmasked') {
      const why = '`hostUsers` must be false to use `Unmasked`';
      causes.push(invalid(`${at}.procMount`, procMount, why));
    }
  }
  causes.push(...seccomp(context.seccompProfile, `${at}.seccompProfile`));
  if (allowPrivilegeEscalation === false) {
    const start = 'cannot set `allowPrivilegeEscalation` to false and ';
    if (context.privileged) {
      causes.push(invalid(at, internal(context), `${start}\`privileged\` to true`));
    }
    if (capabilities?.add?.includes('CAP_SYS_ADMIN')) {
      causes.push(invalid(at, internal(context), `${start}\`capabilities.Add\` CAP_SYS_ADMIN`));
    }
  }
  return causes;
}

/** The context in Go's own form, as it stands in a message. */
function internal(context: SecurityContext): Readonly<Record<string, unknown>> {
  const { capabilities, seccompProfile } = context;
  return {
    Capabilities: capabilities
      ? { Add: capabilities.add ?? null, Drop: capabilities.drop ?? null }
      : null,
    Privileged: context.privileged ?? null,
    SELinuxOptions: null,
    WindowsOptions: null,
    RunAsUser: context.runAsUser ?? null,
    RunAsGroup: context.runAsGroup ?? null,
    RunAsNonRoot: context.runAsNonRoot ?? null,
    ReadOnlyRootFilesystem: context.readOnlyRootFilesystem ?? null,
    AllowPrivilegeEscalation: context.allowPrivilegeEscalation ?? null,
    ProcMount: context.procMount ?? null,
    SeccompProfile: seccompProfile
      ? { Type: seccompProfile.type, LocalhostProfile: seccompProfile.localhostProfile ?? null }
      : null,
    AppArmorProfile: null,
  };
}

const id = (value: number | undefined, at: string): FieldCause[] =>
  value === undefined ? [] : invalids(at, value, userId(value));

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function seccomp(profile: SecurityContext['seccompProfile'], at: string): FieldCause[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const causes: FieldCause[] = [];
  if (!type) causes.push(required(`${at}.type`, 'type is required when seccompProfile is set'));
  else causes.push(...oneOf(`${at}.type`, type, PROFILES));
  if (type === 'Localhost') {
    if (localhostProfile === undefined) {
      const why = 'must be set when seccomp type is Localhost';
      causes.push(required(`${at}.localhostProfile`, why));
    } else causes.push(...localPath(localhostProfile, `${at}.localhostProfile`));
  } else if (localhostProfile !== undefined) {
    const why = 'can only be set when seccomp type is Localhost';
    const value = { Type: type, LocalhostProfile: localhostProfile };
    causes.push(invalid(`${at}.localhostProfile`, value, why));
  }
  return causes;
}

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

export function validatePodSecurityContext(spec: PodSpec, at: string): FieldCause[] {
  const context = spec.securityContext;
  if (!context) return [];
  const causes = [
    ...id(context.fsGroup, `${at}.fsGroup`),
    ...id(context.runAsUser, `${at}.runAsUser`),
    ...id(context.runAsGroup, `${at}.runAsGroup`),
    ...(context.supplementalGroups ?? []).flatMap((group, i) =>
      id(group, `${at}.supplementalGroups[${i}]`),
    ),
  ];
  if (spec.shareProcessNamespace && spec.hostPID) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    causes.push(invalid(`${at}.shareProcessNamespace`, true, why));
  }
  const changes = ['Always', 'OnRootMismatch'];
  return [
    ...causes,
    ...validateSysctls(context.sysctls ?? [], `${at}.sysctls`),
    ...oneOf(`${at}.fsGroupChangePolicy`, context.fsGroupChangePolicy, changes),
    ...seccomp(context.seccompProfile, `${at}.seccompProfile`),
    ...oneOf(`${at}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, [
      ...['Merge', 'Strict'],
    ]),
  ];
}

function validateSysctls(
  sysctls: NonNullable<PodSecurityContext['sysctls']>,
  at: string,
): FieldCause[] {
  const names = new Set<string>();
  return sysctls.flatMap(({ name }, i) => {
    const here = `${at}[${i}].name`;
    const repeated = names.has(name);
    names.add(name);
    if (!name) return [required(here)];
    if (name.length > 253 || !SYSCTL.test(name)) {
      const form = SYSCTL.source.replace('[./]', '[\\./]');
      return [invalid(here, name, `must have at most 253 characters and match regex ${form}`)];
    }
    return repeated ? [duplicate(here, name)] : [];
  });
}
