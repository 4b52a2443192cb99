import { fail } from '../failure.ts';
import { invalid } from './consistency-error.ts';
import type { Service } from '../service.ts';

/** Attributes that say the same thing in two places must agree. */
export function checkLimits({ name, ...service }: Service): void {
  const { scale, deploy, container_name: container } = service;
  const replicas = deploy?.replicas;
  if (scale !== undefined && replicas !== undefined && scale !== replicas) {
    distinct(name, 'scale', 'deploy.replicas');
  }
  if (scale !== undefined && scale < 0) {
    fail(`services.${name}.scale: must be greater than or equal to 0`);
  }
  if (replicas !== undefined && replicas < 0) {
    fail(`services.${name}.deploy.replicas: must be greater than or equal to 0`);
  }
  const { limits, reservations } = deploy?.resources ?? {};
  const pairs = [
    ['cpus', service.cpus, limits, limits?.cpus, 'limits.cpus'],
    ['mem_limit', service.mem_limit, limits, limits?.memory, 'limits.memory'],
    [
      'mem_reservation',
      service.mem_reservation,
      reservations,
      reservations?.memory,
      'reservations.memory',
    ],
    ['pids_limit', service.pids_limit, limits, limits?.pids, 'limits.pids'],
  ] as const;
  for (const [own, value, section, other, place] of pairs) {
    if (value && section && value !== (other ?? 0)) {
      distinct(name, own, `deploy.resources.${place}`);
    }
  }
  if ((scale ?? replicas ?? 1) > 1 && container) {
    const attribute = scale === undefined ? 'deploy.replicas' : 'scale';
    // Upstream has the two the wrong way round.
    const why = 'as container name must be unique';
    invalid(`services.${attribute}: can't set container_name and ${name} ${why}`);
  }
}

const distinct = (name: string, one: string, other: string): never =>
  invalid(`services.${name}: can't set distinct values on '${one}' and '${other}'`);
