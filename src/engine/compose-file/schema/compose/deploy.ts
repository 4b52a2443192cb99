import {
  extensible,
  flag,
  list,
  oneOf,
  oneType,
  open,
  ref,
  text,
  orNull,
  type Schema,
} from '../schema.ts';

/**
 * How a service is run: facts of the Compose Specification's schema (compose-go v2.13
 * `schema/compose-spec.json`, Apache-2.0), without its descriptions.
 */
export const deployDefinitions: Readonly<Record<string, Schema>> = {
  deployment: orNull(
    extensible({
      mode: text,
      endpoint_mode: text,
      replicas: oneType('integer', 'string'),
      labels: ref('list_or_dict'),
      rollback_config: extensible({
        parallelism: oneType('integer', 'string'),
        delay: text,
        failure_action: text,
        monitor: text,
        max_failure_ratio: oneType('number', 'string'),
        order: { ...text, values: ['start-first', 'stop-first'] },
      }),
      update_config: extensible({
        parallelism: oneType('integer', 'string'),
        delay: text,
        failure_action: text,
        monitor: text,
        max_failure_ratio: oneType('number', 'string'),
        order: { ...text, values: ['start-first', 'stop-first'] },
      }),
      resources: extensible({
        limits: extensible({
          cpus: oneType('number', 'string'),
          memory: text,
          pids: oneType('integer', 'string'),
        }),
        reservations: extensible({
          cpus: oneType('number', 'string'),
          memory: text,
          generic_resources: ref('generic_resources'),
          devices: ref('devices'),
        }),
      }),
      restart_policy: extensible({
        condition: text,
        delay: text,
        max_attempts: oneType('integer', 'string'),
        window: text,
      }),
      placement: extensible({
        constraints: list(text),
        preferences: list(extensible({ spread: text })),
        max_replicas_per_node: oneType('integer', 'string'),
      }),
    }),
  ),
  generic_resources: list(
    extensible({
      discrete_resource_spec: extensible({ kind: text, value: oneType('number', 'string') }),
    }),
  ),
  devices: list(
    extensible(
      {
        capabilities: ref('list_of_strings'),
        count: oneType('string', 'integer'),
        device_ids: ref('list_of_strings'),
        driver: text,
        options: ref('list_or_dict'),
      },
      { required: ['capabilities'] },
    ),
  ),
  gpus: oneOf(
    { ...text, values: ['all'] },
    list(
      open({
        capabilities: ref('list_of_strings'),
        count: oneType('string', 'integer'),
        device_ids: ref('list_of_strings'),
        driver: text,
        options: ref('list_or_dict'),
      }),
    ),
  ),
  healthcheck: extensible({
    disable: oneType('boolean', 'string'),
    interval: text,
    retries: oneType('number', 'string'),
    test: oneOf(text, list(text)),
    timeout: text,
    start_period: text,
    start_interval: text,
  }),
  development: orNull(
    extensible({
      watch: list(
        extensible(
          {
            ignore: ref('string_or_list'),
            include: ref('string_or_list'),
            path: text,
            action: {
              ...text,
              values: ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'],
            },
            target: text,
            exec: ref('service_hook'),
            initial_sync: flag,
          },
          { required: ['path', 'action'] },
        ),
      ),
    }),
  ),
  service_hook: extensible(
    {
      command: ref('command'),
      user: text,
      privileged: oneType('boolean', 'string'),
      working_dir: text,
      environment: ref('list_or_dict'),
    },
    { required: ['command'] },
  ),
};
