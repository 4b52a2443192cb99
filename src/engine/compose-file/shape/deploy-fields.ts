import { listOf, textMap, texts } from './collections.ts';
import type { Field } from './codec.ts';
import { bytes, deviceCount, duration, integer, number, processors, text } from './scalars.ts';
import { EMPTY, POINTER, struct } from './struct.ts';

/** The `deploy` section in the order it is printed. */
export const deviceRequest = struct([
  ['capabilities', texts],
  ['driver', text],
  ['count', deviceCount],
  ['device_ids', texts],
  ['options', textMap],
]);

const updateConfig = struct([
  ['parallelism', integer, POINTER],
  ['delay', duration],
  ['failure_action', text],
  ['monitor', duration],
  ['max_failure_ratio', number],
  ['order', text],
]);

const genericResource = struct([
  [
    'discrete_resource_spec',
    struct([
      ['kind', text, { always: true }],
      ['value', integer, { always: true }],
    ]),
    POINTER,
  ],
]);

const resource = struct([
  ['cpus', processors],
  ['memory', bytes],
  ['pids', integer],
  ['devices', listOf(deviceRequest)],
  ['generic_resources', listOf(genericResource)],
]);

const restartPolicy = struct([
  ['condition', text],
  ['delay', duration, POINTER],
  ['max_attempts', integer, POINTER],
  ['window', duration, POINTER],
]);

const placement = struct([
  ['constraints', texts],
  ['preferences', listOf(struct([['spread', text]]))],
  ['max_replicas_per_node', integer],
]);

export const DEPLOY_FIELDS: readonly Field[] = [
  ['mode', text],
  ['replicas', integer, POINTER],
  ['labels', textMap],
  ['update_config', updateConfig, POINTER],
  ['rollback_config', updateConfig, POINTER],
  [
    'resources',
    struct([
      ['limits', resource, POINTER],
      ['reservations', resource, POINTER],
    ]),
    EMPTY,
  ],
  ['restart_policy', restartPolicy, POINTER],
  ['placement', placement, EMPTY],
  ['endpoint_mode', text],
];

export const deploy = struct(DEPLOY_FIELDS);
