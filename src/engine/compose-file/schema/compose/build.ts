import { extensible, list, oneType, ref, text, type Schema } from '../schema.ts';

/**
 * `build` in its long form. Facts of the Compose Specification's schema (compose-go v2.13
 * `schema/compose-spec.json`, Apache-2.0), without its descriptions.
 */
export const buildSchema: Schema = extensible({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: list(text),
  args: ref('list_or_dict'),
  ssh: ref('list_or_dict'),
  labels: ref('list_or_dict'),
  cache_from: list(text),
  cache_to: list(text),
  no_cache: oneType('boolean', 'string'),
  no_cache_filter: ref('string_or_list'),
  additional_contexts: ref('list_or_dict'),
  network: text,
  provenance: oneType('string', 'boolean'),
  sbom: oneType('string', 'boolean'),
  pull: oneType('boolean', 'string'),
  target: text,
  shm_size: oneType('integer', 'string'),
  extra_hosts: ref('extra_hosts'),
  isolation: text,
  privileged: oneType('boolean', 'string'),
  secrets: ref('service_config_or_secret'),
  tags: list(text),
  ulimits: ref('ulimits'),
  platforms: list(text),
});
