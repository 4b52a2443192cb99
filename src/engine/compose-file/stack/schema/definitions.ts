import {
  alsoOf,
  any,
  closed,
  extensible,
  flag,
  integer,
  list,
  mapOf,
  number,
  oneOf,
  oneType,
  open,
  ref,
  text,
  orNull,
  type Schema,
} from '../../schema/schema.ts';

/**
 * The other definitions of a stack file. Facts of docker/cli v29's `cli/compose/schema/data/
 * config_schema_v3.13.json` (Apache-2.0).
 */
export const definitions: Readonly<Record<string, Schema>> = {
  healthcheck: closed({
    disable: flag,
    interval: { ...text, format: 'duration' },
    retries: number,
    test: oneOf(text, list(text)),
    timeout: { ...text, format: 'duration' },
    start_period: { ...text, format: 'duration' },
    start_interval: { ...text, format: 'duration' },
  }),
  deployment: orNull(
    closed({
      mode: text,
      endpoint_mode: text,
      replicas: integer,
      labels: ref('list_or_dict'),
      rollback_config: closed({
        parallelism: integer,
        delay: { ...text, format: 'duration' },
        failure_action: text,
        monitor: { ...text, format: 'duration' },
        max_failure_ratio: number,
        order: { ...text, values: ['start-first', 'stop-first'] },
      }),
      update_config: closed({
        parallelism: integer,
        delay: { ...text, format: 'duration' },
        failure_action: text,
        monitor: { ...text, format: 'duration' },
        max_failure_ratio: number,
        order: { ...text, values: ['start-first', 'stop-first'] },
      }),
      resources: closed({
        limits: closed({ cpus: text, memory: text, pids: integer }),
        reservations: closed({
          cpus: text,
          memory: text,
          generic_resources: ref('generic_resources'),
        }),
      }),
      restart_policy: closed({
        condition: text,
        delay: { ...text, format: 'duration' },
        max_attempts: integer,
        window: { ...text, format: 'duration' },
      }),
      placement: closed({
        constraints: list(text),
        preferences: list(closed({ spread: text })),
        max_replicas_per_node: integer,
      }),
    }),
  ),
  generic_resources: list(
    closed({ discrete_resource_spec: closed({ kind: text, value: number }) }),
  ),
  network: orNull(
    extensible({
      name: text,
      driver: text,
      driver_opts: mapOf(/^.+$/, oneType('string', 'number')),
      ipam: closed({ driver: text, config: list(closed({ subnet: text })) }),
      external: alsoOf(['boolean'], closed({ name: text })),
      internal: flag,
      attachable: flag,
      labels: ref('list_or_dict'),
    }),
  ),
  volume: orNull(
    extensible({
      name: text,
      driver: text,
      driver_opts: mapOf(/^.+$/, oneType('string', 'number')),
      external: alsoOf(['boolean'], closed({ name: text })),
      labels: ref('list_or_dict'),
      'x-cluster-spec': open({
        group: text,
        access_mode: open({
          scope: text,
          sharing: text,
          block_volume: open({}),
          mount_volume: open({ fs_type: text, mount_flags: list(text) }),
        }),
        accessibility_requirements: open({
          requisite: list(open({ segments: ref('list_or_dict') })),
          preferred: list(open({ segments: ref('list_or_dict') })),
        }),
        capacity_range: open({ required_bytes: text, limit_bytes: text }),
        availability: text,
      }),
    }),
  ),
  secret: extensible({
    name: text,
    file: text,
    external: alsoOf(['boolean'], open({ name: text })),
    labels: ref('list_or_dict'),
    driver: text,
    driver_opts: mapOf(/^.+$/, oneType('string', 'number')),
    template_driver: text,
  }),
  config: extensible({
    name: text,
    file: text,
    external: alsoOf(['boolean'], open({ name: text })),
    labels: ref('list_or_dict'),
    template_driver: text,
  }),
  string_or_list: oneOf(text, ref('list_of_strings')),
  list_of_strings: list(text, { unique: true }),
  list_or_dict: oneOf(
    mapOf(/.+/, oneType('string', 'number', 'null'), { additional: false }),
    list(text, { unique: true }),
  ),
  constraints: any,
};
