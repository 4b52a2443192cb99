import {
  alsoOf,
  closed,
  extensible,
  integer,
  list,
  mapOf,
  oneOf,
  oneType,
  open,
  ref,
  text,
  orNull,
  type Schema,
} from '../schema.ts';

/**
 * What stands beside the services: facts of the Compose Specification's schema (compose-go v2.13
 * `schema/compose-spec.json`, Apache-2.0), without its descriptions.
 */
export const resourceDefinitions: Readonly<Record<string, Schema>> = {
  include: oneOf(
    text,
    closed({
      path: ref('string_or_list'),
      env_file: ref('string_or_list'),
      project_directory: text,
    }),
  ),
  network: orNull(
    extensible({
      name: text,
      driver: text,
      driver_opts: mapOf(/^.+$/, oneType('string', 'number')),
      ipam: extensible({
        driver: text,
        config: list(
          extensible({
            subnet: text,
            ip_range: text,
            gateway: text,
            aux_addresses: mapOf(/^.+$/, text, { additional: false }),
          }),
        ),
        options: mapOf(/^.+$/, text, { additional: false }),
      }),
      external: alsoOf(['boolean', 'string'], extensible({ name: text })),
      internal: oneType('boolean', 'string'),
      enable_ipv4: oneType('boolean', 'string'),
      enable_ipv6: oneType('boolean', 'string'),
      attachable: oneType('boolean', 'string'),
      labels: ref('list_or_dict'),
    }),
  ),
  volume: orNull(
    extensible({
      name: text,
      driver: text,
      driver_opts: mapOf(/^.+$/, oneType('string', 'number')),
      external: alsoOf(['boolean', 'string'], extensible({ name: text })),
      labels: ref('list_or_dict'),
    }),
  ),
  secret: extensible({
    name: text,
    environment: text,
    file: text,
    external: alsoOf(['boolean', 'string'], open({ name: text })),
    labels: ref('list_or_dict'),
    driver: text,
    driver_opts: mapOf(/^.+$/, oneType('string', 'number')),
    template_driver: text,
  }),
  config: extensible({
    name: text,
    content: text,
    environment: text,
    file: text,
    external: alsoOf(['boolean', 'string'], open({ name: text })),
    labels: ref('list_or_dict'),
    template_driver: text,
  }),
  model: extensible(
    { name: text, model: text, context_size: integer, runtime_flags: list(text) },
    { required: ['model'] },
  ),
};
