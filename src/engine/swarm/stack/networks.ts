import type { NetworkCreateBody } from '../../docker/api.ts';
import type { Network, Project } from '../../compose-file/project.ts';
import { scoped, stackLabels } from './namespace.ts';

/** Networks of a stack (docker/cli v29.7 `cli/compose/convert/compose.go`, `Networks`). */
export interface StackNetworks {
  /** To be made, by name. */
  readonly create: Readonly<Record<string, NetworkCreateBody>>;
  /** Names of those that have to be there. */
  readonly external: readonly string[];
}

const DEFAULT = 'default';
const OVERLAY = 'overlay';

/** Only those that a service names; `default` where a service names none. */
export function networksOf(stack: string, { services, networks }: Project): StackNetworks {
  const used = new Set<string>();
  for (const service of Object.values(services)) {
    const own = Object.keys(service.networks ?? {});
    for (const name of own.length === 0 ? [DEFAULT] : own) used.add(name);
  }
  const create: Record<string, NetworkCreateBody> = {};
  const external: string[] = [];
  for (const key of [...used].sort()) {
    const network = networks[key] ?? {};
    if (network.external) external.push(network.name ?? key);
    else create[network.name ?? scoped(stack, key)] = bodyOf(stack, network);
  }
  return { create, external };
}

function bodyOf(stack: string, network: Network): NetworkCreateBody {
  const { driver = '', driver_opts: Options, ipam, internal, attachable, labels } = network;
  const pools = ipam?.config ?? [];
  const hasIpam = (ipam?.driver ?? '') !== '' || pools.length > 0;
  return {
    Driver: driver === '' ? OVERLAY : driver,
    ...(Options && { Options }),
    ...{ Internal: internal ?? false, Attachable: attachable ?? false },
    ...(hasIpam && {
      IPAM: {
        ...(ipam?.driver !== undefined && { Driver: ipam.driver }),
        Config: pools.map(({ subnet }) => ({ ...(subnet !== undefined && { Subnet: subnet }) })),
      },
    }),
    Labels: stackLabels(stack, labels),
  };
}
