import type { Container } from '../api/pod.ts';
import type { ContainerExit, ContainerRuntime } from './cri.ts';

/**
 * What a container leaves as its last word (pkg/kubelet/kuberuntime/kuberuntime_container.go
 * `getTerminationMessage`, v1.36): the file it wrote, or the end of its log when it wrote none,
 * failed, and asks for that.
 */
const PATH = '/dev/termination-log';
const FILE_BYTES = 4096;
const LOG_BYTES = 2048;
const LOG_LINES = 80;

export function terminationMessage(
  runtime: ContainerRuntime,
  node: string,
  { terminationMessagePath = PATH, terminationMessagePolicy }: Container,
  { id, exitCode }: ContainerExit,
): string {
  const written = runtime.files.read(`${node}/${id}`, terminationMessagePath)?.content ?? '';
  if (written !== '') return written.slice(0, FILE_BYTES);
  if (terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCode === 0) return '';
  const { lines = [] } = runtime.logs(node, id) ?? {};
  const last = lines.slice(-LOG_LINES).map(({ text }) => `${text}\n`);
  return last.join('').slice(-LOG_BYTES);
}
