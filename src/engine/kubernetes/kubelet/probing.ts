import type { EventType } from '../../sim/kernel.ts';
import type { Container, Pod, Probe } from '../api/pod.ts';
import type { ContainerStops } from './container-stops.ts';
import type { ExecSync } from './exec-sync.ts';
import { nodeOf, type About, type PodTable } from './pod-table.ts';
import { NEW_CONTAINER } from './pod-worker-row.ts';
import {
  firstProbeMs,
  PROBE_KINDS,
  probeOf,
  Prober,
  type ProbeKind,
  type ProbeResult,
  type ProbeTarget,
} from './prober.ts';
import { shouldRestart } from './restart-policy.ts';

/**
 * The probes of running containers (pkg/kubelet/prober/worker.go, v1.36): each on its own period,
 * the first readiness probe as soon as the kubelet has seen the container run, which it looks for
 * once a second, the others at a random point of their first period, all after their initial
 * delay. As long as a startup probe has not succeeded the others wait. What counts is a number of
 * equal results in a row.
 */
export class Probing {
  readonly #pods: PodTable;
  readonly #stops: ContainerStops;
  readonly #prober: Prober;
  readonly #probe: EventType<ProbeTarget>;

  constructor(pods: PodTable, exec: ExecSync, stops: ContainerStops) {
    this.#pods = pods;
    this.#stops = stops;
    this.#prober = new Prober(pods.world, exec, pods.name, (target, result) =>
      this.#note(target, result),
    );
    this.#probe = pods.world.kernel.event(`${pods.name}/probe`, (target) => this.#run(target));
  }

  /** A container runs: its probes begin. */
  begin({ key, container: name, id }: About, container: Container): void {
    for (const kind of PROBE_KINDS) {
      const probe = probeOf(container, kind);
      if (!probe) continue;
      const target: ProbeTarget = { key, container: name, id, kind };
      this.#probe.after(firstProbeMs(this.#pods.world.kernel, target, probe), target);
    }
  }

  #run(target: ProbeTarget): void {
    const found = this.#pods.findStart(target);
    if (found?.state.stage !== 'running') return;
    const { state, work, container } = found;
    const { kind } = target;
    // A Pod on its way down is only asked whether it is ready.
    if (state.stop || (work.ending && kind !== 'readiness')) return;
    const probe = probeOf(container, kind);
    if (!probe || (kind === 'startup' && state.started)) return;
    this.#probe.after((probe.periodSeconds ?? 10) * 1000, target);
    if (kind !== 'startup' && !state.started) return;
    if (this.#pods.world.isSilent(work.node)) return;
    this.#prober.run(target, probe, container, work);
  }

  #note(target: ProbeTarget, result: ProbeResult): void {
    const { key, kind } = target;
    const found = this.#pods.findStart(target);
    if (found?.state.stage !== 'running' || found.state.stop) return;
    const { state, container, pod, work } = found;
    const probe = probeOf(container, kind);
    if (!probe || this.#pods.world.isSilent(work.node)) return;
    if (result.found !== 'success') this.#complain(pod, container, kind, result);
    if (result.found === 'unknown') return;
    const isFine = result.found === 'success';
    const before = state.probes[kind] ?? 0;
    const row = isFine ? Math.max(0, before) + 1 : Math.min(0, before) - 1;
    const limit = isFine ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    // Beyond its threshold a row is not counted on: a Pod that is well costs no writes.
    if (Math.abs(before) < limit || before > 0 !== isFine) {
      this.#pods.change(key, container.name, { probes: { ...state.probes, [kind]: row } });
    }
    if (Math.abs(row) >= limit) this.#judge(target, pod, container, probe, isFine);
  }

  #complain(pod: Pod, { name }: Container, kind: ProbeKind, result: ProbeResult): void {
    if (result.found === 'success') return;
    const word = `${kind.charAt(0).toUpperCase()}${kind.slice(1)} probe`;
    const how = result.found === 'failure' ? 'failed' : 'errored and resulted in unknown state';
    const { reports } = this.#pods;
    reports.warn(nodeOf(pod), pod, name, 'Unhealthy', `${word} ${how}: ${result.message}`);
  }

  #judge(target: ProbeTarget, pod: Pod, container: Container, probe: Probe, passed: boolean) {
    const { key, kind } = target;
    const { name } = container;
    const work = this.#pods.rows.need(key);
    const state = work.containers[name] ?? NEW_CONTAINER;
    if (kind === 'readiness') {
      if (state.ready === passed) return;
      this.#pods.change(key, name, { ready: passed });
      this.#pods.report(key);
    } else if (!passed) this.#kill(target, pod, container, probe);
    else if (kind === 'startup' && !state.started) {
      this.#pods.change(key, name, { started: true, ready: !container.readinessProbe });
      this.#pods.report(key);
      // A sidecar that has started lets the next container start.
      this.#pods.requeue(key, work, 0);
    }
  }

  /** Stops a container that a probe has given up; its exit has it started again. */
  #kill(target: ProbeTarget, pod: Pod, container: Container, probe: Probe): void {
    const { restartPolicy = 'Always', terminationGracePeriodSeconds = 30 } = pod.spec;
    const why = `Container ${container.name} failed ${target.kind} probe`;
    const again = shouldRestart(container, restartPolicy, KILLED) ? ', will be restarted' : '';
    const { kind: _kind, ...about } = target;
    const grace = probe.terminationGracePeriodSeconds ?? terminationGracePeriodSeconds;
    this.#stops.begin(about, grace * 1000, why + again);
  }
}

const KILLED = 137;
