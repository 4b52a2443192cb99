import { parse as parseYaml } from 'yaml';
import type {
  ApiRequest,
  Identity,
  PatchType,
  PropagationPolicy,
  Subresource,
  Verb,
} from '../api/requests.ts';
import { RESOURCES, type ResourceInfo } from '../api/resources.ts';
import { readFieldSelector } from '../apimachinery/field-selector.ts';
import { readSelector } from '../apimachinery/selector-syntax.ts';
import type { HttpRequest } from '../api/http.ts';
import {
  badRequest,
  methodNotAllowed,
  noSuchResource,
  type Failure,
} from '../apimachinery/status.ts';

export type { HttpAnswer, HttpRequest } from '../api/http.ts';

/** What a path leads to: a request for objects, a document of the server's own, or nothing. */
export type Route =
  | {
      readonly to: 'request';
      readonly request: ApiRequest;
      /** The version that the path asks for the answer in. */
      readonly apiVersion: string;
    }
  | { readonly to: 'document'; readonly path: string }
  | { readonly to: 'failure'; readonly failure: Failure };

/** What the server reads of a request's body (`MaxRequestBodyBytes`). */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

const DOCUMENT =
  /^\/(?:|api|apis|apis\/[^/]+|api\/v1|apis\/[^/]+\/[^/]+|version|(?:healthz|livez|readyz)(?:\/.*)?)\/?$/;

/**
 * The REST form of requests: a pure map between an HTTP request and an {@link ApiRequest}
 * (staging/src/k8s.io/apiserver/pkg/endpoints/{installer,request/requestinfo}.go, v1.36). Answers
 * become JSON in wire.ts.
 * @param identity who asks; left out for those who need no permission
 */
export function routeOf(http: HttpRequest, user: string, identity?: Identity): Route {
  const place = placeOf(http.path);
  if (!place) {
    if (DOCUMENT.test(http.path)) return { to: 'document', path: http.path };
    return { to: 'failure', failure: noSuchResource() };
  }
  const query = queryOf(http.query ?? '');
  const verb = verbOf(http.method, place, query);
  if (!verb) return { to: 'failure', failure: methodNotAllowed() };
  const { info, namespace, name, subresource } = place;
  const known = subresource === undefined || info.subresources.includes(subresource);
  if (!known) return { to: 'failure', failure: noSuchResource() };
  const options = optionsOf(query);
  if ('code' in options) return { to: 'failure', failure: options };
  const content = contentOf(http, verb, subresource, query);
  if ('code' in content) return { to: 'failure', failure: content };
  const request: ApiRequest = {
    verb,
    resource: info.resource,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
    user,
    ...(identity && { identity }),
    ...(asksForTable(http) && { asTable: true }),
    ...options,
    ...content,
  };
  return { to: 'request', request, apiVersion: place.apiVersion };
}

interface Place {
  readonly info: ResourceInfo;
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: Subresource;
}

