import { listDirectory, listFiles, readFile, stat } from '../../machine/files.ts';
import { resolvePath } from '../../machine/command.ts';
import { read } from '../../sim/process.ts';
import { goQuote } from '../../go/quote.ts';
import { decoderError, readJson, type BrokenJson } from '../../go/json.ts';
import { isRefused } from '../../go/refused.ts';
import { resourceByKind, RESOURCES, type ResourceInfo } from '../api/resources.ts';
import { sortKeys } from '../apimachinery/canonical-json.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { problem, type Problem } from './problems.ts';
import { textOf } from './kubeconfig.ts';
import { goJson } from './printers/go-json.ts';
import { unreachable, type Session, type Step } from './session.ts';
import { readDocument, splitDocuments } from './yaml/document.ts';

/**
 * Manifests: YAML or JSON files, directories of them, or standard input
 * (staging/src/k8s.io/cli-runtime/pkg/resource/{visitor,mapper}.go, v1.36).
 */
export interface Manifest {
  readonly info: ResourceInfo;
  readonly object: KubeObject;
  /** The file, as messages name it. */
  readonly source: string;
  /** One of a List. */
  readonly inList: boolean;
}

export type ManifestItem = Manifest | { readonly problem: Problem };

const EXTENSIONS = /\.(json|yaml|yml)$/;
/** Bounds on what is read: documents of a file, objects of a List. */
const DOCUMENT_LIMIT = 10_000;
const BYTES_LIMIT = 3 * 1024 * 1024;

/** What is asked of manifests before anything else is done with them. */
export interface Reading {
  /** Their kind and version are looked for before they are decoded. */
  readonly validate?: boolean;
  /** No server says which kinds there are. */
  readonly local?: boolean;
}

/** Every object of files, of directories' manifests, or of standard input (`-`). */
export function* readManifests(
  session: Session,
  paths: readonly string[],
  reading: Reading = {},
): Step<ManifestItem[]> {
  const items: ManifestItem[] = [];
  for (const path of paths) {
    const texts = yield* readTexts(session, path);
    if (!Array.isArray(texts)) {
      items.push({ problem: texts });
      continue;
    }
    for (const { name, text } of texts) items.push(...parseManifests(name, text, reading));
  }
  // What stands on a command line is looked at before anything is done.
  const missing = items.filter(
    (item) => 'problem' in item && item.problem.message.startsWith('the path'),
  );
  if (missing.length > 0) return missing;
  return reading.local ? items : yield* unrecognised(session, items, reading);
}

/** Where no server answers nothing can be checked: once a file, or once an object. */
function* unrecognised(
  session: Session,
  items: readonly ManifestItem[],
  { validate }: Reading,
): Step<ManifestItem[]> {
  const why = items.some((item) => 'info' in item) ? yield* unreachable(session) : undefined;
  if (why === undefined) return [...items];
  const { server } = session.configuration;
  const seen = new Set<string>();
  return items.flatMap((item): ManifestItem[] => {
    if ('problem' in item) return [item];
    const source = goQuote(item.source);
    if ((validate || item.inList) && seen.has(source)) return [];
    seen.add(source);
    const text = validate
      ? invalid(
          item.source,
          // A List is looked up in the schema, anything else asked whether it is validated there.
          `${item.inList ? '' : 'failed to download openapi: '}Get "${server}/openapi/v2?timeout=32s": ${why}`,
        )
      : `unable to recognize ${source}: Get "${server}/api?timeout=32s": ${why}`;
    return [{ problem: problem(text) }];
  });
}

const invalid = (source: string, why: string): string =>
  `error validating ${goQuote(source)}: error validating data: ${why}; ` +
  'if you choose to ignore these errors, turn validation off with --validate=false';

const UNABLE = 'Unable to connect to the server';

interface Text {
  readonly name: string;
  readonly text: string;
}

