import { describe, expect, it } from 'vitest';
import type { CreateBody, MountPoint, Volume, VolumeList } from '../api.ts';
import { DEV, idle, NGINX, oneDaemon } from '../one-daemon.ts';

function world() {
  const daemon = oneDaemon();
  daemon.pull(NGINX);
  daemon.pull('alpine:3.22');
  const { api, files } = daemon;
  const names = (filters?: object) =>
    api<VolumeList>('GET', '/volumes', {
      query: filters ? { filters: JSON.stringify(filters) } : {},
    }).body.Volumes.map(({ Name }) => Name);
  const mounts = (name: string) =>
    api<{ Mounts: MountPoint[] }>('GET', `/containers/${name}/json`).body.Mounts;
  const remove = (name: string, query = {}) =>
    api('DELETE', `/containers/${name}`, { query: { force: '1', ...query } });
  const text = (place: string, path: string) => files.read(place, path)?.content;
  return { ...daemon, names, mounts, remove, text };
}

const serves = (HostConfig: CreateBody['HostConfig']): CreateBody => ({ Image: NGINX, HostConfig });
const DATA = '/var/lib/docker/volumes';

describe('a volume', () => {
  it('is filled from the image the first time, and outlives its container', () => {
    const { run, files, text, remove, names, mounts } = world();
    const html = '/usr/share/nginx/html';
    const one = run('one', serves({ Binds: [`site:${html}`] }));
    const first = text(DEV, `${DATA}/site/_data/index.html`);
    expect(first).toContain('Welcome to nginx');
    expect(mounts('one')).toEqual([
      {
        ...{ Type: 'volume', Name: 'site', Source: `${DATA}/site/_data`, Destination: html },
        ...{ Driver: 'local', Mode: 'z', RW: true, Propagation: '' },
      },
    ]);
    files.writeFile(`${DEV}/${one}`, `${html}/index.html`, 'mine\n');
    expect(text(DEV, `${DATA}/site/_data/index.html`)).toBe('mine\n');
    remove('one', { v: '1' });
    expect(names()).toEqual(['site']);
    const two = run('two', serves({ Binds: [`site:${html}:ro`] }));
    expect(text(`${DEV}/${two}`, `${html}/index.html`)).toBe('mine\n');
    expect(files.writeFile(`${DEV}/${two}`, `${html}/index.html`, 'no')).toBe('EROFS');
  });

  it('stays empty when it is told to, and binds hide what was there', () => {
    const { run, files } = world();
    files.write(DEV, '/srv/site/index.html', 'from outside\n');
    const html = '/usr/share/nginx/html';
    run('one', serves({ Binds: [`bare:${html}:nocopy`] }));
    const two = run('two', serves({ Binds: [`/srv/site:${html}`] }));
    expect(files.listDirectory(DEV, `${DATA}/bare/_data`)).toEqual([]);
    const seen = files.listDirectory(`${DEV}/${two}`, html)?.map(({ name }) => name);
    expect(seen).toEqual(['index.html']);
  });

  it('without a name gets one, and goes with the container when asked', () => {
    const { run, names, remove, mounts, api } = world();
    run('one', { ...idle(), Volumes: { '/data': {} } });
    const [name = ''] = names();
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(mounts('one')).toMatchObject([{ Name: name, Destination: '/data', Mode: '' }]);
    expect(api<Volume>('GET', `/volumes/${name}`).body.Labels).toEqual({
      'com.docker.volume.anonymous': '',
    });
    remove('one');
    expect(names()).toEqual([name]);
    expect(names({ dangling: { true: true } })).toEqual([name]);
    run('two', { ...idle(), Volumes: { '/data': {} } });
    expect(names()).toHaveLength(2);
    remove('two', { v: '1' });
    expect(names()).toEqual([name]);
  });

  it('in use is not removed; others are pruned, those with a name on demand', () => {
    const { run, api, names, refusal, remove, files } = world();
    const id = run('one', idle({ Binds: ['kept:/a'] }));
    api('POST', '/volumes/create', { body: { Name: 'idle', Labels: { a: '1' } } });
    run('two', { ...idle(), Volumes: { '/b': {} } });
    remove('two');
    expect(api('DELETE', '/volumes/kept')).toEqual({
      status: 409,
      body: { message: `remove kept: volume is in use - [${id}]` },
    });
    expect(refusal(api('DELETE', '/volumes/nope'))).toBe('get nope: no such volume');
    expect(api('DELETE', '/volumes/nope', { query: { force: '1' } }).status).toBe(204);
    files.writeFile(DEV, `${DATA}/idle/_data/file`, '12345');
    const anonymous = api<{ VolumesDeleted: string[] }>('POST', '/volumes/prune').body;
    expect(anonymous.VolumesDeleted).toHaveLength(1);
    const filters = JSON.stringify({ all: { true: true } });
    expect(api('POST', '/volumes/prune', { query: { filters } }).body).toEqual({
      VolumesDeleted: ['idle'],
      SpaceReclaimed: 5,
    });
    expect(names()).toEqual(['kept']);
  });

  it('is refused in the words of the daemon', () => {
    const { api, refusal } = world();
    const make = (body: object) => refusal(api('POST', '/volumes/create', { body }));
    expect(make({ Name: 'a' })).toBe(
      'create a: volume name is too short, names should be at least two alphanumeric characters',
    );
    expect(make({ Name: 'a/b' })).toBe(
      'create a/b: "a/b" includes invalid characters for a local volume name, only ' +
        '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
    );
    expect(make({ Name: 'ab', Driver: 'nope' })).toBe(
      'create ab: error looking up volume plugin nope: plugin "nope" not found',
    );
    expect(make({ Name: 'ab', DriverOpts: { foo: '1' } })).toBe('create ab: invalid option: "foo"');
    expect(make({ Name: 'ab', DriverOpts: { device: '/x' } })).toBe(
      'create ab: missing required option: "type"',
    );
    const filters = JSON.stringify({ nope: { a: true } });
    expect(refusal(api('GET', '/volumes', { query: { filters } }))).toBe("invalid filter 'nope'");
  });
});

