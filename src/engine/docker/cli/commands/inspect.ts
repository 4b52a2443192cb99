import type { EngineResponse } from '../../api.ts';
import { goQuote } from '../../../go/quote.ts';
import {
  daemonError,
  failed,
  messageOf,
  query,
  type Handler,
  type Invocation,
  type Step,
} from '../invocation.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { execute, template, type Template } from '../../../go/template/execute.ts';
import { toJson, type Value } from '../../../go/template/value.ts';
import { typed } from '../types/go-types.ts';

/**
 * `docker inspect` and the like (docker/cli v29.7 `cli/command/inspect/inspector.go`,
 * `cli/command/system/inspect.go`): a list in JSON, or a template for each object.
 */
type Look = (call: Invocation, name: string) => Step<EngineResponse<Value>>;

const LOOKS: Readonly<Record<string, Look>> = {
  container: (call, name) =>
    call.get(`/containers/${name}/json`, query({ size: call.flags.has('size') })),
  image: (call, name) =>
    call.get(`/images/${name}/json`, query({ platform: call.flags.last('platform') })),
  network: (call, name) =>
    call.get(`/networks/${name}`, query({ verbose: call.flags.has('verbose') })),
  volume: (call, name) => call.get(`/volumes/${name}`),
  service: (call, name) => call.get(`/services/${name}`, { insertDefaults: 'true' }),
  task: (call, name) => call.get(`/tasks/${name}`),
  node: (call, name) => call.get(`/nodes/${name}`),
  plugin: (call, name) => call.get(`/plugins/${name}/json`),
  secret: (call, name) => call.get(`/secrets/${name}`),
  config: (call, name) => call.get(`/configs/${name}`),
};

/** What `docker inspect` tries in turn when no type is told. */
const TRIED = [
  ...['container', 'image', 'network', 'volume'],
  ...['service', 'task', 'node', 'plugin', 'secret', 'config'],
];

export function* inspect(call: Invocation): Step<number> {
  const type = call.flags.text('type');
  if (type !== '' && !Object.hasOwn(LOOKS, type)) {
    const all = Object.keys(LOOKS)
      .sort()
      .map((name) => `"${name}"`)
      .join(', ');
    return yield* call.fail(`unknown type: ${goQuote(type)}: must be one of ${all}`);
  }
  return yield* inspectAll(call, function* (name) {
    if (type !== '') return yield* one(call, type, name);
    for (const kind of TRIED) {
      const answer = yield* LOOKS[kind]!(call, name);
      if (!failed(answer)) {
        if (call.flags.has('size') && kind !== 'container') {
          yield* call.err(`WARNING: --size ignored for ${kind}\n`);
        }
        return found(kind, answer.body);
      }
      if (!isSkippable(answer)) return refuse(daemonError(answer));
    }
    return refuse(`error: no such object: ${name}`);
  });
}

const isSkippable = (answer: EngineResponse): boolean =>
  answer.status === 404 ||
  /not supported|invalid reference format|not a swarm manager/.test(messageOf(answer));

/** `docker KIND inspect`. */
export const inspectKind =
  (kind: string, manner: Manner = {}): Handler =>
  (call) =>
    inspectAll(call, (name) => one(call, kind, name), manner);

export interface Found {
  readonly value: Value;
  /** The struct that the client reads it into. */
  readonly type?: string;
}

/** The structs of moby/moby v29.7 `api/types` that answers are read into. */
const TYPES: Readonly<Record<string, string>> = {
  container: 'container.InspectResponse',
  image: 'image.InspectResponse',
  network: 'network.Inspect',
  volume: 'volume.Volume',
  service: 'swarm.Service',
  task: 'swarm.Task',
  node: 'swarm.Node',
  secret: 'swarm.Secret',
  config: 'swarm.Config',
};

const found = (kind: string, value: Value): Found =>
  Object.hasOwn(TYPES, kind) ? { value, type: TYPES[kind]! } : { value };

function* one(call: Invocation, kind: string, name: string): Step<Found | Refused> {
  const answer = yield* LOOKS[kind]!(call, name);
  return failed(answer) ? refuse(daemonError(answer)) : found(kind, answer.body);
}

const SYNTAX_ERROR = 64;

interface Manner {
  readonly finish?: (json: string) => string;
  /** What a template that is none ends with. */
  readonly syntaxError?: number;
}

export function* inspectAll(
  call: Invocation,
  find: (name: string) => Step<Found | Refused>,
  { finish = (json) => json, syntaxError = SYNTAX_ERROR }: Manner = {},
): Step<number> {
  const format = call.flags.text('format');
  const isTemplate = format !== '' && format !== 'json';
  const parsed = isTemplate ? template(format) : undefined;
  if (isRefused(parsed)) {
    return yield* call.fail(`template parsing error: ${parsed.refused}`, syntaxError);
  }
  const values: Value[] = [];
  const texts: string[] = [];
  const problems: string[] = [];
  for (const name of call.args) {
    const one = yield* find(name);
    if (isRefused(one)) problems.push(one.refused);
    else if (!parsed) values.push(one.value);
    else {
      const text = filledIn(parsed, one);
      if (isRefused(text)) problems.push(`template parsing error: ${text.refused}`);
      else texts.push(`${text}\n`);
    }
  }
  if (parsed) yield* call.out(texts.length === 0 ? '\n' : texts.join(''));
  else yield* call.out(`${finish(toJson(values, format === 'json' ? 0 : 4))}\n`);
  return yield* call.joined(problems);
}

/**
 * The struct first; then, if that went wrong, the answer as it came, which has what the struct has
 * not, and whose errors are the ones that are told.
 */
export function filledIn(parsed: Template, { value, type }: Found): string | Refused {
  const text =
    type === undefined ? undefined : execute(parsed, typed(type, value), { typed: true });
  if (text !== undefined && !isRefused(text)) return text;
  return execute(parsed, value, { strict: true, exact: true, untyped: true });
}
