/**
 * The versions imitated, as `docker version` and `docker info` show them (moby/moby v29.7
 * `Dockerfile`, `api/docs/v1.55.yaml`).
 *
 * Simplified: commits and the time of building are made up in the right form.
 */
export const API_VERSION = '1.55';

export const ENGINE = {
  version: '29.7.2',
  commit: '8d1bb67',
  goVersion: 'go1.26.7',
  minApiVersion: '1.40',
  buildTime: '2026-01-05T00:00:00.000000000+00:00',
} as const;

export const CONTAINERD = { version: 'v2.3.4', commit: '3b1c86cb8ecd1ec3a5f6f2c3a2b1c5f07f5fd0f4' };
export const RUNC = { version: '1.4.3', commit: 'v1.4.3-0-g6bb5a1c2' };
export const INIT = { version: '0.19.0', commit: 'de40ad0' };

/** Model figure: of the machines' own Linux. */
export { KERNEL as KERNEL_VERSION } from '../programs/tools/identity.ts';
