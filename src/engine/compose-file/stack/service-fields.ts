import type { Field } from '../shape/codec.ts';
import { environment, listOf, mapOf, textMap, texts } from '../shape/collections.ts';
import { credentialSpec, healthCheck } from '../shape/run-fields.ts';
import { duration, flag, text } from '../shape/scalars.ts';
import { anything, command, ulimit } from '../shape/special.ts';
import { POINTER, struct } from '../shape/struct.ts';
import {
  build,
  deploy,
  deviceNames,
  fileReferences,
  hostList,
  mount,
  nameList,
  onlyText,
  serviceNetwork,
  servicePort,
} from './fields.ts';

const logging = struct([
  ['driver', text],
  ['options', textMap],
]);

const commandOrNone = { ...command, isZero: (value: unknown) => (value as []).length === 0 };

export const stackService = struct([
  ['build', build],
  ['cap_add', texts],
  ['cap_drop', texts],
  ['cgroupns_mode', text],
  ['cgroup_parent', text],
  ['command', commandOrNone],
  ['configs', fileReferences],
  ['container_name', text],
  ['credential_spec', credentialSpec],
  ['depends_on', nameList],
  ['deploy', deploy],
  ['devices', deviceNames],
  ['dns', texts],
  ['dns_search', texts],
  ['domainname', text],
  ['entrypoint', commandOrNone],
  ['environment', environment],
  [
    'env_file',
    { ...listOf(anything), yaml: (files) => (files as { path: string }[]).map(({ path }) => path) },
  ],
  ['expose', texts],
  ['external_links', texts],
  ['extra_hosts', hostList],
  ['hostname', text],
  ['healthcheck', healthCheck, POINTER],
  ['image', text],
  ['init', flag, POINTER],
  ['ipc', text],
  ['isolation', text],
  ['labels', textMap],
  ['links', texts],
  ['logging', logging, POINTER],
  ['mac_address', text],
  ['network_mode', text],
  ['networks', mapOf(serviceNetwork, true)],
  ['pid', text],
  ['ports', listOf(servicePort)],
  ['privileged', flag],
  ['read_only', flag],
  ['restart', text],
  ['secrets', fileReferences],
  ['security_opt', texts],
  ['shm_size', onlyText],
  ['stdin_open', flag],
  ['stop_grace_period', duration, POINTER],
  ['stop_signal', text],
  ['sysctls', textMap],
  ['tmpfs', texts],
  ['tty', flag],
  ['ulimits', mapOf(ulimit)],
  ['user', text],
  ['userns_mode', text],
  ['volumes', listOf(mount)],
  ['working_dir', text],
]);

const network = struct([
  ['name', text],
  ['driver', text],
  ['driver_opts', textMap],
  [
    'ipam',
    struct([
      ['driver', text],
      ['config', listOf(struct([['subnet', text]]))],
    ]),
  ],
  ['external', flag],
  ['internal', flag],
  ['attachable', flag],
  ['labels', textMap],
]);

const volume = struct([
  ['name', text],
  ['driver', text],
  ['driver_opts', textMap],
  ['external', flag],
  ['labels', textMap],
]);

const fileObject = struct([
  ['name', text],
  ['file', text],
  ['external', flag],
  ['labels', textMap],
  ['driver', text],
  ['driver_opts', textMap],
  ['template_driver', text],
]);

/** A whole stack file in the order it is printed. */
export const STACK_FIELDS: readonly Field[] = [
  ['version', text],
  ['services', mapOf(stackService), { always: true }],
  ['networks', mapOf(network)],
  ['volumes', mapOf(volume)],
  ['secrets', mapOf(fileObject)],
  ['configs', mapOf(fileObject)],
];
