import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { modelFile, textFile } from './entry.ts';
import { encodeJson, MEDIA, type ImageConfig } from './image.ts';
import { bytesBlob, describeLayer, layerOf, unpackLayer, type Blob, type Layer } from './layer.ts';
import { readLayout, writeLayout } from './layout.ts';
import { writeArchive } from './tar.ts';

const encoder = new TextEncoder();

function image(...layers: readonly Layer[]) {
  const config: ImageConfig = {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-05T00:00:00Z',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: [],
  };
  const configBlob = bytesBlob(encodeJson(config));
  const { digest, size } = configBlob;
  const manifest = bytesBlob(
    encodeJson({
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest, size },
      layers: layers.map(describeLayer),
    }),
  );
  const all = [configBlob, manifest, ...layers.map(({ blob }) => blob)];
  const blobs = new Map<string, Blob>(all.map((blob) => [blob.digest, blob]));
  const target = { mediaType: MEDIA.manifest, digest: manifest.digest, size: manifest.size };
  return { target, blobs, configBlob };
}

describe('images in a file', () => {
  const small = layerOf([['etc/motd', textFile('hello\n')]]);
  const big = layerOf([['opt/jenkins.war', modelFile(98_000_000, 'jenkins')]]);
  const made = image(small, big);
  const archive = writeLayout([{ target: made.target, name: 'docker.io/library/web:1.0' }], (d) =>
    made.blobs.get(d),
  );

  it('are an archive that tar lists, each blob under its own hash', () => {
    const list = execFileSync('tar', ['-tf', '-'], { input: archive }).toString().split('\n');
    expect(list.filter((path) => !path.startsWith('blobs/sha256/')).join(' ')).toBe(
      'blobs/ index.json manifest.json oci-layout ',
    );
    const blob = list.find((path) => path.includes(made.configBlob.digest.slice(7)))!;
    const bytes = execFileSync('tar', ['-xOf', '-', blob], { input: archive });
    expect(digestOf(new Uint8Array(bytes))).toBe(made.configBlob.digest);
    const docker = execFileSync('tar', ['-xOf', '-', 'manifest.json'], { input: archive });
    expect(JSON.parse(docker.toString())).toMatchObject([{ RepoTags: ['web:1.0'] }]);
  });

  it('come back as they were, model files and all', () => {
    const read = readLayout(archive);
    if (!read.ok) throw new Error(read.message);
    const [manifest] = read.value.manifests;
    expect(manifest).toMatchObject(made.target);
    expect(manifest?.annotations).toEqual({
      'io.containerd.image.name': 'docker.io/library/web:1.0',
      'org.opencontainers.image.ref.name': '1.0',
    });
    expect(read.value.blobs.map(({ digest, size }) => [digest, size])).toEqual(
      [made.target.digest, made.configBlob.digest, small.blob.digest, big.blob.digest].map((d) => [
        d,
        made.blobs.get(d)?.size,
      ]),
    );
    const back = read.value.blobs.find(({ digest }) => digest === big.blob.digest)!;
    expect(unpackLayer(back).unpackedBytes).toBe(98_000_000);
  });

  it('are read in the older form too', () => {
    const tar = writeArchive([{ path: 'x', bytes: encoder.encode('x') }]);
    const config = encodeJson({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
      created: '',
      config: {},
      history: [],
    });
    const valid = encoder.encode(new TextDecoder().decode(config).replace('"created":"",', ''));
    const rows = [{ Config: 'c.json', RepoTags: ['old:1'], Layers: ['l/layer.tar'] }];
    const read = readLayout(
      writeArchive([
        { path: 'c.json', bytes: valid },
        { path: 'l/layer.tar', bytes: tar },
        { path: 'manifest.json', bytes: encoder.encode(JSON.stringify(rows)) },
      ]),
    );
    expect(read.ok && read.value.manifests[0]?.annotations?.['io.containerd.image.name']).toBe(
      'docker.io/library/old:1',
    );
  });

  it('are refused in containerd’s words when they are something else', () => {
    const message = (bytes: Uint8Array) => {
      const read = readLayout(bytes);
      return read.ok ? 'read' : read.message;
    };
    expect(message(encoder.encode('no archive at all'.repeat(100)))).toBe(
      'archive/tar: invalid tar header',
    );
    expect(message(archive.slice(0, 3000))).toBe('unexpected EOF');
    expect(message(writeArchive([{ path: 'x' }]))).toBe('unrecognized image format');
    expect(message(new Uint8Array([0x1f, 0x8b, 1, 2]))).toBe('unexpected EOF');
  });
});
