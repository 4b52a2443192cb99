import { COMPOSE } from './compose.ts';
import { DOCKER } from './docker.ts';
import { KUBERNETES } from './kubernetes.ts';
import { SWARM } from './swarm.ts';
import type { Platform } from './platform.ts';

/** In the order in which they are shown. */
export const PLATFORMS: readonly Platform[] = [DOCKER, COMPOSE, SWARM, KUBERNETES];
