import type { Schema, SchemaDocument } from '../../schema/schema.ts';
import { mapOf, NAME, ref, text, extensible } from '../../schema/schema.ts';
import { definitions } from './definitions.ts';
import { serviceSchema } from './service.ts';

/**
 * The schemas 3.0 to 3.13 of stack files (docker/cli v29 `cli/compose/schema/data`): the newest,
 * and for each older one what it did not know yet.
 * Simplified: 3.0 and 3.1 knew ports and volumes as texts only; here they take the long forms.
 */
export const DEFAULT_VERSION = '3.13';

/** What each version added, by definition and key. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  '3.13': ['service.oom_score_adj', 'service.networks.driver_opts'],
  '3.12': ['healthcheck.start_interval'],
  '3.10': ['volume.x-cluster-spec'],
  '3.9': ['service.cgroupns_mode', 'deployment.resources.limits.pids', 'service.build.extra_hosts'],
  '3.8': [
    'service.credential_spec.config',
    'deployment.placement.max_replicas_per_node',
    'secret.driver',
    'secret.driver_opts',
    'secret.template_driver',
    'config.template_driver',
  ],
  '3.7': ['service.init', 'deployment.rollback_config'],
  '3.6': ['service.volumes.tmpfs'],
  '3.5': [
    'service.isolation',
    'deployment.resources.reservations.generic_resources',
    'service.build.shm_size',
    'network.name',
    'secret.name',
    'config.name',
  ],
  '3.4': [
    'healthcheck.start_period',
    'deployment.update_config.order',
    'service.build.network',
    'service.build.target',
    'volume.name',
  ],
  '3.3': [
    'configs',
    'service.configs',
    'service.credential_spec',
    'service.build.labels',
    'deployment.placement.preferences',
  ],
  '3.2': ['service.build.cache_from', 'deployment.endpoint_mode', 'network.attachable'],
  '3.1': ['secrets', 'service.secrets'],
};

const ROOT: Schema = extensible({
  version: text,
  services: mapOf(NAME, ref('service'), { additional: false }),
  networks: mapOf(NAME, ref('network')),
  volumes: mapOf(NAME, ref('volume'), { additional: false }),
  secrets: mapOf(NAME, ref('secret'), { additional: false }),
  configs: mapOf(NAME, ref('config'), { additional: false }),
});

/** The schema of a version; undefined when there is none. `3` and nothing mean the newest. */
export function stackSchema(version: string): SchemaDocument | undefined {
  const minor = /^3\.(\d{1,2})$/.exec(version)?.[1];
  if (minor === undefined || Number(minor) > 13 || `3.${Number(minor)}` !== version) {
    return undefined;
  }
  const missing = Object.entries(ADDED)
    .filter(([added]) => Number(added.slice(2)) > Number(minor))
    .flatMap(([, paths]) => paths.map((path) => path.split('.')));
  const all: Readonly<Record<string, Schema>> = { service: serviceSchema, ...definitions };
  const known = Object.entries(all).map(([name, schema]): [string, Schema] => [
    name,
    without(schema, below(missing, name)),
  ]);
  return { root: without(ROOT, missing), definitions: Object.fromEntries(known) };
}

type Paths = readonly (readonly string[])[];

const below = (paths: Paths, head: string): Paths =>
  paths.filter((path) => path[0] === head && path.length > 1).map((path) => path.slice(1));

/** A schema without some keys, wherever the forms of a value tell them. */
function without(schema: Schema, paths: Paths): Schema {
  if (paths.length === 0) return schema;
  const { properties, oneOf, items, patterns } = schema;
  const kept = Object.entries(properties ?? {})
    .filter(([key]) => !paths.some((path) => path.length === 1 && path[0] === key))
    .map(([key, one]): [string, Schema] => [key, without(one, below(paths, key))]);
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(kept) }),
    ...(oneOf && { oneOf: oneOf.map((each) => without(each, paths)) }),
    ...(items && { items: without(items, paths) }),
    // What has a name the writer chose is looked into, but not the extensions.
    ...(patterns &&
      !properties && {
        patterns: patterns.map(([key, each]) => [key, without(each, paths)] as const),
      }),
  };
}
