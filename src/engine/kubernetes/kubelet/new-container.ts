import { wholeValue } from '../apimachinery/quantity.ts';
import { describeObject } from '../apimachinery/object.ts';
import type { Container, Pod } from '../api/pod.ts';
import type { NewContainer } from './cri.ts';

/** What the runtime is told of a container (pkg/kubelet/kuberuntime/kuberuntime_container.go). */
export function newContainer(
  pod: Pod,
  container: Container,
  id: string,
  ip: string,
  exitEvent: NewContainer['exitEvent'],
): NewContainer {
  const { name, image, command, args, env = [], resources } = container;
  const memory = resources?.limits?.memory;
  return {
    id,
    podName: describeObject(pod),
    image,
    ...(command && { command }),
    ...(args && { args }),
    env: Object.fromEntries(env.map((variable) => [variable.name, variable.value ?? ''])),
    hostname: pod.metadata.name,
    ip,
    labels: {
      'io.kubernetes.pod.uid': pod.metadata.uid,
      'io.kubernetes.container.name': name,
    },
    ...(memory !== undefined && { memoryLimitBytes: wholeValue(memory) }),
    exitEvent,
  };
}
