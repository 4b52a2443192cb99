import type { Table } from '../../sim/store.ts';
import type { Container, Pod, PodSpec } from '../api/pod.ts';
import type { PodTable } from './pod-table.ts';
import type { PodWork } from './pod-worker-row.ts';

/**
 * Ports of a node that lead to a Pod (the portmap plugin of CNI, which the runtime calls when it
 * makes a sandbox, v1.9): who asks the node's address at a `hostPort` is answered by the container.
 */
interface Behind {
  readonly ip: string;
  readonly port: number;
}

export class HostPorts {
  readonly #pods: PodTable;
  readonly #ports: Table<string, Behind>;

  constructor(pods: PodTable) {
    const { kernel, http } = pods.world;
    this.#pods = pods;
    this.#ports = kernel.store.table<Behind>(`${pods.name}/host-ports`);
    http.translator((_from, to) =>
      this.#ports.size === 0 || to.on !== undefined
        ? undefined
        : this.#ports.get(`${to.ip}:${to.port}`),
    );
  }

  open(pod: Pod, work: PodWork): void {
    for (const [at, behind] of this.#of(pod, work)) this.#ports.set(at, behind);
  }

  close(pod: Pod | undefined, work: PodWork): void {
    if (this.#ports.size === 0) return;
    if (pod) {
      for (const [at, { ip }] of this.#of(pod, work)) {
        if (this.#ports.get(at)?.ip === ip) this.#ports.delete(at);
      }
      return;
    }
    // Its Pod is gone from the API: what led to its address goes.
    for (const [at, { ip }] of [...this.#ports.entries()]) {
      if (ip === work.ip) this.#ports.delete(at);
    }
  }

  #of({ spec }: Pod, { node, ip, hostNetwork }: PodWork): [string, Behind][] {
    if (hostNetwork || !hasPorts(spec)) return [];
    const nodeIp = this.#pods.nodes.need(node).ip;
    return [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ ports = [] }) =>
      ports.flatMap(({ hostPort, hostIP, containerPort }): [string, Behind][] => {
        if (!hostPort) return [];
        const host = hostIP && hostIP !== '0.0.0.0' ? hostIP : nodeIp;
        return [[`${host}:${hostPort}`, { ip, port: containerPort }]];
      }),
    );
  }
}

const opensPorts = ({ ports }: Container): boolean =>
  ports?.some(({ hostPort }) => hostPort !== undefined) ?? false;

const hasPorts = ({ containers, initContainers }: PodSpec): boolean =>
  containers.some(opensPorts) || (initContainers?.some(opensPorts) ?? false);
