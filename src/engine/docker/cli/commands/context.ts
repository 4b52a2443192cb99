import type { Headings } from '../formatter/write.ts';
import type { Invocation, Step } from '../invocation.ts';
import { refuse, type Refused } from '../../../go/refused.ts';
import { Subject, type Value } from '../../../go/template/value.ts';
import { missingContext } from '../resolve.ts';
import { inspectAll } from './inspect.ts';
import { printRows } from './printing.ts';

/**
 * `docker context` (docker/cli v29.7 `cli/command/context`).
 *
 * Simplified: there is the context `default` and no other, and none can be made.
 */
const HOST = 'unix:///var/run/docker.sock';
export const CONTEXT_TABLE =
  'table {{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}';
export const CONTEXT_HEADINGS: Headings = {
  Name: 'NAME',
  Description: 'DESCRIPTION',
  DockerEndpoint: 'DOCKER ENDPOINT',
  Error: 'ERROR',
};

const DEFAULT = new Subject('*formatter.clientContextContext', {
  Current: () => true,
  Description: () => 'Current DOCKER_HOST based configuration',
  DockerEndpoint: () => HOST,
  Error: () => '',
  Name: () => 'default',
});

export function* list(call: Invocation): Step<number> {
  const { flags } = call;
  const source = flags.text('format');
  const quiet = flags.has('quiet');
  const format =
    source === '' || source === 'table' ? (quiet ? '{{.Name}}' : CONTEXT_TABLE) : source;
  return yield* printRows(call, format, [DEFAULT], CONTEXT_HEADINGS);
}

export function* show(call: Invocation): Step<number> {
  yield* call.out('default\n');
  return 0;
}

const missing = (call: Invocation, name: string): string =>
  missingContext(name, call.line.env.HOME ?? '/root');

export function* use(call: Invocation): Step<number> {
  const [name = ''] = call.args;
  if (name !== 'default') return yield* call.fail(missing(call, name));
  yield* call.out('default\n');
  yield* call.err('Current context is now "default"\n');
  return 0;
}

/** Left to the templates as it is; the JSON of a context has it escaped. */
const IN_MEMORY = '<IN MEMORY>';

const DESCRIPTION = {
  Name: 'default',
  Metadata: {},
  Endpoints: { docker: { Host: HOST, SkipTLSVerify: false } },
  TLSMaterial: {},
  Storage: { MetadataPath: IN_MEMORY, TLSPath: IN_MEMORY },
};

export function* inspect(call: Invocation): Step<number> {
  const named = call.args.length > 0 ? call : call.withArgs(['default']);

  const find = function* (name: string): Step<{ value: Value } | Refused> {
    return name === 'default' ? { value: DESCRIPTION } : refuse(missing(call, name));
  };
  return yield* inspectAll(named, find, { finish: escapeHtml });
}

const escapeHtml = (json: string): string =>
  json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');

export function* change(call: Invocation): Step<number> {
  const [name = ''] = call.args;
  const reserved = name === 'default' && call.path === 'context create';
  return yield* call.fail(reserved ? '"default" is a reserved context name' : missing(call, name));
}