function* readTexts(session: Session, path: string): Step<Text[] | Problem> {
  const { line, self, flags } = session;
  if (path === '-') {
    let text = '';
    for (let more = yield* read<string>(self.stdin); more; more = yield* read(self.stdin)) {
      text += more.join('');
      if (text.length > BYTES_LIMIT) break;
    }
    return [{ name: 'STDIN', text }];
  }
  if (/^https?:\/\//.test(path)) {
    const host = path.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    if (host === '') return problem(`${UNABLE}: http: no Host in request URL`);
    const name = host.replace(/:\d+$/, '');
    if (/^\d+(\.\d+){3}$|^localhost$/.test(name)) {
      const hint = 'did you specify the right host or port?';
      return problem(`The connection to the server ${host} was refused - ${hint}`);
    }
    return problem(`${UNABLE}: dial tcp: lookup ${name}: no such host`);
  }
  const absolute = resolvePath(line.cwd, path);
  const found = yield* stat(line.machine, absolute);
  if (!found) return problem(`the path ${goQuote(path)} does not exist`);
  if (found.type !== 'dir') {
    const file = yield* readFile(line.machine, absolute);
    return [{ name: path, text: file?.content ?? '' }];
  }
  const base = path.replace(/\/+$/, '');
  const names = yield* manifestsIn(session, absolute, flags.has('recursive'));
  if (names.length === 0) {
    return problem(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
  }
  const texts: Text[] = [];
  for (const name of names) {
    const file = yield* readFile(line.machine, `${absolute}/${name}`);
    texts.push({ name: base === '.' ? name : `${base}/${name}`, text: file?.content ?? '' });
  }
  return texts;
}

/** Names of manifests below a directory, in order. */
function* manifestsIn({ line }: Session, path: string, recursive: boolean): Step<string[]> {
  if (recursive) {
    const below = yield* listFiles(line.machine, path);
    return below
      .map((one) => one.path.slice(path === '/' ? 1 : path.length + 1))
      .filter((name) => EXTENSIONS.test(name));
  }
  const entries = (yield* listDirectory(line.machine, path)) ?? [];
  return entries
    .filter((one) => one.type !== 'dir' && EXTENSIONS.test(one.name))
    .map((one) => one.name);
}

/** The objects of one text; after a document that cannot be read nothing more is. */
export function parseManifests(source: string, text: string, reading: Reading): ManifestItem[] {
  const items: ManifestItem[] = [];
  const parsing = (why: string): ManifestItem => ({
    problem: problem(`error parsing ${source}: ${why}`),
  });
  if (text.length > BYTES_LIMIT) return [parsing('the file is too large')];
  const json = /^\s*\{/.test(text) ? jsonDocuments(text) : undefined;
  if (json && !('refused' in json)) return json.flatMap((one) => objectsOf(source, one, reading));
  for (const document of splitDocuments(text).slice(0, DOCUMENT_LIMIT)) {
    if (isRefused(document)) {
      items.push(parsing(document.refused));
      return items;
    }
    const value = readDocument(document);
    if (isRefused(value)) {
      const why = `error converting YAML to JSON: ${value.refused}`;
      items.push(parsing(json && items.length === 0 ? decoderError(json) : why));
      return items;
    }
    if (value !== null) items.push(...objectsOf(source, value, reading));
  }
  return items;
}

/** The values of a stream of JSON; why it is none (`YAMLOrJSONDecoder`, decoder.go). */
function jsonDocuments(text: string): unknown[] | BrokenJson {
  const values: unknown[] = [];
  for (let at = 0; /\S/.test(text.slice(at)) && values.length < DOCUMENT_LIMIT;) {
    const read = readJson(text, at);
    if ('refused' in read) return read;
    values.push(read.value);
    at = read.end;
  }
  return values;
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

function objectsOf(source: string, value: unknown, reading: Reading): ManifestItem[] {
  const refusal = reading.validate ? invalidity(value) : undefined;
  if (refusal !== undefined) return [{ problem: problem(invalid(source, refusal)) }];
  const why = undecodable(value);
  if (why !== undefined || !isPlain(value)) {
    return [{ problem: problem(`unable to decode ${goQuote(source)}: ${why ?? ''}`) }];
  }
  if (String(value.kind).endsWith('List') && Array.isArray(value.items)) {
    const items = value.items as unknown[];
    return items
      .slice(0, DOCUMENT_LIMIT)
      .flatMap((item) => objectsOf(source, item, reading))
      .map((item) => ('problem' in item ? item : { ...item, inList: true }));
  }
  return [manifestOf(source, value, reading)];
}

/** What validation finds before it knows the schema (kubectl/pkg/validation/validation.go). */
function invalidity(value: unknown): string | undefined {
  if (!isPlain(value)) return 'invalid object to validate';
  const list = (['apiVersion', 'kind'] as const).flatMap((field) => {
    const is: unknown = value[field];
    if (is === undefined || is === null) return [`${field} not set`];
    return typeof is === 'string' ? [] : [`${field} isn't string type`];
  });
  return list.length > 1 ? `[${list.join(', ')}]` : list[0];
}

/** Why the decoder of any object refuses a value (apis/meta/v1/unstructured/helpers.go). */
function undecodable(value: unknown): string | undefined {
  if (!isPlain(value)) {
    return `json: cannot unmarshal ${typeOf(value)} into Go value of type unstructured.detector`;
  }
  const { kind, apiVersion } = value;
  if (kind !== undefined && kind !== null && typeof kind !== 'string') {
    const field = 'Go struct field detector.kind of type string';
    return `json: cannot unmarshal ${typeOf(kind)} into ${field}`;
  }
  if (apiVersion !== undefined && apiVersion !== null && typeof apiVersion !== 'string') {
    const field = 'Go struct field detector.apiVersion of type string';
    return `json: cannot unmarshal ${typeOf(apiVersion)} into ${field}`;
  }
  return kind ? undefined : `Object 'Kind' is missing in '${goJson(sortKeys(value))}'`;
}

function manifestOf(source: string, value: Plain, { local }: Reading): ManifestItem {
  const { apiVersion = '', kind } = value as { apiVersion?: string; kind: string };
  const metadata = isPlain(value.metadata) ? value.metadata : {};
  const info = kindNamed(apiVersion, kind) ?? (local ? unknownKind(apiVersion, kind) : undefined);
  if (!info) {
    const about = `name: "${textOf(metadata.name)}" namespace: "${textOf(metadata.namespace)}"`;
    const why = `no matches for kind "${kind}" in version "${apiVersion}"`;
    const hint = 'ensure CRDs are installed first';
    const text = `resource mapping not found for ${about} from "${source}": ${why}\n${hint}`;
    return { problem: problem(text) };
  }
  const object = { ...value, metadata } as unknown as KubeObject;
  return { info, object, source, inList: false };
}

/** A kind; in any version of its own where none is named. */
const kindNamed = (apiVersion: string, kind: string): ResourceInfo | undefined =>
  apiVersion === ''
    ? RESOURCES.find((one) => one.group === '' && one.kind === kind)
    : resourceByKind(apiVersion, kind);

/** What is known of a kind that only the file names. */
function unknownKind(apiVersion: string, kind: string): ResourceInfo {
  const [group = '', version = ''] = apiVersion.includes('/')
    ? apiVersion.split('/')
    : ['', apiVersion];
  const [example] = RESOURCES;
  return { ...example!, group, version, kind, plural: kind.toLowerCase(), namespaced: true };
}
