import type { CreateContainer } from '../../containerd/api.ts';
import type { Joined } from '../networks/membership.ts';
import type { ContainerMount } from '../volumes/mounting.ts';
import type { Resources } from '../api.ts';
import { environment } from './merge-config.ts';
import type { ContainerRow } from './row.ts';

/** What containerd is told of a container (moby/moby v29.7 `daemon/oci_linux.go`). */
export function runtimeSpec(
  row: ContainerRow,
  joined?: Joined,
  mounts: readonly ContainerMount[] = [],
): CreateContainer {
  const { id, name, image, platform, config, hostConfig } = row;
  return {
    id,
    name: `container ${name}`,
    image,
    ...(platform ? { platform } : {}),
    replace: true,
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    env: Object.fromEntries(environment(config, config.Tty).map(splitPair)),
    hostname: joined?.hostname ?? config.Hostname,
    labels: config.Labels ?? {},
    ...(config.User === '' ? {} : { user: config.User }),
    ...((hostConfig.GroupAdd ?? []).length > 0 ? { groupAdd: hostConfig.GroupAdd! } : {}),
    ...(config.WorkingDir === '' ? {} : { workingDir: config.WorkingDir }),
    ...(config.Tty ? { tty: true } : {}),
    ...(config.OpenStdin ? { openStdin: true } : {}),
    ...(hostConfig.Init ? { init: true } : {}),
    ...(hostConfig.ReadonlyRootfs ? { readOnlyRoot: true } : {}),
    ...limitsOf(hostConfig),
    ...(joined ? networkOf(joined) : {}),
    ...(mounts.length > 0 ? { mounts } : {}),
  };
}

function networkOf({ ips, managed, hostNetwork }: Joined): Partial<CreateContainer> {
  const [first, ...more] = ips;
  return {
    ...(first ? { ip: first.ip, privateIp: true } : {}),
    ...(more.length > 0 ? { ips: more } : {}),
    ...(hostNetwork ? { hostNetwork: true } : {}),
    managed,
  };
}

/** As containerd's `update` takes them. */
export function limitsOf(limits: Resources) {
  const { Memory, CpuShares, NanoCpus, CpuQuota, CpuPeriod, PidsLimit } = limits;
  const quota = CpuQuota > 0 ? Math.round((CpuQuota / (CpuPeriod || CFS_PERIOD)) * 1e9) : 0;
  const nanoCpus = NanoCpus || quota;
  return {
    ...(Memory > 0 ? { memoryLimitBytes: Memory } : {}),
    ...(CpuShares > 0 ? { cpuShares: CpuShares } : {}),
    ...(nanoCpus > 0 ? { nanoCpus } : {}),
    ...(PidsLimit !== null && PidsLimit > 0 ? { pidsLimit: PidsLimit } : {}),
  };
}

/** Microseconds: the kernel's own. */
const CFS_PERIOD = 100_000;

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
