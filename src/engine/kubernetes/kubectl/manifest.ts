import { parseAllDocuments } from 'yaml';
import { listFiles, readFile } from '../../machine/files.ts';
import { resolvePath } from '../../machine/command.ts';
import { read } from '../../sim/process.ts';
import { resourceByKind, type ResourceInfo } from '../api/resources.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Session, Step } from './session.ts';

/** Objects from files, or what is wrong with one of them, in kubectl's words. */
export interface Manifest {
  readonly info: ResourceInfo;
  readonly object: KubeObject;
}

export type ManifestItem = Manifest | { readonly error: string };

/** Most aliases that a document may unfold, against documents that grow without end. */
const ALIAS_LIMIT = 100;

/** Every object of a file, of a directory's manifests, or of standard input (`-`). */
export function* readManifests(session: Session, path: string): Step<ManifestItem[]> {
  const texts = yield* readTexts(session, path);
  if (!texts) return [{ error: `error: the path "${path}" does not exist` }];
  return texts.flatMap(({ name, text }) => parseManifests(name, text));
}

function* readTexts(
  { line, self }: Session,
  path: string,
): Step<{ name: string; text: string }[] | undefined> {
  if (path === '-') {
    let text = '';
    for (let more = yield* read<string>(self.stdin); more; more = yield* read(self.stdin)) {
      text += more.join('');
    }
    return [{ name: 'STDIN', text }];
  }
  const absolute = resolvePath(line.cwd, path);
  const file = yield* readFile(line.machine, absolute);
  if (file) return [{ name: path, text: file.content }];
  const below = yield* listFiles(line.machine, absolute);
  const manifests = below.filter((one) => /\.(ya?ml|json)$/.test(one.path));
  return below.length === 0
    ? undefined
    : manifests.map((one) => ({ name: one.path, text: one.content }));
}

export function parseManifests(name: string, text: string): ManifestItem[] {
  const items: ManifestItem[] = [];
  for (const document of parseAllDocuments(text)) {
    if (!('contents' in document)) continue;
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line ?? 1;
      const [why = ''] = error.message.split(' at line');
      items.push({
        error: `error: error parsing ${name}: error converting YAML to JSON: yaml: line ${line}: ${why}`,
      });
      continue;
    }
    if (document.contents === null) continue;
    items.push(manifestOf(name, document.toJS({ maxAliasCount: ALIAS_LIMIT })));
  }
  return items;
}

function manifestOf(name: string, value: unknown): ManifestItem {
  const object = value as Partial<KubeObject>;
  const invalid = (why: string): ManifestItem => ({
    error: `error: error validating "${name}": error validating data: ${why}; if you choose to ignore these errors, turn validation off with --validate=false`,
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid('invalid object to validate');
  }
  const missing = [
    ...(object.apiVersion ? [] : ['apiVersion not set']),
    ...(object.kind ? [] : ['kind not set']),
  ];
  if (missing.length === 1) return invalid(missing.join(''));
  if (missing.length > 1) return invalid(`[${missing.join(', ')}]`);
  const { apiVersion = '', kind = '' } = object;
  const info = resourceByKind(apiVersion, kind);
  if (!info) {
    const about = object.metadata?.name ?? '';
    const why = `no matches for kind "${kind}" in version "${apiVersion}"`;
    const hint = 'ensure CRDs are installed first';
    return {
      error:
        'error: resource mapping not found for name: ' +
        `"${about}" namespace: "${object.metadata?.namespace ?? ''}" from "${name}": ${why}\n${hint}`,
    };
  }
  return { info, object: { ...object, metadata: object.metadata ?? {} } as KubeObject };
}
