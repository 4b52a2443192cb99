import type { Kernel } from '../../sim/kernel.ts';
import type { NetworkObject } from '../objects.ts';

/**
 * Networks that every machine has of its own, for services that are to be on them: a swarm knows
 * `bridge` and `host` by objects that stand for all of them (moby/swarmkit v2.1 `manager/manager.go`
 * newPredefinedNetwork; moby/moby v29.7 `daemon/libnetwork/cnmallocator`).
 */
const LABEL = 'com.docker.swarm.predefined';

const NAMES = ['bridge', 'host'];
const ID_LENGTH = 25;
const BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** It has no addresses to give out: machines do. */
export const isPredefined = ({ labels }: NetworkObject): boolean => labels[LABEL] === 'true';

/**
 * Those of a swarm, in the order of their names.
 *
 * Simplified: they come into the store when a service first asks for one, not with the swarm.
 */
export const predefinedOf = (kernel: Kernel, swarm: string): NetworkObject[] =>
  NAMES.map((name) => ({
    id: kernel.random('swarm', swarm, 'predefined', name).text(ID_LENGTH, BASE_36),
    ...{ version: 0, createdAtMs: 0, updatedAtMs: 0, name, driver: name },
    ...{ labels: { [LABEL]: 'true' }, options: {}, attachable: false, ingress: false },
    ...{ internal: false, subnet: '', gateway: '' },
  }));
