import type { Container, Pod } from '../api/pod.ts';

/**
 * As whom a container runs (pkg/kubelet/kuberuntime/security_context.go `verifyRunAsNonRoot`,
 * pkg/securitycontext/util.go, v1.36): the container's own words before the Pod's before the
 * image's.
 */
export interface RunAs {
  /** For the runtime; left out: the image's. */
  readonly user?: string;
  readonly groups: readonly string[];
}

export function runAs(pod: Pod, { securityContext: own = {} }: Container): RunAs {
  const whole = pod.spec.securityContext ?? {};
  const uid = own.runAsUser ?? whole.runAsUser;
  const gid = own.runAsGroup ?? whole.runAsGroup;
  const groups = [...(whole.supplementalGroups ?? []), ...(whole.fsGroup ? [whole.fsGroup] : [])];
  const user = uid === undefined ? undefined : gid === undefined ? `${uid}` : `${uid}:${gid}`;
  return { ...(user !== undefined && { user }), groups: groups.map(String) };
}

/** Why a container that must not run as root may not run; undefined when it may. */
export function rootProblem(pod: Pod, container: Container, imageUser: string): string | undefined {
  const { securityContext: own = {}, name } = container;
  const whole = pod.spec.securityContext ?? {};
  if (!(own.runAsNonRoot ?? whole.runAsNonRoot)) return undefined;
  const { metadata } = pod;
  const which = `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid})`;
  const where = `(pod: "${which}", container: ${name})`;
  const uid = own.runAsUser ?? whole.runAsUser;
  if (uid === 0) return `container's runAsUser breaks non-root policy ${where}`;
  if (uid !== undefined) return undefined;
  const user = imageUser.split(':', 1)[0] ?? '';
  if (user === '' || user === '0') {
    return `container has runAsNonRoot and image will run as root ${where}`;
  }
  if (/^\d+$/.test(user)) return undefined;
  return (
    `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user ` +
    `is non-root ${where}`
  );
}
