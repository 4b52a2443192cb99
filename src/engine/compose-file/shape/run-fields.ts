import { environment, listOf, multiOptions, texts } from './collections.ts';
import { bytes, duration, flag, integer, optOut, text } from './scalars.ts';
import { command, healthTest } from './special.ts';
import { EMPTY, POINTER, struct } from './struct.ts';

/** Parts of a service that say how its containers run, in the order they are printed. */
export const hook = struct([
  ['command', command, { alwaysInJson: 'null' }],
  ['image', text],
  ['user', text],
  ['privileged', flag],
  ['working_dir', text],
  ['environment', environment],
  ['per_replica', flag],
]);

export const healthCheck = struct([
  ['test', healthTest],
  ['timeout', duration, POINTER],
  ['interval', duration, POINTER],
  ['retries', integer, POINTER],
  ['start_period', duration, POINTER],
  ['start_interval', duration, POINTER],
  ['disable', flag],
]);

export const dependency = struct([
  ['condition', text],
  ['restart', flag],
  ['required', flag, { always: true }],
]);

export const envFile = struct([
  ['path', text],
  ['required', optOut],
  ['format', text],
]);

export const develop = struct([
  [
    'watch',
    listOf(
      struct([
        ['path', text, { always: true }],
        ['action', text, { always: true }],
        ['target', text],
        ['exec', hook, EMPTY],
        ['include', texts],
        ['ignore', texts],
        ['initial_sync', flag],
      ]),
    ),
  ],
]);

const throttle = listOf(
  struct([
    ['path', text, { always: true, jsonName: 'Path' }],
    ['rate', bytes, { always: true, jsonName: 'Rate' }],
  ]),
);

export const blkioConfig = struct([
  ['weight', integer],
  [
    'weight_device',
    listOf(
      struct([
        ['path', text, { always: true, jsonName: 'Path' }],
        ['weight', integer, { always: true, jsonName: 'Weight' }],
      ]),
    ),
  ],
  ['device_read_bps', throttle],
  ['device_read_iops', throttle],
  ['device_write_bps', throttle],
  ['device_write_iops', throttle],
]);

export const deviceMapping = struct([
  ['source', text],
  ['target', text],
  ['permissions', text],
]);

export const provider = struct([
  ['type', text],
  ['options', multiOptions],
]);

export const credentialSpec = struct([
  ['config', text],
  ['file', text],
  ['registry', text],
]);

export const serviceModel = struct([
  ['endpoint_var', text],
  ['model_var', text],
]);
