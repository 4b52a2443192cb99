import type { FileObject } from '../project.ts';
import { jsonOf, type Codec, type Field } from './codec.ts';
import { listOf, mapOf, textMap, texts } from './collections.ts';
import { flag, integer, text } from './scalars.ts';
import { service } from './service-fields.ts';
import { EMPTY, POINTER, struct } from './struct.ts';

/** What stands beside the services, in the order it is printed. */
const ipam = struct([
  ['driver', text],
  [
    'config',
    listOf(
      struct([
        ['subnet', text],
        ['gateway', text],
        ['ip_range', text],
        ['aux_addresses', textMap],
      ]),
    ),
  ],
  ['options', textMap],
]);

export const network = struct([
  ['name', text],
  ['driver', text],
  ['driver_opts', textMap],
  ['ipam', ipam, EMPTY],
  ['external', flag],
  ['internal', flag],
  ['attachable', flag],
  ['labels', textMap],
  ['enable_ipv4', flag, POINTER],
  ['enable_ipv6', flag, POINTER],
]);

export const volume = struct([
  ['name', text],
  ['driver', text],
  ['driver_opts', textMap],
  ['external', flag],
  ['labels', textMap],
]);

const fileObject = (contentIsPrinted: boolean) =>
  struct([
    ['name', text],
    ['file', text],
    ['environment', text],
    ['content', text, { hidden: !contentIsPrinted }],
    ['external', flag],
    ['labels', textMap],
    ['driver', text],
    ['driver_opts', textMap],
    ['template_driver', text],
  ]);

/** What a config took from a variable is not printed: the variable is. */
const withoutTaken = (write: (value: unknown) => unknown) => (value: unknown) => {
  const { content, ...rest } = value as FileObject;
  return write(rest.environment ? rest : { ...rest, content });
};

const written = fileObject(true);

const configObject: Codec = {
  ...written,
  yaml: withoutTaken(written.yaml),
  json: withoutTaken((value) => jsonOf(written, value)),
};

const model = struct([
  ['name', text],
  ['model', text],
  ['context_size', integer],
  ['runtime_flags', texts],
]);

export const PROJECT_FIELDS: readonly Field[] = [
  ['name', text],
  ['services', mapOf(service), { always: true }],
  ['networks', mapOf(network)],
  ['volumes', mapOf(volume)],
  ['secrets', mapOf(fileObject(false))],
  ['configs', mapOf(configObject)],
  ['models', mapOf(model)],
];
