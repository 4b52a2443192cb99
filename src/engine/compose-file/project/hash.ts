import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { goJson } from '../print/json-text.ts';
import type { Network, Volume } from '../project.ts';
import type { Service } from '../service.ts';
import { jsonOf } from '../shape/codec.ts';
import { network, volume } from '../shape/project-fields.ts';
import { service } from '../shape/service-fields.ts';

/**
 * What `com.docker.compose.config-hash` holds: a container whose service has another hash now is
 * made anew (docker/compose v5.5 `pkg/compose/hash.go`). It is the SHA-256 of the JSON that Compose
 * itself writes, so both say the same of the same service.
 */
export const OUTSIDE_SERVICE_HASH = [
  'build',
  'pull_policy',
  'scale',
  'deploy.replicas',
  'depends_on',
  'profiles',
] as const;

/** 64 hexadecimal digits, as for networks and volumes. */
export function serviceHash(whole: Service): string {
  return hashOf(jsonOf(service, without(whole, OUTSIDE_SERVICE_HASH)));
}

/** Of a network of the project; one with another hash now is made anew. */
export const networkHash = (whole: Network): string => hashOf(jsonOf(network, whole));

/** Of a volume, whose driver is `local` where none is named. */
export const volumeHash = (whole: Volume): string =>
  hashOf(jsonOf(volume, { ...whole, driver: whole.driver || 'local' }));

const hashOf = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(goJson(value))));

function without(value: object, paths: readonly string[]): object {
  const names = paths.filter((path) => !path.includes('.'));
  const kept = Object.entries(value).filter(([key]) => !names.includes(key));
  return Object.fromEntries(
    kept.map(([key, one]): [string, unknown] => {
      const below = paths.filter((path) => path.startsWith(`${key}.`));
      const isWhole = below.length === 0 || typeof one !== 'object' || one === null;
      const rest = below.map((path) => path.slice(key.length + 1));
      return [key, isWhole ? one : without(one as object, rest)];
    }),
  );
}
