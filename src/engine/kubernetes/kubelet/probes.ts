import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { Http, HttpOutcome } from '../../net/http.ts';
import type { Container, Probe } from '../api/pod.ts';
import type { PodWork } from './pod-worker-row.ts';

/**
 * Probes (pkg/kubelet/prober/{worker,prober}.go, v1.36): each on its own period, the first
 * readiness probe as soon as the kubelet has seen the container run, which it looks for once a
 * second, the others at a random point of their first period, all after their initial delay. As
 * long as a startup probe has not succeeded the others wait.
 */
export type ProbeKind = 'startup' | 'readiness' | 'liveness';

export const PROBE_KINDS: readonly ProbeKind[] = ['startup', 'readiness', 'liveness'];

/** Which probe of which container, and which start of it. */
export interface ProbeTarget {
  readonly key: string;
  readonly container: string;
  readonly id: string;
  readonly kind: ProbeKind;
}

/** What a probe found, with the kubelet's words for a failure. */
export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

export function probeOf(container: Container, kind: ProbeKind): Probe | undefined {
  if (kind === 'startup') return container.startupProbe;
  return kind === 'readiness' ? container.readinessProbe : container.livenessProbe;
}

/** How often the kubelet looks which containers run (`genericPlegRelistPeriod`). */
const RELIST_MS = 1000;

/** When the first probe of a kind runs after its container has started. */
export function firstProbeMs(kernel: Kernel, target: ProbeTarget, probe: Probe): number {
  const delayMs = (probe.initialDelaySeconds ?? 0) * 1000;
  const random = kernel.random('kubelet', 'probe', target.id, target.kind);
  if (target.kind === 'readiness' && delayMs === 0) return random.integer(1, RELIST_MS);
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  return delayMs + random.integer(0, periodMs - 1);
}

interface Sent extends ProbeTarget {
  readonly url: string;
}

export class Prober {
  readonly #http: Http;
  readonly #tell: (target: ProbeTarget, result: ProbeResult) => void;
  readonly #answered: EventType<Sent & { outcome: HttpOutcome }>;

  constructor(
    kernel: Kernel,
    http: Http,
    name: string,
    tell: (target: ProbeTarget, result: ProbeResult) => void,
  ) {
    this.#http = http;
    this.#tell = tell;
    this.#answered = kernel.event(`${name}/probed`, ({ outcome, url, ...target }) =>
      tell(target, httpResult(outcome, url)),
    );
  }

  /** Probes once; the result is told now or later. */
  run(target: ProbeTarget, probe: Probe, container: Container, { node, ip }: PodWork): void {
    if (probe.httpGet) {
      const port = portNumber(probe.httpGet.port, container);
      const path = probe.httpGet.path ?? '/';
      const url = `http://${ip}:${port}${path}`;
      const from = { machine: node, name: `kubelet/${node}` };
      const then = { event: this.#answered.name, payload: { ...target, url } };
      const options = { timeoutMs: (probe.timeoutSeconds ?? 1) * 1000, quiet: true };
      this.#http.request(from, { ip, port }, { method: 'GET', path }, then, options);
    } else if (probe.tcpSocket) {
      const port = portNumber(probe.tcpSocket.port, container);
      const open = this.#http.listenerAt({ ip, port }) !== undefined;
      const message = `dial tcp ${ip}:${port}: connect: connection refused`;
      this.#tell(target, open ? { ok: true } : { ok: false, message });
    } else {
      // Simplified: exec and gRPC probes are taken to succeed.
      this.#tell(target, { ok: true });
    }
  }
}

function portNumber(port: string | number, container: Container): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port);
  return named?.containerPort ?? Number(port);
}

function httpResult(outcome: HttpOutcome, url: string): ProbeResult {
  if (outcome.ok) {
    const { status } = outcome.response;
    if (status >= 200 && status < 400) return { ok: true };
    return { ok: false, message: `HTTP probe failed with statuscode: ${status}` };
  }
  const address = url.slice('http://'.length).split('/')[0] ?? '';
  const why: Record<typeof outcome.error, string> = {
    refused: `dial tcp ${address}: connect: connection refused`,
    reset: `read tcp ${address}: read: connection reset by peer`,
    unreachable: `dial tcp ${address}: connect: network is unreachable`,
    timeout: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  };
  return { ok: false, message: `Get "${url}": ${why[outcome.error]}` };
}
