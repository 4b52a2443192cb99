import type { Field } from './codec.ts';
import { listOf, textMap, texts } from './collections.ts';
import { bytes, fileMode, flag, integer, optOut, text } from './scalars.ts';
import { POINTER, struct } from './struct.ts';

/** Networks, ports, mounts, configs and secrets of a service, in the order they are printed. */
export const serviceNetwork = struct([
  ['aliases', texts],
  ['driver_opts', textMap],
  ['gw_priority', integer],
  ['interface_name', text],
  ['ipv4_address', text],
  ['ipv6_address', text],
  ['link_local_ips', texts],
  ['mac_address', text],
  ['priority', integer],
]);

export const servicePort = struct([
  ['name', text],
  ['mode', text],
  ['host_ip', text],
  ['target', integer],
  ['published', text],
  ['protocol', text],
  ['app_protocol', text],
]);

const bindFields: Field[] = [
  ['selinux', text],
  ['propagation', text],
  ['create_host_path', optOut],
  ['recursive', text],
];

export const mount = struct([
  ['type', text],
  ['source', text],
  ['target', text],
  ['read_only', flag],
  ['consistency', text],
  ['bind', struct(bindFields), POINTER],
  [
    'volume',
    struct([
      ['labels', textMap],
      ['nocopy', flag],
      ['subpath', text],
    ]),
    POINTER,
  ],
  [
    'tmpfs',
    struct([
      ['size', bytes],
      ['mode', integer],
    ]),
    POINTER,
  ],
  ['image', struct([['subpath', text]]), POINTER],
]);

export const fileReference = struct([
  ['source', text],
  ['target', text],
  ['uid', text],
  ['gid', text],
  ['mode', fileMode],
]);

export const fileReferences = listOf(fileReference);
