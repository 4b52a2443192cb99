import type { SharedNetwork } from '../../docker/networks/shared-networks.ts';
import type { NetworkObject } from '../objects.ts';

/** A swarm's network as the daemons have it. */
export const sharedOf = (network: NetworkObject): SharedNetwork => {
  const { id, name, driver, createdAtMs, subnet, gateway, labels, options } = network;
  const { internal, attachable, ingress } = network;
  return {
    ...{ id, name, driver, createdMs: createdAtMs, subnet, labels, options },
    ...{ internal, attachable, ingress },
    ipamConfig: subnet === '' ? [] : [{ Subnet: subnet, Gateway: gateway }],
  };
};
