import {
  chainIds,
  DIGEST_FORMS,
  digestOf,
  digestOfText,
  isDigest,
} from '../../../src/engine/oci/digest.ts';
import {
  directory,
  textFile,
  type LayerEntries,
  type LayerEntry,
} from '../../../src/engine/oci/entry.ts';
import { EMPTY_JSON, encodeJson } from '../../../src/engine/oci/image.ts';
import { bytesBlob, makeLayer, describeLayer, type Blob } from '../../../src/engine/oci/layer.ts';
import { writeLayout } from '../../../src/engine/oci/layout.ts';
import { DOCKER_MEDIA, MEDIA } from '../../../src/engine/oci/media-types.ts';
import {
  validateDocument,
  validateText,
  type DocumentKind,
} from '../../../src/engine/oci/schema.ts';
import { normalPath, readMembers, readTar } from '../../../src/engine/oci/tar-read.ts';
import { writeArchive, writeTar } from '../../../src/engine/oci/tar.ts';
import { applyLayer, diffTrees, EMPTY_TREE, type FileTree } from '../../../src/engine/oci/tree.ts';
import { compare, operation, type Adapter, type Verdict } from '../adapter.ts';

const decoder = new TextDecoder();

/** `bin/tool (content changed)`: the path, and content that tells it from the unchanged one. */
function readItem(item: string): { path: string; entry: LayerEntry } {
  const [, path = '', note = ''] = /^(.*?)(?: \((.*)\))?$/.exec(item) ?? [];
  const entry = path.endsWith('/') ? directory() : textFile(note);
  return { path: normalPath(path), entry };
}

/** A tree that holds these paths; a directory ends with a slash. */
function treeOf(items: readonly string[]): FileTree {
  const entries = items.map(readItem).map(({ path, entry }) => [path, entry] as const);
  return applyLayer(EMPTY_TREE, entries);
}

/** Names in an archive, as it writes them. */
function namesIn(archive: Uint8Array): string[] {
  const read = readMembers(archive);
  return read.ok ? read.value.map(({ path }) => path) : [];
}

const sorted = (texts: readonly string[]): string[] => [...texts].sort();
const sameSet = (got: readonly string[], expected: readonly string[]): boolean =>
  compare(sorted(got), sorted(expected)).holds;

/** Paths of a tree; directories end with a slash. */
const listing = (tree: FileTree): string[] =>
  [...tree.entries()].map(([path, { type }]) => (type === 'dir' ? `${path}/` : path));

/** The members in their order, as some archiver wrote them. */
function layerOf(items: readonly string[]): LayerEntries {
  const read = readTar(writeArchive(items.map((path) => ({ path }))));
  return read.ok ? read.value : [];
}

interface Change {
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly deleted?: readonly string[];
  readonly added?: readonly string[];
}

function diffRow(input: Change, expect: Readonly<Record<string, readonly string[]>>): Verdict {
  const before = treeOf(input.before ?? []);
  const kept = (input.before ?? []).filter((path) => !input.deleted?.includes(path));
  // What stood in a directory leaves it there.
  const parents = [...before.entries()].filter(([path]) => !gone(path, input.deleted));
  const rest = parents.flatMap(([path, { type }]) => (type === 'dir' ? [`${path}/`] : []));
  const wanted = input.after ?? [...rest, ...kept, ...(input.added ?? [])];
  const after = unchangedFrom(before, treeOf(wanted));
  const layer = input.after ? diffKeepingParents(before, after) : diffTrees(before, after);
  const of = (test: (path: string, entry: LayerEntry) => boolean) =>
    layer
      .filter(([path, entry]) => test(path, entry))
      .map(([path, { type }]) => (type === 'dir' ? `${path}/` : path));
  const got: Record<string, string[]> = {
    entries: namesIn(writeTar(layer).bytes),
    added: of((path, { type }) => type !== 'whiteout' && !before.has(path)),
    modified: of((path, { type }) => type !== 'whiteout' && before.has(path)),
    deleted: of((_path, { type }) => type === 'whiteout'),
  };
  const named = Object.entries(expect).filter(([, value]) => Array.isArray(value));
  const holds = named.every(([key, value]) => sameSet(got[key] ?? [], value));
  return { holds, got };
}

const gone = (path: string, deleted: readonly string[] = []): boolean =>
  deleted.some((one) => path === normalPath(one) || path.startsWith(`${normalPath(one)}/`));

/** What did not change is the same entry in both trees. */
function unchangedFrom(before: FileTree, after: FileTree): FileTree {
  let tree = after;
  for (const [path, entry] of after.entries()) {
    const old = before.get(path);
    if (old && compare(old, entry).holds) tree = tree.set(path, old);
  }
  return tree;
}

