import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { Value } from '../../go/template/value.ts';
import { decodeBase64 } from '../../oci/base64.ts';
import { fill, templateContext } from '../agent/template.ts';
import type { SecretSpec } from '../api.ts';
import type { SwarmStore } from '../store.ts';
import type { TaskObject } from '../objects.ts';

/**
 * What a secret or a config holds for a task: with a template driver it is filled in where the task
 * runs, and may name other secrets, configs and variables of the task (moby/swarmkit v2.1
 * `template/getter.go`, `context.go`; moby/moby v29.7 `daemon/cluster/executor/container/executor.go`,
 * which tells templates nothing of the node but its id).
 */
export interface Payload {
  readonly kind: 'secret' | 'config';
  readonly id: string;
}

const DRIVER = 'golang';
const decoder = new TextDecoder();
const encoder = new TextEncoder();

const bytesOf = ({ Data = '' }: SecretSpec): Uint8Array => decodeBase64(Data) ?? new Uint8Array();

/** Undefined when there is no such object. */
export function payloadFor(
  store: SwarmStore,
  swarm: string,
  task: TaskObject,
  { kind, id }: Payload,
): Uint8Array | Refused | undefined {
  const spec = store.get(swarm, kind, id)?.spec;
  if (!spec) return undefined;
  if (!spec.Templating) return bytesOf(spec);
  const failed = (why: string): Refused =>
    refuse(`failed to expand templated ${kind} ${id}: ${why}`);
  if (spec.Templating.Name !== DRIVER) return failed('unrecognized template type');
  const node = { id: task.node, hostname: '', architecture: '', os: '' };
  const labels = store.get(swarm, 'service', task.service)?.spec.Labels ?? {};
  const context = templateContext(task, node, labels, '*template.PayloadContext');
  const text = fill(decoder.decode(bytesOf(spec)), context, getters(store, swarm, task));
  return isRefused(text) ? failed(text.refused) : encoder.encode(text);
}

/** `secret "name"`, `config "name"`: by the file's name in the container; `env "NAME"`. */
function getters(store: SwarmStore, swarm: string, task: TaskObject) {
  const { Secrets = [], Configs = [], Env = [] } = task.spec.ContainerSpec;
  const held = (spec: SecretSpec | undefined): string => decoder.decode(bytesOf(spec ?? EMPTY));
  const one = (find: (name: string) => string | Refused) => ({
    takes: [1, 1] as const,
    call: ([name]: readonly Value[]) => find(typeof name === 'string' ? name : ''),
  });
  return {
    secret: one((name) => {
      const found = Secrets.find(({ File }) => File?.Name === name);
      if (!found) return refuse(`secret target ${name} not found`);
      return held(store.get(swarm, 'secret', found.SecretID)?.spec);
    }),
    config: one((name) => {
      const found = Configs.find(({ File }) => File?.Name === name);
      if (!found) return refuse(`config target ${name} not found`);
      return held(store.get(swarm, 'config', found.ConfigID)?.spec);
    }),
    env: one((name) => {
      const found = Env.find((entry) => entry.startsWith(`${name}=`));
      return found?.slice(name.length + 1) ?? '';
    }),
  };
}

const EMPTY: SecretSpec = { Name: '', Labels: {} };
