import { firstFree } from '../../docker/networks/pools.ts';
import { formatIpv4 } from '../../net/address.ts';
import { formatPrefix, masked, overlaps, parsePrefix, type Prefix } from '../../net/prefix.ts';
import type { ClusterObject, NetworkObject } from '../objects.ts';

/**
 * Subnets and virtual networks for overlay networks (moby/moby v29.7
 * `daemon/libnetwork/cnmallocator/networkallocator.go`, `drivers/overlay/ovmanager/ovmanager.go`).
 */
const VXLAN_IDS = 'com.docker.network.driver.overlay.vxlanid_list';
const FIRST_VXLAN_ID = 4096;

/** The network with its subnet, its gateway and its number; undefined when there is no room. */
export function allocateNetwork(
  network: NetworkObject,
  { addressPool, subnetSize }: ClusterObject,
  others: readonly NetworkObject[],
): NetworkObject | undefined {
  const taken = others.flatMap(({ subnet }) => parsePrefix(subnet) ?? []);
  const subnet = subnetFor(network, addressPool, subnetSize, taken);
  if (!subnet) return undefined;
  const asked = network.requested?.gateway ?? '';
  return {
    ...network,
    subnet: formatPrefix(subnet),
    gateway: asked === '' ? formatIpv4(subnet.address + 1) : asked,
    options: { [VXLAN_IDS]: String(nextVxlanId(others)), ...network.options },
  };
}

function subnetFor(
  { requested }: NetworkObject,
  pools: readonly string[],
  size: number,
  taken: readonly Prefix[],
): Prefix | undefined {
  const asked = parsePrefix(requested?.subnet ?? '');
  if (asked) {
    const wanted = masked(asked);
    return taken.some((one) => overlaps(one, wanted)) ? undefined : wanted;
  }
  const bases = pools.flatMap((text) => parsePrefix(text) ?? []);
  const found = firstFree(
    bases.map((base) => ({ base, size })),
    taken,
  );
  return typeof found === 'string' ? undefined : found;
}

/** The lowest that no other network has. */
function nextVxlanId(others: readonly NetworkObject[]): number {
  const taken = new Set(others.map(({ options }) => Number(options[VXLAN_IDS])));
  let id = FIRST_VXLAN_ID;
  while (taken.has(id)) id += 1;
  return id;
}
