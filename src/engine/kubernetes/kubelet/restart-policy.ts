import type { Container, RestartPolicy } from '../api/pod.ts';

/**
 * Whether a container that ended is started again (pkg/kubelet/container/helpers.go
 * `ShouldContainerBeRestarted`, pkg/api/v1/pod/util.go `ContainerShouldRestart`, v1.36). A
 * container's own rules come first, then its own policy, then its Pod's.
 */
export function shouldRestart(
  container: Pick<Container, 'restartPolicy' | 'restartPolicyRules'>,
  podPolicy: RestartPolicy,
  exitCode: number,
): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    const isListed = exitCodes?.values?.includes(exitCode) ?? false;
    const matches = exitCodes?.operator === 'NotIn' ? !isListed : isListed;
    if (exitCodes && action === 'Restart' && matches) return true;
  }
  const policy = container.restartPolicy ?? podPolicy;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** What is known of a container before it is decided whether it starts. */
export type LastSeen = 'nothing' | 'running' | 'unknown' | { readonly exitCode: number };

/** Whether a container is to be started now: it never was, or its end asks for it. */
export function mustStart(
  container: Pick<Container, 'restartPolicy' | 'restartPolicyRules'>,
  podPolicy: RestartPolicy,
  seen: LastSeen,
  isDeleted: boolean,
): boolean {
  if (isDeleted || seen === 'running') return false;
  if (seen === 'nothing' || seen === 'unknown') return true;
  return shouldRestart(container, podPolicy, seen.exitCode);
}

/** A sidecar: an init container that runs as long as its Pod. */
export const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';