describe('mounts', () => {
  it('of -v make a missing directory, those of --mount do not', () => {
    const { run, create, refusal, files } = world();
    run('one', idle({ Binds: ['/new/dir:/data'] }));
    expect(files.stat(DEV, '/new/dir')?.type).toBe('dir');
    const Mounts = [{ Type: 'bind' as const, Source: '/missing', Target: '/data' }];
    expect(refusal(create('two', idle({ Mounts })))).toBe(
      'invalid mount config for type "bind": bind source path does not exist: /missing',
    );
    expect(files.stat(DEV, '/missing')).toBe(undefined);
  });

  it('are refused in the words of the daemon', () => {
    const { create, refusal } = world();
    const binds = (...Binds: string[]) => refusal(create('one', idle({ Binds })));
    const mount = (spec: object) => refusal(create('one', idle({ Mounts: [spec] })));
    expect(binds('ab:/x', '/y:/x')).toBe('Duplicate mount point: /x');
    expect(binds('ab:x')).toBe(
      'invalid volume specification: \'ab:x\': invalid mount config for type "volume": ' +
        "invalid mount path: 'x' mount path must be absolute",
    );
    expect(binds('/src:/')).toBe(
      'invalid volume specification: \'/src:/\': invalid mount config for type "bind": ' +
        "invalid specification: destination can't be '/'",
    );
    expect(binds('/src:/dst:rx')).toBe('invalid mode: rx');
    expect(binds('/a:/b:ro:z')).toBe("invalid volume specification: '/a:/b:ro:z'");
    expect(mount({ Type: 'bind', Target: '/x' })).toBe(
      'invalid mount config for type "bind": field Source must not be empty',
    );
    expect(mount({ Type: 'bind', Source: 'x', Target: '/x' })).toBe(
      'invalid mount config for type "bind": invalid mount path: \'x\' mount path must be absolute',
    );
    expect(mount({ Type: 'tmpfs', Source: '/a', Target: '/x' })).toBe(
      'invalid mount config for type "tmpfs": field Source must not be specified',
    );
    expect(mount({ Type: 'volume', Target: '/x', TmpfsOptions: { SizeBytes: 1 } })).toBe(
      'invalid mount config for type "volume": field TmpfsOptions must not be specified',
    );
    expect(mount({ Type: 'floppy', Target: '/x' })).toBe(
      'invalid mount config for type "floppy": mount type unknown',
    );
  });

  it('of a file go over a file, and nothing else', () => {
    const { run, create, start, refusal, files, text } = world();
    files.write(DEV, '/srv/hosts', '10.9.9.9 elsewhere\n');
    const id = run('one', idle({ Binds: ['/srv/hosts:/etc/motd'] }));
    expect(text(`${DEV}/${id}`, '/etc/motd')).toBe('10.9.9.9 elsewhere\n');
    create('two', idle({ Binds: ['/srv/hosts:/etc'] }));
    expect(refusal(start('two'))).toContain(
      'not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?',
    );
  });

  it('are taken over from another container', () => {
    const { run, names, create, refusal, mounts } = world();
    run('one', { ...idle({ Binds: ['data:/data'] }), Volumes: { '/more': {} } });
    run('two', idle({ VolumesFrom: ['one:ro'] }));
    expect(mounts('two')).toMatchObject([
      { Name: 'data', Destination: '/data', RW: false },
      { Destination: '/more', RW: false },
    ]);
    expect(names()).toHaveLength(2);
    expect(refusal(create('three', idle({ VolumesFrom: ['nope'] })))).toBe(
      'No such container: nope',
    );
  });

  it('of tmpfs hold what fits and leave nothing behind', () => {
    const { run, files, create, start, refusal, api } = world();
    const id = run('one', idle({ Tmpfs: { '/scratch': 'size=8k,mode=1777' } }));
    const place = `${DEV}/${id}`;
    expect(files.writeFile(place, '/scratch/small', 'x'.repeat(4096))).toBe(undefined);
    expect(files.writeFile(place, '/scratch/big', 'x'.repeat(8192))).toBe('ENOSPC');
    api('POST', '/containers/one/restart', { query: { t: '0' } });
    expect(files.listDirectory(place, '/scratch')).toEqual([]);
    create('two', idle({ Tmpfs: { '/x': 'size=1m,foo,bar=1' } }));
    expect(refusal(start('two'))).toBe('invalid tmpfs option "bar"');
    expect(refusal(create('three', idle({ Tmpfs: { x: '' } })))).toBe(
      "invalid mount path: 'x' mount path must be absolute",
    );
  });
});
