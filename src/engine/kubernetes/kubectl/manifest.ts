import { listDirectory, listFiles, readFile, stat } from '../../machine/files.ts';
import { resolvePath } from '../../machine/command.ts';
import { read } from '../../sim/process.ts';
import { goQuote } from '../../go/quote.ts';
import { isRefused } from '../../go/refused.ts';
import { resourceByKind, type ResourceInfo } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { problem, type Problem } from './problems.ts';
import { textOf } from './kubeconfig.ts';
import type { Session, Step } from './session.ts';
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

/** Every object of files, of directories' manifests, or of standard input (`-`). */
export function* readManifests(session: Session, paths: readonly string[]): Step<ManifestItem[]> {
  const items: ManifestItem[] = [];
  for (const path of paths) {
    const texts = yield* readTexts(session, path);
    if (!Array.isArray(texts)) {
      items.push({ problem: texts });
      continue;
    }
    for (const { name, text } of texts) items.push(...parseManifests(name, text));
  }
  // What stands on a command line is looked at before anything is done.
  const missing = items.filter(
    (item) => 'problem' in item && item.problem.message.startsWith('the path'),
  );
  return missing.length > 0 ? missing : items;
}

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
    const why = `dial tcp: lookup ${host}: no such host`;
    return problem(`unable to read URL ${goQuote(path)}, ${why}`);
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
export function parseManifests(source: string, text: string): ManifestItem[] {
  const items: ManifestItem[] = [];
  const parsing = (why: string): ManifestItem => ({
    problem: problem(`error parsing ${source}: ${why}`),
  });
  if (text.length > BYTES_LIMIT) return [parsing('the file is too large')];
  for (const document of splitDocuments(text).slice(0, DOCUMENT_LIMIT)) {
    if (isRefused(document)) {
      items.push(parsing(document.refused));
      return items;
    }
    const value = readDocument(document);
    if (isRefused(value)) {
      items.push(parsing(`error converting YAML to JSON: ${value.refused}`));
      return items;
    }
    if (value !== null) items.push(...objectsOf(source, value));
  }
  return items;
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectsOf(source: string, value: unknown): ManifestItem[] {
  if (!isPlain(value)) {
    const type = Array.isArray(value)
      ? 'array'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value;
    const target =
      'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    const why = `json: cannot unmarshal ${type} into ${target}`;
    const text = `error validating ${goQuote(source)}: error validating data: ${why}`;
    return [{ problem: problem(text + NO_VALIDATION) }];
  }
  const missing = MUST_HAVE.filter((field) => typeof value[field] !== 'string' || !value[field]);
  if (missing.length > 0) {
    const list = missing.map((field) => `${field} not set`);
    const why = list.length === 1 ? list.join('') : `[${list.join(', ')}]`;
    const text = `error validating ${goQuote(source)}: error validating data: ${why}`;
    return [{ problem: problem(text + NO_VALIDATION) }];
  }
  if (isPlain(value) && String(value.kind).endsWith('List') && Array.isArray(value.items)) {
    const items = value.items as unknown[];
    return items
      .slice(0, DOCUMENT_LIMIT)
      .flatMap((item) => objectsOf(source, item))
      .map((item) => ('problem' in item ? item : { ...item, inList: true }));
  }
  return [manifestOf(source, value)];
}

const MUST_HAVE = ['apiVersion', 'kind'] as const;
const NO_VALIDATION =
  '; if you choose to ignore these errors, turn validation off with --validate=false';

function manifestOf(source: string, value: Plain): ManifestItem {
  const { apiVersion, kind } = value as { apiVersion: string; kind: string };
  const metadata = isPlain(value.metadata) ? value.metadata : {};
  const info = resourceByKind(apiVersion, kind);
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