/** Lists of files do not speak of directories that became empty: those stay. */
function diffKeepingParents(before: FileTree, after: FileTree): LayerEntries {
  let kept = after;
  for (const [path, entry] of before.entries()) {
    if (entry.type === 'dir' && !after.has(path)) kept = kept.set(path, entry);
  }
  return diffTrees(before, kept);
}

/** What putting an entry over a path does, in the words of image-spec. */
function overwriteAction(before: LayerEntry, over: LayerEntry): string {
  const base: LayerEntries = [
    ['x', before],
    ...(before.type === 'dir' ? ([['x/child', textFile('c')]] as const) : []),
  ];
  const tree = applyLayer(applyLayer(EMPTY_TREE, base), [['x', over]]);
  const now = tree.get('x');
  const replaced = now?.type === over.type && 'mode' in over && now.mode === over.mode;
  if (tree.has('x/child')) return replaced ? 'keep children, replace attributes' : 'keep children';
  return replaced ? 'remove the existing path, then create the entry' : 'nothing';
}

const OCI_KINDS: Readonly<Record<string, string>> = {
  ...MEDIA,
  'layer tar': MEDIA.layer,
  'layer gzip': MEDIA.layerGzip,
  'layer zstd': MEDIA.layerZstd,
  'image index': MEDIA.index,
  'image manifest': MEDIA.manifest,
  'image config': MEDIA.config,
  'nondistributable layer': MEDIA.foreignLayer,
  'nondistributable layer gzip': MEDIA.foreignLayerGzip,
  'nondistributable layer zstd': MEDIA.foreignLayerZstd,
};

const DOCKER_KINDS: Readonly<Record<string, string>> = {
  ...DOCKER_MEDIA,
  'manifest list': DOCKER_MEDIA.manifestList,
  index: DOCKER_MEDIA.manifestList,
  'layer tar': DOCKER_MEDIA.layer,
  'layer gzip': DOCKER_MEDIA.layerGzip,
  'layer zstd': DOCKER_MEDIA.layerZstd,
  'foreign layer': DOCKER_MEDIA.foreignLayer,
  'foreign layer gzip': DOCKER_MEDIA.foreignLayerGzip,
};

const media = (match: string, kinds: Readonly<Record<string, string>>) =>
  operation<{ of: string }, { mediaType: string }>(match, ({ input, expect }) =>
    compare({ mediaType: kinds[input.of] }, expect),
  );

/** Digests of every form that the rule allows, and some that it does not. */
function digestGrammar(expect: Readonly<Record<string, string>>): Verdict {
  const hex = (length: number) => '0123456789abcdef'.repeat(8).slice(0, length);
  const form = (digest: string) =>
    validateDocument('descriptor', { mediaType: 'a/b', size: 1, digest }).length === 0;
  const lengths = Object.keys(DIGEST_FORMS).map((algorithm) => {
    const fits = [...Array(129).keys()].filter((n) => isDigest(`${algorithm}:${hex(n)}`));
    const upper = isDigest(`${algorithm}:${hex(fits[0] ?? 0).toUpperCase()}`);
    return [algorithm, `${fits.join(',')}${upper ? '' : ' lower-case'} hex`] as const;
  });
  const got: Record<string, unknown> = Object.fromEntries(lengths);
  const general =
    form('sha256+b64:aA_=-9') &&
    form('a.b-c_d+e:x') &&
    !form('A:x') &&
    !form('a:') &&
    !form('a..b:x');
  const named = Object.entries(expect).filter(([key]) => key !== 'form');
  return { holds: general && named.every(([key, value]) => got[key] === value), got };
}

function layoutRow(expect: { files: readonly string[]; ociLayoutContent: unknown }): Verdict {
  const config = bytesBlob(new TextEncoder().encode('{"architecture":"amd64","os":"linux"}'));
  const layer = makeLayer([['file', textFile('x')]]);
  const manifest = bytesBlob(
    encodeJson({
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest: config.digest, size: config.size },
      layers: [describeLayer(layer)],
    }),
  );
  const blobs = new Map<string, Blob>(
    [config, layer.blob, manifest].map((blob) => [blob.digest, blob]),
  );
  const target = { mediaType: MEDIA.manifest, digest: manifest.digest, size: manifest.size };
  const read = readMembers(writeLayout([{ target }], (digest) => blobs.get(digest)));
  const members = read.ok ? read.value : [];
  const patterns = expect.files.map((file) =>
    file
      .replace(/[.+]/g, '\\$&')
      .replace('<alg>', '[a-z0-9]+')
      .replace('<encoded>', '[a-f0-9]{64}'),
  );
  const all = patterns.every((pattern) =>
    members.some(({ path }) => new RegExp(`^${pattern}$`).test(path)),
  );
  const bytes = members.find(({ path }) => path === 'oci-layout')?.bytes;
  const content: unknown = JSON.parse(decoder.decode(bytes));
  const got = { files: members.map(({ path }) => path), ociLayoutContent: content };
  return { holds: all && compare(content, expect.ociLayoutContent).holds, got };
}

