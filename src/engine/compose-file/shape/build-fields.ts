import { fileReferences } from './attachment-fields.ts';
import { environment, hosts, mapOf, textMap, texts } from './collections.ts';
import { bytes, flag, text } from './scalars.ts';
import { sshKeys, ulimit } from './special.ts';
import { struct } from './struct.ts';

/** `build` in the order it is printed. */
export const build = struct([
  ['context', text],
  ['dockerfile', text],
  ['dockerfile_inline', text],
  ['entitlements', texts],
  ['args', environment],
  ['provenance', text],
  ['sbom', text],
  ['ssh', sshKeys],
  ['labels', textMap],
  ['cache_from', texts],
  ['cache_to', texts],
  ['no_cache', flag],
  ['no_cache_filter', texts],
  ['additional_contexts', textMap],
  ['pull', flag],
  ['extra_hosts', hosts],
  ['isolation', text],
  ['network', text],
  ['target', text],
  ['secrets', fileReferences],
  ['shm_size', bytes],
  ['tags', texts],
  ['ulimits', mapOf(ulimit)],
  ['platforms', texts],
  ['privileged', flag],
]);
