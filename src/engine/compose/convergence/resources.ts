import type { DeviceRequest, Resource } from '../../compose-file/service-deploy.ts';
import type { Service } from '../../compose-file/service.ts';
import type { Resources } from '../../docker/api/config.ts';

/** Limits of a container; those of `deploy.resources` win (docker/compose v5.5 `create.go`). */
const NANOS = 1_000_000_000;

export function resourcesOf(service: Service): Partial<Resources> {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const { devices = [], ulimits = {}, blkio_config: blkio } = service;
  const requests = [...(service.gpus ?? []).map(gpuRequest), ...requestsOf(reservations)];
  return {
    ...defined({
      CgroupParent: service.cgroup_parent,
      Memory: limits?.memory ?? service.mem_limit,
      MemorySwap: service.memswap_limit,
      MemorySwappiness: service.mem_swappiness,
      MemoryReservation: reservations?.memory ?? service.mem_reservation,
      OomKillDisable: service.oom_kill_disable,
      CpuCount: service.cpu_count,
      CpuPeriod: service.cpu_period,
      CpuQuota: service.cpu_quota,
      CpuRealtimePeriod: service.cpu_rt_period,
      CpuRealtimeRuntime: service.cpu_rt_runtime,
      CpuShares: service.cpu_shares,
      NanoCpus: nanos(limits?.cpus ?? service.cpus),
      CpuPercent: service.cpu_percent,
      CpusetCpus: service.cpuset,
      DeviceCgroupRules: service.device_cgroup_rules,
      PidsLimit: limits?.pids ?? service.pids_limit,
      BlkioWeight: blkio?.weight,
    }),
    ...(devices.length > 0 && {
      Devices: devices.map(({ source = '', target = '', permissions = 'rwm' }) => ({
        ...{ PathOnHost: source, PathInContainer: target, CgroupPermissions: permissions },
      })),
    }),
    ...(requests.length > 0 && { DeviceRequests: requests }),
    ...(Object.keys(ulimits).length > 0 && {
      Ulimits: Object.entries(ulimits).map(([Name, { single = 0, soft, hard }]) => ({
        ...{ Name, Hard: hard ?? single, Soft: soft ?? single },
      })),
    }),
  };
}

const nanos = (cpus: number | undefined): number | undefined =>
  cpus === undefined ? undefined : Math.round(cpus * NANOS);

const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const request = (device: DeviceRequest, capabilities: readonly string[]) => ({
  Driver: device.driver ?? '',
  Count: device.count ?? 0,
  DeviceIDs: device.device_ids ?? null,
  Capabilities: [capabilities],
  Options: device.options ?? {},
});

const gpuRequest = (gpu: DeviceRequest) => request(gpu, [...(gpu.capabilities ?? []), 'gpu']);

const requestsOf = (resource: Resource | undefined) =>
  (resource?.devices ?? []).map((device) => request(device, device.capabilities ?? []));