const KINDS: Readonly<Record<string, DocumentKind>> = {
  imageindex: 'index',
  index: 'index',
  imagelayout: 'layout',
  layout: 'layout',
  manifest: 'manifest',
  config: 'config',
  descriptor: 'descriptor',
};

export const adapter: Adapter = {
  area: 'image-layers',
  operations: [
    operation<{ diffIDs: string[] | null }, { chainIDs: unknown; chainID?: string }>(
      'chain ids of layers, bottom first',
      ({ input, expect }) => {
        const chain = input.diffIDs && chainIds(input.diffIDs);
        const got = { chainIDs: chain, ...('chainID' in expect ? { chainID: chain?.at(-1) } : {}) };
        return compare(got, expect);
      },
    ),
    operation<{ content: string }, Readonly<Record<string, unknown>>>('digest', (row) => {
      const digest = digestOfText(row.input.content);
      const mediaType = digest === EMPTY_JSON.digest ? EMPTY_JSON.mediaType : undefined;
      const size = new TextEncoder().encode(row.input.content).length;
      const got: Record<string, unknown> = { digest, size, mediaType };
      return compare(
        Object.fromEntries(Object.keys(row.expect).map((k) => [k, got[k]])),
        row.expect,
      );
    }),
    operation(/^diff id of the empty layer/, ({ expect }) => {
      const { diffId } = makeLayer([]);
      return compare({ diffID: diffId, sha256OfTar: digestOf(writeTar([]).bytes) }, expect);
    }),
    operation('same parent, two different third layers', ({ expect }) => {
      const ids = ['one', 'two', 'left', 'right'].map(digestOfText);
      const [left, right] = [chainIds(ids.slice(0, 3)), chainIds([...ids.slice(0, 2), ids[3]!])];
      const got = {
        chainIDs: left[2] === right[2] ? 'equal' : 'differ',
        sharedParents: left[0] === right[0] && left[1] === right[1],
      };
      return compare(got, expect);
    }),
    operation<Change, Readonly<Record<string, readonly string[]>>>(
      'diff two trees into a layer',
      ({ input, expect }) => diffRow(input, expect),
    ),
    operation<{ after: string[] }, { entries: string[] }>('first layer of a tree', (row) => {
      const layer = diffTrees(EMPTY_TREE, treeOf(row.input.after));
      const got = namesIn(writeTar(layer).bytes);
      // The root is there in any tree; `./` in front of a name says nothing.
      const wanted = row.expect.entries.map((name) => name.replace(/^\.\//, '')).filter(Boolean);
      return { holds: sameSet(got, wanted), got };
    }),
    operation<
      { base: string[]; layer: string[] },
      { result: string[]; whiteoutFilesVisible?: boolean }
    >('apply layer', ({ input, expect }) => {
      const got = listing(applyLayer(treeOf(input.base), layerOf(input.layer)));
      const visible = got.some((path) => /(^|\/)\.wh\./.test(path));
      const holds =
        sameSet(got, expect.result) && visible === (expect.whiteoutFilesVisible ?? false);
      return { holds, got };
    }),
    operation('entry and existing path are both directories', ({ expect }) =>
      compare({ action: overwriteAction(directory(0o755), directory(0o700)) }, expect),
    ),
    operation('entry and existing path are not both directories', ({ expect }) => {
      const file = { ...textFile('new'), mode: 0o600 };
      const actions = [
        overwriteAction(directory(), file),
        overwriteAction(textFile('old'), { ...directory(), mode: 0o700 }),
        overwriteAction(textFile('old'), file),
      ];
      const [action] = new Set(actions).size === 1 ? actions : [actions];
      return compare({ action }, expect);
    }),
    media('OCI media type', OCI_KINDS),
    media('Docker media type', DOCKER_KINDS),
    operation<unknown, Readonly<Record<string, string>>>('digest grammar', ({ expect }) =>
      digestGrammar(expect),
    ),
    operation<unknown, Readonly<Record<string, string>>>('digest examples', ({ expect }) => {
      const got = Object.entries(expect).map(
        ([algorithm, digest]) => digest.startsWith(`${algorithm}:`) && isDigest(digest),
      );
      return { holds: got.every(Boolean), got };
    }),
    operation<unknown, { files: string[]; ociLayoutContent: unknown }>(
      'OCI layout directory',
      (row) => layoutRow(row.expect),
    ),
    operation<{ document: unknown; op?: string }, { valid: boolean }>(/^validate /, (row) => {
      const name = (row.op ?? row.input.op ?? '').slice('validate '.length);
      const kind = KINDS[name];
      if (!kind) return { holds: false, got: `no documents of the kind ${name}` };
      const { document } = row.input;
      const problems =
        typeof document === 'string'
          ? validateText(kind, document)
          : validateDocument(kind, document);
      return { holds: (problems.length === 0) === row.expect.valid, got: problems };
    }),
  ],
};
