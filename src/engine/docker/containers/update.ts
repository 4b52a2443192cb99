import { answer, fail } from '../answer.ts';
import type { EngineResponse, HostConfig, UpdateBody } from '../api.ts';
import { restartPolicyOf } from './defaults.ts';
import { isNoPolicy } from './restart-policy.ts';
import type { ContainerRooms } from './rooms.ts';
import { limitsOf } from './runtime-spec.ts';
import { isRefusal, type ContainerStore } from './store.ts';
import { hostConfigProblem, resourcesProblem } from './validate.ts';

/**
 * `docker update`: limits and restart policy (moby/moby v29.7 `daemon/update.go`,
 * `daemon/container/container_unix.go`, `UpdateContainer`).
 */
export function update(
  { containerd }: ContainerRooms,
  store: ContainerStore,
  machine: string,
  text: string,
  body: UpdateBody,
): EngineResponse {
  const problem =
    hostConfigProblem({ RestartPolicy: restartPolicyOf(body.RestartPolicy) }) ??
    resourcesProblem(body, true);
  if (problem !== undefined) return fail(400, problem);
  const row = store.find(machine, text);
  if (isRefusal(row)) return fail(row.status, row.message);
  const refuse = (why: string, status = 409): EngineResponse =>
    fail(status, `Cannot update container ${row.id}: ${why}`);
  if (row.state.removing || row.state.dead) {
    return refuse('container is marked for removal and cannot be "update"');
  }
  const conflict = conflictOf(body, row.hostConfig);
  if (conflict !== undefined) return refuse(conflict);
  const hostConfig = updated(row.hostConfig, body);
  const isRunning = row.state.running && !row.state.restarting;
  if (isRunning) {
    const limits = limitsOf(hostConfig);
    const said = containerd.answer(machine, { op: 'update', id: row.id, limits });
    if (!said.ok) return refuse(said.message, 500);
  }
  const changed = store.update(row, { hostConfig })!;
  store.emit(changed, 'update');
  return answer(200, { Warnings: null });
}

/** What may not be set beside what is set already. */
function conflictOf(body: UpdateBody, own: HostConfig): string | undefined {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, Memory = 0, MemorySwap = 0 } = body;
  const nano = 'Conflicting options: Nano CPUs cannot be updated as';
  if (NanoCpus > 0 && own.CpuPeriod > 0) return `${nano} CPU Period has already been set`;
  if (NanoCpus > 0 && own.CpuQuota > 0) return `${nano} CPU Quota has already been set`;
  const set = 'cannot be updated as NanoCPUs has already been set';
  if (CpuPeriod > 0 && own.NanoCpus > 0) return `Conflicting options: CPU Period ${set}`;
  if (CpuQuota > 0 && own.NanoCpus > 0) return `Conflicting options: CPU Quota ${set}`;
  if (Memory !== 0 && Memory > own.MemorySwap && MemorySwap === 0) {
    return 'Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time';
  }
  const policy = restartPolicyOf(body.RestartPolicy);
  if (body.RestartPolicy?.Name && own.AutoRemove && !isNoPolicy(policy)) {
    return 'Restart policy cannot be updated because AutoRemove is enabled for the container';
  }
  return undefined;
}

function updated(own: HostConfig, body: UpdateBody): HostConfig {
  const { RestartPolicy, PidsLimit, ...limits } = body;
  const set = Object.fromEntries(
    Object.entries(limits).filter(
      ([key, value]) => key in own && value !== 0 && value !== '' && value !== null,
    ),
  ) as Partial<HostConfig>;
  return {
    ...own,
    ...set,
    // 0 and below: no limit from now on.
    ...(PidsLimit === undefined || PidsLimit === null ? {} : { PidsLimit: Math.max(0, PidsLimit) }),
    ...(RestartPolicy?.Name ? { RestartPolicy: restartPolicyOf(RestartPolicy) } : {}),
  };
}
