import type { Pod } from '../api/pod.ts';
import { describeObject } from '../apimachinery/object.ts';
import type { HostPorts } from './host-ports.ts';
import { nodeOf, type PodTable } from './pod-table.ts';
import type { PodWork } from './pod-worker-row.ts';
import { shouldRestart } from './restart-policy.ts';

/**
 * What the containers of a Pod share, and what its address belongs to: the Pod's sandbox. It lasts
 * as long as its machine is up. After that the Pod gets another one with another address, in which
 * it begins with its init containers (pkg/kubelet/kuberuntime/util/util.go `PodSandboxChanged`,
 * kuberuntime_manager.go `computePodActions`, v1.36).
 */
export class PodSandboxes {
  readonly #pods: PodTable;
  readonly #hostPorts: HostPorts;

  constructor(pods: PodTable, hostPorts: HostPorts) {
    this.#pods = pods;
    this.#hostPorts = hostPorts;
  }

  /** What a row of a new Pod says of its sandbox. */
  made(node: string): Pick<PodWork, 'boot'> {
    const boot = this.#pods.world.runtime.boots(node);
    return boot === 0 ? NEVER : { boot };
  }

  /** Makes another one when that of a Pod is gone and something is still to run in it. */
  renew(key: string): void {
    const { runtime, kernel, addresses } = this.#pods.world;
    const work = this.#pods.rows.get(key);
    const boot = work ? runtime.boots(work.node) : 0;
    if (!work || work.ending || work.isCleared || boot === (work.boot ?? 0)) return;
    const pod = this.#pods.podOf(work);
    if (!pod || pod.metadata.deletionTimestamp || !goesOn(pod, work)) return;
    const { node, hostNetwork } = work;
    const message = 'Pod sandbox changed, it will be killed and re-created.';
    this.#pods.reports.tell(nodeOf(pod), pod, '', 'SandboxChanged', message);
    const sandbox = { boot, sandboxMs: kernel.now };
    if (hostNetwork) {
      this.#pods.update(key, sandbox);
      return;
    }
    const { pool } = this.#pods.nodes.need(node);
    this.#hostPorts.close(pod, work);
    addresses.release(pool, work.ip);
    const ip = addresses.allocate(pool, { machine: node, owner: describeObject(pod) }) ?? '';
    this.#hostPorts.open(pod, this.#pods.update(key, { ...sandbox, ip }));
  }
}

const NEVER = {};

/** Something is left to do once the containers have been killed. */
function goesOn({ spec }: Pod, work: PodWork): boolean {
  const policy = spec.restartPolicy ?? 'Always';
  return spec.containers.some((container) => {
    const { ended } = work.containers[container.name] ?? {};
    return !ended || shouldRestart(container, policy, ended.state.exitCode);
  });
}
