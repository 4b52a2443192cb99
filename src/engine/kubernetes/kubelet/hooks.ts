import type { EventType } from '../../sim/kernel.ts';
import type { HttpOutcome } from '../../net/http.ts';
import type { Container, LifecycleHandler } from '../api/pod.ts';
import type { ExecResult, ExecSync } from './exec-sync.ts';
import { portNumber } from './network-port.ts';
import type { About, PodTable } from './pod-table.ts';
import type { PodWork } from './pod-worker-row.ts';

/**
 * What containers have done right after their start and before their end
 * (pkg/kubelet/lifecycle/handlers.go, v1.36): a command, a request, or a pause.
 */
export interface HookOf extends About {
  readonly hook: 'postStart' | 'preStop';
}

/** Told when a hook is over: whether it did what it should. */
export type HookEnd = (of: HookOf, isFine: boolean) => void;

export class Hooks {
  readonly #pods: PodTable;
  readonly #exec: ExecSync;
  readonly #over: EventType<
    HookOf & { fine?: boolean; result?: ExecResult; outcome?: HttpOutcome }
  >;

  constructor(pods: PodTable, exec: ExecSync, end: HookEnd) {
    this.#pods = pods;
    this.#exec = exec;
    const { kernel } = pods.world;
    this.#over = kernel.event(`${pods.name}/hook`, ({ fine, result, outcome, ...of }) =>
      end(of, fine ?? (result ? result.exitCode === 0 : outcome?.ok === true)),
    );
  }

  run(of: HookOf, handler: LifecycleHandler, container: Container, work: PodWork): void {
    const { exec, httpGet, sleep } = handler;
    const { http } = this.#pods.world;
    const then = { event: this.#over.name, payload: of };
    if (exec) {
      this.#exec.run(work.node, of.id, exec.command ?? [], undefined, then);
    } else if (httpGet) {
      const port = portNumber(httpGet.port, container);
      const ip = httpGet.host ?? work.ip;
      const from = { machine: work.node, name: `kubelet/${work.node}` };
      const path = httpGet.path ?? '/';
      http.request(from, { ip, port }, { method: 'GET', path }, then, { quiet: true });
    } else {
      // A TCP socket is no handler that the kubelet carries out.
      this.#over.after((sleep?.seconds ?? 0) * 1000, { ...of, fine: sleep !== undefined });
    }
  }
}
