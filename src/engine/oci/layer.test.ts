import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chainIds, digestOfText } from './digest.ts';
import { directory, modelFile, symlink, textFile, type LayerEntries } from './entry.ts';
import { bytesBlob, layerOf, makeLayer, unpackLayer } from './layer.ts';
import { writeTar } from './tar.ts';
import { applyLayer, diffTrees, EMPTY_TREE, listTree, readTreeFile } from './tree.ts';

const nodeSha = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const site: LayerEntries = [
  ['srv', directory()],
  ['srv/current', symlink('/srv/v1')],
  ['srv/v1', directory()],
  ['srv/v1/index.html', textFile('<h1>one</h1>\n')],
  [`srv/v1/${'deep/'.repeat(60)}page.html`, textFile('far down\n')],
];

const bytesOf = (entries: LayerEntries) => {
  const { blob } = makeLayer(entries);
  if (blob.kind !== 'bytes') throw new Error('a layer of real bytes has bytes');
  return blob.bytes;
};

describe('a layer', () => {
  it('is named by the sha256 of its tar, and its blob by that of the gzip, as Node computes them', () => {
    const { diffId, blob } = makeLayer(site);
    const gzip = bytesOf(site);
    expect(blob.digest).toBe(nodeSha(gzip));
    expect(diffId).toBe(nodeSha(gunzipSync(gzip)));
    expect(blob.size).toBe(gzip.length);
  });

  it('is an archive that the system tar lists and reads', () => {
    const { bytes, sizeBytes } = writeTar(site);
    expect(bytes.length).toBe(sizeBytes);
    const list = execFileSync('tar', ['-tvf', '-'], { input: bytes }).toString();
    expect(list).toContain('srv/v1/index.html');
    expect(list).toContain('srv/current -> /srv/v1');
    expect(list).toContain('drwxr-xr-x');
    expect(list).toContain(`${'deep/'.repeat(60)}page.html`);
    const page = execFileSync('tar', ['-xOf', '-', 'srv/v1/index.html'], { input: bytes });
    expect(page.toString()).toBe('<h1>one</h1>\n');
  });

  it('is read back from an archive that the system tar wrote', () => {
    const tar = execFileSync('tar', ['-cf', '-', 'package.json', '--format=ustar']);
    const { entries, diffId } = unpackLayer(bytesBlob(new Uint8Array(tar)));
    expect(diffId).toBe(nodeSha(tar));
    expect(entries.map(([path]) => path)).toEqual(['package.json']);
  });

  it('comes back from its blob with the entries it was made of', () => {
    const entries: LayerEntries = [...site, ['srv/old', { type: 'whiteout' }]];
    const read = unpackLayer(bytesBlob(bytesOf(entries)));
    const before = new Map(entries);
    expect(read.entries).toHaveLength(entries.length);
    for (const [path, entry] of read.entries) expect(entry).toEqual(before.get(path));
  });

  it('does not depend on the order in which its files were given', () => {
    expect(makeLayer([...site].reverse()).diffId).toBe(makeLayer(site).diffId);
  });

  it('with a big model file counts all its bytes and holds few', () => {
    const layer = layerOf([['opt/jenkins.war', modelFile(98_000_000, 'jenkins-2.5')]]);
    expect(layer.unpackedBytes).toBe(98_000_000);
    expect(layer.blob.kind).toBe('model');
    const other = layerOf([['opt/jenkins.war', modelFile(98_000_000, 'jenkins-2.6')]]);
    expect(other.diffId).not.toBe(layer.diffId);
  });

  it('has the names that image-spec gives to the empty one and to stacks', () => {
    // moby/moby daemon/internal/layer/empty.go; image-spec identity/chainid_test.go
    expect(makeLayer([]).diffId).toBe(
      'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    );
    expect(chainIds(['sha256:a', 'sha256:b'])).toEqual([
      'sha256:a',
      'sha256:970a948bffa8de94d6e22d747ba8c95030e6e546909f98f54e99a13005e173a8',
    ]);
    expect(digestOfText('{}')).toBe(
      'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    );
  });
});

describe('a merged tree', () => {
  const file = (text = '') => textFile(text);
  const paths = (...layers: LayerEntries[]) =>
    [...layers.reduce(applyLayer, EMPTY_TREE).keys()].join(' ');

  it('follows image-spec on whiteouts, wherever they stand in the archive', () => {
    const base: LayerEntries = [
      ['a', directory()],
      ['a/file2', file()],
      ['b', directory()],
      ['c', directory()],
      ['c/file3', file()],
      ['file1', file()],
    ];
    const gone = { type: 'whiteout' } as const;
    const upper: LayerEntries = [
      ['file1', gone],
      ['a/file2', gone],
      ['b', gone],
      ['file4', file()],
    ];
    expect(paths(base, upper)).toBe('a c c/file3 file4');
    const opaque: LayerEntries = [
      ['c/new', file()],
      ['c', { ...directory(), opaque: true }],
    ];
    expect(paths(base, opaque)).toBe('a a/file2 b c c/new file1');
    expect(paths(base, [['a', file()]])).toBe('a b c c/file3 file1');
  });

  it('differs from another by the layer that leads there', () => {
    const before = applyLayer(EMPTY_TREE, site);
    const after = before
      .set('srv/v1/index.html', file('two'))
      .delete('srv/current')
      .set('srv/new', file('n'));
    const layer = diffTrees(before, after);
    expect(layer.map(([path, { type }]) => `${path} ${type}`)).toEqual([
      'srv/current whiteout',
      'srv/new file',
      'srv/v1/index.html file',
    ]);
    expect(applyLayer(before, layer).hash()).toBe(after.hash());
  });

  it('is read through symbolic links', () => {
    const tree = applyLayer(EMPTY_TREE, site);
    const page = readTreeFile(tree, '/srv/current/index.html');
    expect(new TextDecoder().decode(page)).toBe('<h1>one</h1>\n');
    expect(listTree(tree, '/srv')).toEqual(['current', 'v1']);
    const loop = tree.set('x', symlink('/y')).set('y', symlink('/x'));
    expect(readTreeFile(loop, '/x/file')).toBeUndefined();
  });

  it('is one tree for all who stack the same layers', () => {
    expect(applyLayer(EMPTY_TREE, site)).toBe(applyLayer(EMPTY_TREE, site));
  });
});