/** The resource that a path names; undefined when it names none. */
function placeOf(path: string): Place | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [root, ...rest] = parts;
  if (root !== 'api' && root !== 'apis') return undefined;
  const [group, version, ...below] = root === 'api' ? ['', ...rest] : rest;
  if (group === undefined || version === undefined) return undefined;
  const apiVersion = group ? `${group}/${version}` : version;
  const find = (plural: string | undefined): ResourceInfo | undefined =>
    RESOURCES.find(
      (info) =>
        info.group === group &&
        info.plural === plural &&
        [info.version, ...info.furtherVersions].includes(version),
    );
  const [first, second, third, fourth, fifth] = below;
  const namespaced = first === 'namespaces' && third !== undefined ? find(third) : undefined;
  if (namespaced?.namespaced && second !== undefined) {
    return {
      info: namespaced,
      apiVersion,
      namespace: second,
      ...(fourth !== undefined && { name: fourth }),
      ...(fifth !== undefined && { subresource: fifth as Subresource }),
    };
  }
  const info = find(first);
  if (!info || (info.namespaced && second !== undefined)) return undefined;
  return {
    info,
    apiVersion,
    ...(second !== undefined && { name: second }),
    ...(third !== undefined && { subresource: third as Subresource }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Query = ReadonlyMap<string, string>;

export function queryOf(text: string): Query {
  const pairs = text.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.slice(0, 1000).map((pair): [string, string] => {
      const at = pair.indexOf('=');
      const [key, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decoded(key), decoded(value.replaceAll('+', ' '))];
    }),
  );
}

const CONNECTING: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

function verbOf(method: string, { name, subresource }: Place, query: Query): Verb | undefined {
  const watches = ['', '1', 'true'].includes(query.get('watch') ?? 'no');
  if (subresource !== undefined && CONNECTING.has(subresource)) {
    return method === 'GET' ? 'get' : method === 'POST' ? 'create' : undefined;
  }
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (subresource !== undefined) return 'get';
      return watches ? 'watch' : name === undefined ? 'list' : 'get';
    case 'POST':
      return name === undefined || subresource !== undefined ? 'create' : undefined;
    case 'PUT':
      return name === undefined ? undefined : 'update';
    case 'PATCH':
      return name === undefined ? undefined : 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}

type Options = Partial<ApiRequest>;

/** What the query says beside the object. */
function optionsOf(query: Query): Options | Failure {
  const label = query.get('labelSelector');
  const labelSelector = label === undefined ? undefined : readSelector(label);
  if (labelSelector && 'error' in labelSelector) return badRequest(labelSelector.error);
  const field = query.get('fieldSelector');
  const fieldSelector = field === undefined ? undefined : readFieldSelector(field);
  if (fieldSelector && 'error' in fieldSelector) return badRequest(fieldSelector.error);
  const whole = (name: string): number | undefined => {
    const text = query.get(name);
    return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
  };
  const [limit, timeout, grace] = ['limit', 'timeoutSeconds', 'gracePeriodSeconds'].map(whole);
  const text = <K extends string>(name: string, as: K): Partial<Record<K, string>> => {
    const value = query.get(name);
    return value ? ({ [as]: value } as Record<K, string>) : {};
  };
  const validation = query.get('fieldValidation');
  const strictness = (['Ignore', 'Warn', 'Strict'] as const).find((one) => one === validation);
  return {
    ...(labelSelector && { labelSelector: labelSelector }),
    ...(fieldSelector && { fieldSelector: fieldSelector }),
    ...(limit !== undefined && { limit }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...text('continue', 'continueFrom'),
    ...text('resourceVersion', 'resourceVersion'),
    ...text('fieldManager', 'fieldManager'),
    ...(query.get('force') === 'true' && { force: true }),
    ...(query.get('dryRun') === 'All' && { dryRun: true }),
    ...(strictness && { fieldValidation: strictness }),
    ...propagationOf(query.get('propagationPolicy')),
  };
}

const POLICIES: readonly PropagationPolicy[] = ['Background', 'Foreground', 'Orphan'];

function propagationOf(text: unknown): Pick<ApiRequest, 'propagationPolicy'> {
  const policy = POLICIES.find((one) => one === text);
  return policy ? { propagationPolicy: policy } : {};
}

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
  'application/apply-patch+cbor': 'apply',
};

/** The object, patch or options that the body carries. */
function contentOf(
  http: HttpRequest,
  verb: Verb,
  subresource: Subresource | undefined,
  query: Query,
): Options | Failure {
  if (subresource !== undefined && (CONNECTING.has(subresource) || subresource === 'log')) {
    return { body: connectOptions(query) };
  }
  const { body: text = '', headers = {} } = http;
  if (text.length > BODY_LIMIT_BYTES) {
    const message = `Request entity too large: limit is ${BODY_LIMIT_BYTES}`;
    return { reason: 'RequestEntityTooLarge', code: 413, message };
  }
  const type = (headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  if (verb === 'delete' || verb === 'deletecollection') return deleteOptions(text, type);
  if (verb !== 'create' && verb !== 'update' && verb !== 'patch') return {};
  const body = readText(text, type);
  if (body === undefined) {
    return badRequest(
      `couldn't get version/kind; json parse error: invalid character in ${text.slice(0, 20)}`,
    );
  }
  if (verb !== 'patch') return { body };
  const patchType = PATCH_TYPES[type];
  if (patchType) return { body, patchType };
  const message =
    'the body of the request was in an unknown format - accepted media types include: ' +
    Object.keys(PATCH_TYPES).join(', ');
  return { reason: 'UnsupportedMediaType', code: 415, message };
}

/** The value of a JSON or YAML text; undefined when it is neither. */
function readText(text: string, type: string): unknown {
  try {
    return type.endsWith('yaml')
      ? (parseYaml(text, { maxAliasCount: 100 }) as unknown)
      : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

interface DeleteOptions {
  readonly gracePeriodSeconds?: unknown;
  readonly propagationPolicy?: unknown;
  readonly dryRun?: readonly unknown[];
  readonly preconditions?: { readonly uid?: unknown; readonly resourceVersion?: unknown };
}

function deleteOptions(text: string, type: string): Options | Failure {
  if (text.trim() === '') return {};
  const value = readText(text, type);
  if (typeof value !== 'object' || value === null) return badRequest('invalid delete options');
  const {
    gracePeriodSeconds: grace,
    propagationPolicy,
    dryRun,
    preconditions,
  } = value as DeleteOptions;
  const { uid, resourceVersion } = preconditions ?? {};
  return {
    ...(typeof grace === 'number' && { gracePeriodSeconds: grace }),
    ...propagationOf(propagationPolicy),
    ...(Array.isArray(dryRun) && dryRun.includes('All') && { dryRun: true }),
    ...(typeof uid === 'string' && { uid }),
    ...(typeof resourceVersion === 'string' && { preconditionVersion: resourceVersion }),
  };
}

/** `?container=web&tailLines=5` as the kubelet's options. */
function connectOptions(query: Query): Readonly<Record<string, unknown>> {
  const flag = (name: string) => (query.get(name) === 'true' ? { [name]: true } : {});
  const count = (name: string) => {
    const text = query.get(name) ?? '';
    return /^\d{1,12}$/.test(text) ? { [name]: Number(text) } : {};
  };
  const container = query.get('container');
  return {
    ...(container && { container }),
    ...flag('follow'),
    ...flag('previous'),
    ...flag('timestamps'),
    ...count('tailLines'),
    ...count('limitBytes'),
    ...count('sinceSeconds'),
  };
}

const asksForTable = ({ headers = {} }: HttpRequest): boolean =>
  (headers.accept ?? '').includes('as=Table');
