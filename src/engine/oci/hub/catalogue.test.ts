import { describe, expect, it } from 'vitest';
import type { ImageConfig, Manifest } from '../image.ts';
import type { Blob, LayerFacts } from '../layer.ts';
import { applyLayer, EMPTY_TREE, entryAt, readTreeFile, type FileTree } from '../tree.ts';
import { hubRepositories, stocked } from './catalogue.ts';

const decoder = new TextDecoder();
const json = (blob: Blob): unknown =>
  blob.kind === 'bytes' ? JSON.parse(decoder.decode(blob.bytes)) : undefined;

/** An image as somebody who pulled it for amd64 has it. */
function image(repository: string, tag: string) {
  const [found] = stocked(repository, tag);
  if (!found) throw new Error(`${repository}:${tag} is not there`);
  const manifests = found.manifests.map(({ blob }) => json(blob) as Manifest);
  const manifest = manifests.find(({ layers }) => layers !== undefined)!;
  const blobOf = (digest: string) => found.blobs.find((blob) => blob.digest === digest)!;
  const config = json(blobOf(manifest.config.digest)) as ImageConfig;
  const layers = manifest.layers.map(({ digest }) => digest);
  const tree = (): FileTree =>
    layers.reduce((below, digest) => {
      const blob = blobOf(digest) as Blob & { layer?: LayerFacts };
      return blob.layer ? applyLayer(below, blob.layer.entries) : below;
    }, EMPTY_TREE);
  return { config, layers, tree };
}

describe('the catalogue of Docker Hub', () => {
  it('starts servers as their Dockerfiles say', () => {
    const nginx = image('library/nginx', 'latest').config.config;
    expect(nginx).toMatchObject({
      Entrypoint: ['/docker-entrypoint.sh'],
      Cmd: ['nginx', '-g', 'daemon off;'],
      ExposedPorts: { '80/tcp': {} },
      StopSignal: 'SIGQUIT',
    });
    expect(image('library/redis', '8-alpine').config.config).toMatchObject({
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['redis-server'],
      WorkingDir: '/data',
      Volumes: { '/data': {} },
    });
    const postgres = image('library/postgres', '17').config.config;
    expect(postgres.StopSignal).toBe('SIGINT');
    expect(postgres.Env).toContain(
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/17/bin',
    );
    expect(image('library/mysql', '8.4').config.config.ExposedPorts).toEqual({
      '3306/tcp': {},
      '33060/tcp': {},
    });
  });

  it('has the releases that tutorials name, each with layers of its own', () => {
    const named = ['nginx:1.14.2', 'redis:7.4.0', 'redis:3.0.6', 'mysql:5.7', 'busybox:1.28'];
    for (const name of [...named, 'postgres:15-alpine', 'ubuntu:16.04', 'python:3.4-alpine']) {
      const [repository = '', tag = ''] = name.split(':');
      const newest = image(`library/${repository}`, 'latest').layers;
      const own = image(`library/${repository}`, tag).layers.filter((one) => !newest.includes(one));
      expect(own, name).not.toEqual([]);
    }
    // nginx had no entrypoint before 1.19.
    expect(image('library/nginx', '1.14.2').config.config.Entrypoint).toBeUndefined();
    expect(image('library/nginx', '1.19').config.config.Entrypoint).toBeDefined();
    expect(image('library/redis', '7.4.0').config.config.Env).toContain('REDIS_VERSION=7.4.0');
  });

  it('shares the layers that the real images share', () => {
    const [slim] = image('library/debian', 'trixie-slim').layers;
    for (const repository of ['library/nginx', 'library/redis', 'library/httpd']) {
      expect(image(repository, 'latest').layers[0]).toBe(slim);
    }
    const node = image('library/node', '24').layers;
    expect(image('library/node', '22').layers.slice(0, 4)).toEqual(node.slice(0, 4));
    expect(image('library/golang', 'bookworm').layers.slice(0, 4)).toEqual(node.slice(0, 4));
    const [alpine] = image('library/alpine', '3.22').layers;
    expect(image('library/nginx', '1.29-alpine').layers[0]).toBe(alpine);
    expect(image('library/python', '3.14-alpine').layers[0]).toBe(alpine);
  });

  it('gives every tool to the images that have it, and to no other', () => {
    const has = (tree: FileTree, name: string) =>
      ['/bin', '/usr/bin', '/sbin', '/usr/sbin', '/usr/local/bin'].some(
        (at) => entryAt(tree, `${at}/${name}`)?.type === 'file',
      );
    const alpine = image('library/alpine', 'latest').tree();
    const debian = image('library/debian', 'bookworm-slim').tree();
    const nginx = image('library/nginx', 'latest').tree();
    const names = ['sh', 'bash', 'ps', 'wget', 'curl', 'getent', 'apk', 'apt-get', 'ping'];
    const table = [alpine, debian, nginx].map((tree) => names.filter((name) => has(tree, name)));
    expect(table).toEqual([
      ['sh', 'ps', 'wget', 'getent', 'apk', 'ping'],
      ['sh', 'bash', 'getent', 'apt-get'],
      ['sh', 'bash', 'curl', 'getent', 'apt-get'],
    ]);
  });

  it('shows the files people look at', () => {
    const text = (tree: FileTree, path: string) => decoder.decode(readTreeFile(tree, path));
    const alpine = image('library/alpine', '3.22').tree();
    expect(text(alpine, '/etc/alpine-release')).toBe('3.22.2\n');
    expect(text(alpine, '/etc/os-release')).toContain('PRETTY_NAME="Alpine Linux v3.22"');
    const nginx = image('library/nginx', 'latest').tree();
    expect(text(nginx, '/etc/os-release')).toContain('VERSION_CODENAME=trixie');
    expect(text(nginx, '/usr/share/nginx/html/index.html')).toMatch(
      /^<!DOCTYPE html>[^]*working\. Further configuration is required\.<\/p>/,
    );
    expect(text(nginx, '/etc/passwd')).toMatch(/^nginx:x:101:101:/m);
  });

  it('has a history entry for every layer, and two platforms, of every image', () => {
    for (const repository of hubRepositories()) {
      for (const { tags, manifests } of stocked(repository, undefined)) {
        const built = manifests.map(({ blob }) => json(blob) as Manifest);
        const platforms = built.filter(({ layers }) => layers !== undefined);
        expect(platforms, `${repository}:${tags[0]}`).toHaveLength(2);
        const { config, layers } = image(repository, tags[0]!);
        const made = config.history.filter(({ empty_layer }) => !empty_layer);
        expect(made, `${repository}:${tags[0]}`).toHaveLength(layers.length);
        expect(config.rootfs.diff_ids).toHaveLength(layers.length);
      }
    }
  });
});
