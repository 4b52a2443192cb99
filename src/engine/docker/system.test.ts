import { describe, expect, it } from 'vitest';
import type { DiskUsage, SystemInfo, VersionAnswer } from './api.ts';
import { ALPINE, DEV, idle, NGINX, oneDaemon, OTHER } from './one-daemon.ts';

function world() {
  const daemon = oneDaemon();
  daemon.pull(NGINX);
  daemon.pull(ALPINE);
  const usage = (query: Readonly<Record<string, string>> = {}) =>
    daemon.api<DiskUsage>('GET', '/system/df', { query });
  return { ...daemon, usage };
}

describe('a daemon', () => {
  it('says what it is', () => {
    const { api } = world();
    expect(api('GET', '/_ping')).toEqual({ status: 200, body: 'OK' });
    const { Version, ApiVersion, Components } = api<VersionAnswer>('GET', '/version').body;
    expect([Version.slice(0, 3), ApiVersion]).toEqual(['29.', '1.55']);
    const names = Components.map(({ Name }) => Name);
    expect(names).toEqual(['Engine', 'containerd', 'runc', 'docker-init']);
  });

  it('counts containers by state, and images by what they are', () => {
    const { api, run, create, containerd } = world();
    run('one', idle());
    run('two', idle());
    api('POST', '/containers/two/pause');
    create('three', idle());
    const digest = containerd.content.digestOf(DEV, `docker.io/library/${ALPINE}`)!;
    containerd.content.name(DEV, 'docker.io/library/again:latest', digest);
    const info = api<SystemInfo>('GET', '/info').body;
    expect(info).toMatchObject({
      ...{ Containers: 3, ContainersRunning: 1, ContainersPaused: 1, ContainersStopped: 1 },
      ...{ Images: 2, Name: DEV, Driver: 'overlayfs', CgroupVersion: '2' },
      Swarm: { LocalNodeState: 'inactive' },
    });
    const other = api<SystemInfo>('GET', '/info', { machine: OTHER }).body;
    expect(other.ID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(other.ID).not.toBe(info.ID);
  });
});

describe('disk usage', () => {
  it('counts what images share once, and what nobody uses as reclaimable', () => {
    const { usage, run } = world();
    run('one', idle());
    const { ImageUsage } = usage({ verbose: '1' }).body;
    const items = ImageUsage?.Items ?? [];
    const nginx = items.find(({ RepoTags }) => RepoTags.includes(NGINX))!;
    const alpine = items.find(({ RepoTags }) => RepoTags.includes(ALPINE))!;
    expect([nginx.Containers, alpine.Containers]).toEqual([0, 1]);
    expect(nginx.SharedSize).toBe(alpine.SharedSize);
    expect(alpine.SharedSize).toBeGreaterThan(1_000_000);
    expect(ImageUsage).toMatchObject({
      ...{ ActiveCount: 1, TotalCount: 2, Reclaimable: nginx.Size - nginx.SharedSize },
      TotalSize: nginx.Size + alpine.Size - alpine.SharedSize,
    });
  });

  it('tells of containers and volumes, in use and not', () => {
    const { usage, run, files, api } = world();
    const id = run('one', idle({ Binds: ['data:/data'] }));
    run('two', idle());
    files.writeFile(`${DEV}/${id}`, '/root/note', 'x'.repeat(100));
    files.writeFile(`${DEV}/${id}`, '/data/note', 'x'.repeat(1000));
    api('POST', '/volumes/create', { body: { Name: 'idle' } });
    api('POST', '/containers/one/kill');
    const { ContainerUsage, VolumeUsage, ImageUsage } = usage({ type: 'container,volume' }).body;
    expect(ImageUsage).toBe(undefined);
    expect(ContainerUsage).toEqual({
      ...{ ActiveCount: 1, TotalCount: 2, TotalSize: 100, Reclaimable: 100 },
    });
    expect(VolumeUsage).toEqual({
      ...{ ActiveCount: 1, TotalCount: 2, TotalSize: 1000, Reclaimable: 0 },
    });
    const verbose = usage({ verbose: '1' }).body.VolumeUsage?.Items ?? [];
    expect(verbose.map(({ Name, UsageData }) => [Name, UsageData])).toEqual([
      ['data', { RefCount: 1, Size: 1000 }],
      ['idle', { RefCount: 0, Size: 0 }],
    ]);
    expect(usage({ type: 'nonsense' })).toEqual({
      status: 400,
      body: { message: 'unknown object type: nonsense' },
    });
  });
});
