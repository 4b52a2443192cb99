import type { EventType, Kernel } from '../../sim/kernel.ts';
import type { HttpOutcome } from '../../net/http.ts';
import type { Container, Probe } from '../api/pod.ts';
import { goDuration } from '../apimachinery/duration.ts';
import type { ExecResult, ExecSync } from './exec-sync.ts';
import { portNumber } from './network-port.ts';
import type { About, KubeletWorld } from './pod-table.ts';
import type { PodWork } from './pod-worker-row.ts';

/**
 * One probe of a container, and what it found (pkg/kubelet/prober/prober.go, pkg/probe, v1.36).
 */
export type ProbeKind = 'startup' | 'readiness' | 'liveness';

export const PROBE_KINDS: readonly ProbeKind[] = ['startup', 'readiness', 'liveness'];

/** Which probe of which container, and which start of it. */
export interface ProbeTarget extends About {
  readonly kind: ProbeKind;
}

/** With the kubelet's words for a failure; `unknown` when the probe itself could not be made. */
export type ProbeResult =
  | { readonly found: 'success' }
  | { readonly found: 'failure' | 'unknown'; readonly message: string };

const SUCCESS: ProbeResult = { found: 'success' };
const failure = (message: string): ProbeResult => ({ found: 'failure', message });

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

interface Sent {
  readonly target: ProbeTarget;
  readonly url: string;
}

export class Prober {
  readonly #world: KubeletWorld;
  readonly #exec: ExecSync;
  readonly #tell: (target: ProbeTarget, result: ProbeResult) => void;
  readonly #answered: EventType<Sent & { outcome: HttpOutcome }>;
  readonly #executed: EventType<{
    target: ProbeTarget;
    argv: readonly string[];
    timeoutMs: number;
    result: ExecResult;
  }>;

  constructor(
    world: KubeletWorld,
    exec: ExecSync,
    name: string,
    tell: (target: ProbeTarget, result: ProbeResult) => void,
  ) {
    const { kernel } = world;
    this.#world = world;
    this.#exec = exec;
    this.#tell = tell;
    this.#answered = kernel.event(`${name}/probed`, ({ outcome, url, target }) =>
      tell(target, httpResult(outcome, url)),
    );
    this.#executed = kernel.event(`${name}/executed`, ({ target, argv, timeoutMs, result }) =>
      tell(target, execResult(result, argv, timeoutMs)),
    );
  }

  /** Probes once; the result is told now or later. */
  run(target: ProbeTarget, probe: Probe, container: Container, work: PodWork): void {
    const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
    const { httpGet, tcpSocket, exec, grpc } = probe;
    const wanted = (httpGet ?? tcpSocket)?.port;
    if (wanted !== undefined && Number.isNaN(portNumber(wanted, container))) {
      const message = `strconv.Atoi: parsing "${wanted}": invalid syntax`;
      this.#tell(target, { found: 'unknown', message });
      return;
    }
    if (httpGet) this.#get(target, httpGet, container, work, timeoutMs);
    else if (exec) {
      const { command: argv = [] } = exec;
      const then = { event: this.#executed.name, payload: { target, argv, timeoutMs } };
      this.#exec.run(work.node, target.id, argv, timeoutMs, then);
    } else if (tcpSocket) {
      const ip = tcpSocket.host ?? work.ip;
      const port = portNumber(tcpSocket.port, container);
      const refused = `dial tcp ${ip}:${port}: connect: connection refused`;
      this.#tell(target, this.#isOpen(work, ip, port) ? SUCCESS : failure(refused));
    } else if (grpc) {
      // Simplified: a port that is open serves.
      const open = this.#isOpen(work, work.ip, grpc.port);
      const at = `${work.ip}:${grpc.port}`;
      const late = `timeout: failed to connect service "${at}" within ${goDuration(timeoutMs)}`;
      const why = `${late}: context deadline exceeded`;
      this.#tell(target, open ? SUCCESS : failure(why));
    } else this.#tell(target, SUCCESS);
  }

  #get(
    target: ProbeTarget,
    { port: wanted, path = '/', host, scheme = 'HTTP', httpHeaders = [] }: HttpGet,
    container: Container,
    work: PodWork,
    timeoutMs: number,
  ): void {
    const { http } = this.#world;
    const port = portNumber(wanted, container);
    const ip = host ?? work.ip;
    const url = `${scheme.toLowerCase()}://${ip}:${port}${path.startsWith('/') ? '' : '/'}${path}`;
    const from = { machine: work.node, name: `kubelet/${work.node}` };
    const payload: Sent = { target, url };
    const named = httpHeaders.find(({ name }) => name.toLowerCase() === 'host')?.value;
    const headers = Object.fromEntries(
      httpHeaders.map(({ name, value }) => [name.toLowerCase(), value]),
    );
    const request = {
      method: 'GET',
      path: url.slice(url.indexOf('/', 'https://'.length)),
      headers: { 'user-agent': 'kube-probe/1.36', ...headers },
      ...(named !== undefined && { host: named }),
    };
    const then = { event: this.#answered.name, payload };
    http.request(from, { ip, port }, request, then, { timeoutMs, quiet: true });
  }

  #isOpen({ node }: PodWork, ip: string, port: number): boolean {
    const { http } = this.#world;
    const at = http.route({ machine: node, name: `kubelet/${node}` }, { ip, port });
    return typeof at !== 'string' && http.listenerAt(at) !== undefined;
  }
}

type HttpGet = NonNullable<Probe['httpGet']>;

function execResult(
  { exitCode, output, failure: why, timedOut }: ExecResult,
  argv: readonly string[],
  timeoutMs: number,
): ProbeResult {
  if (timedOut) {
    const command = argv.join(' ');
    return failure(`command timed out: "${command}" timed out after ${goDuration(timeoutMs)}`);
  }
  if (why !== undefined) {
    const message = `rpc error: code = Unknown desc = failed to exec in container: ${why}`;
    return { found: 'unknown', message };
  }
  return exitCode === 0 ? SUCCESS : failure(output);
}

function httpResult(outcome: HttpOutcome, url: string): ProbeResult {
  if (outcome.ok) {
    const { status } = outcome.response;
    if (status >= 200 && status < 400) return SUCCESS;
    return failure(`HTTP probe failed with statuscode: ${status}`);
  }
  const address = url.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
  const why: Record<typeof outcome.error, string> = {
    refused: `dial tcp ${address}: connect: connection refused`,
    reset: `read tcp ${address}: read: connection reset by peer`,
    unreachable: `dial tcp ${address}: connect: network is unreachable`,
    absent: `dial tcp ${address}: connect: no route to host`,
    timeout: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  };
  return failure(`Get "${url}": ${why[outcome.error]}`);
}
