import {
  closed,
  extensible,
  list,
  mapOf,
  oneOf,
  oneType,
  ref,
  text,
  type Schema,
} from '../schema.ts';

/**
 * Forms that several places share: facts of the Compose Specification's schema (compose-go v2.13
 * `schema/compose-spec.json`, Apache-2.0), without its descriptions.
 */
export const sharedDefinitions: Readonly<Record<string, Schema>> = {
  command: oneOf(oneType('null'), text, list(text)),
  pre_start_hook: extensible({
    command: ref('command'),
    image: text,
    user: text,
    privileged: oneType('boolean', 'string'),
    working_dir: text,
    environment: ref('list_or_dict'),
    per_replica: oneType('boolean', 'string'),
  }),
  env_file: oneOf(
    text,
    list(
      oneOf(
        text,
        closed(
          { path: text, format: text, required: oneType('boolean', 'string') },
          { required: ['path'] },
        ),
      ),
    ),
  ),
  label_file: oneOf(text, list(text)),
  string_or_list: oneOf(text, ref('list_of_strings')),
  list_of_strings: list(text, { unique: true }),
  list_or_dict: oneOf(
    mapOf(/.+/, oneType('string', 'number', 'boolean', 'null'), { additional: false }),
    list(text, { unique: true }),
  ),
  extra_hosts: oneOf(
    mapOf(/.+/, oneOf(text, list(text, { unique: false })), { additional: false }),
    list(text, { unique: true }),
  ),
  blkio_limit: closed({ path: text, rate: oneType('integer', 'string') }),
  blkio_weight: closed({ path: text, weight: oneType('integer', 'string') }),
  service_config_or_secret: list(
    oneOf(
      text,
      extensible({
        source: text,
        target: text,
        uid: text,
        gid: text,
        mode: oneType('number', 'string'),
      }),
    ),
  ),
  ulimits: mapOf(
    /^[a-z]+$/,
    oneOf(
      oneType('integer', 'string'),
      extensible(
        { hard: oneType('integer', 'string'), soft: oneType('integer', 'string') },
        { required: ['soft', 'hard'] },
      ),
    ),
  ),
};
