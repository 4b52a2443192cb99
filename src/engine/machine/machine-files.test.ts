import { describe, expect, it } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { linkFile, listDirectory, makeDirectory, readFile, stat, writeFile } from './files.ts';
import { MachineFiles } from './machine-files.ts';

function dev() {
  const kernel = new Kernel({ seed: 1 });
  const processes = new Processes(kernel);
  const files = new MachineFiles(kernel, processes);
  files.addMachine('dev');
  files.makeDirectory('dev', '/home/dev');
  return { kernel, processes, files };
}

describe('the files of a machine', () => {
  it('have directories that must be there, bytes, permissions and times', () => {
    const { kernel, files } = dev();
    kernel.advance(1000);
    expect(files.writeFile('dev', '/home/dev/a/b', 'x')).toBe('ENOENT');
    expect(files.makeDirectory('dev', '/home/dev/a/b')).toBe('ENOENT');
    expect(files.makeDirectory('dev', '/home/dev/a/b', { parents: true })).toBeUndefined();
    expect(files.makeDirectory('dev', '/home/dev/a/b', { parents: true })).toBeUndefined();
    expect(files.makeDirectory('dev', '/home/dev/a/b')).toBe('EEXIST');
    const bytes = new Uint8Array([0, 255, 10]);
    expect(files.writeFile('dev', '/home/dev/a/raw', bytes, 0o600)).toBeUndefined();
    expect(files.bytes('dev', '/home/dev/a/raw')).toEqual(bytes);
    kernel.advance(2000);
    files.appendFile('dev', '/home/dev/a/raw', 'é');
    expect(files.stat('dev', '/home/dev/a/raw')).toEqual({
      type: 'file',
      mode: 0o600,
      uid: 0,
      gid: 0,
      sizeBytes: 5,
      modifiedMs: 2000,
    });
    expect(
      files.listDirectory('dev', '/home/dev/a')?.map(({ name, type }) => [name, type]),
    ).toEqual([
      ['b', 'dir'],
      ['raw', 'file'],
    ]);
    expect(files.listDirectory('dev', '/home/dev/a/raw')).toBeUndefined();
  });

  it('follow links, and know when they never end', () => {
    const { files } = dev();
    files.write('dev', '/srv/data/file', 'text');
    expect(files.linkFile('dev', '/srv/data', '/home/dev/link')).toBeUndefined();
    files.linkFile('dev', '../../srv/data/file', '/home/dev/up');
    files.linkFile('dev', 'loop', '/home/dev/loop');
    expect(files.read('dev', '/home/dev/link/file')?.content).toBe('text');
    expect(files.read('dev', '/home/dev/up')?.content).toBe('text');
    expect(files.realPath('dev', '/home/dev/link/../data/./file')).toBe('/srv/data/file');
    expect(files.stat('dev', '/home/dev/up', false)).toMatchObject({ type: 'symlink' });
    expect(files.writeFile('dev', '/home/dev/loop/x', '')).toBe('ELOOP');
    expect(files.read('dev', '/bin/nothing')).toBeUndefined();
    expect(files.writeFile('dev', `/${'a'.repeat(256)}`, '')).toBe('ENAMETOOLONG');
    expect(files.writeFile('dev', '/a'.repeat(5000), '')).toBe('ENAMETOOLONG');
    expect(files.writeFile('dev', '/srv/data/file/below', '')).toBe('ENOTDIR');
    expect(files.writeFile('dev', '/srv/data', '')).toBe('EISDIR');
  });

  it('move, and go', () => {
    const { files } = dev();
    files.write('dev', '/srv/a/b/c', '1');
    expect(files.renameFile('dev', '/srv/a', '/srv/a/b/d')).toBe('EINVAL');
    expect(files.renameFile('dev', '/srv/a', '/home/dev/moved')).toBeUndefined();
    expect(files.read('dev', '/home/dev/moved/b/c')?.content).toBe('1');
    expect(files.stat('dev', '/srv/a')).toBeUndefined();
    expect(files.removeFile('dev', '/home/dev/moved')).toBe('ENOTEMPTY');
    expect(files.removeTree('dev', '/home/dev/moved')).toBeUndefined();
    expect(files.removeFile('dev', '/home/dev/moved')).toBe('ENOENT');
    expect(files.removeTree('dev', '/')).toBe('EBUSY');
  });

  it('let each user do what permissions say', () => {
    const { files } = dev();
    const me = { uid: 1000, gid: 1000, groups: [4] };
    files.write('dev', '/srv/secret', 'x', 0o600);
    files.write('dev', '/srv/log', 'x', 0o660);
    files.changeOwner('dev', '/srv/log', 0, 4);
    expect(files.read('dev', '/srv/secret', me)).toBeUndefined();
    expect(files.writeFile('dev', '/srv/log', 'y', 0o644, me)).toBeUndefined();
    expect(files.writeFile('dev', '/srv/new', 'y', 0o644, me)).toBe('EACCES');
    expect(files.writeFile('dev', '/tmp/new', 'y', 0o644, me)).toBeUndefined();
    expect(files.stat('dev', '/tmp/new')).toMatchObject({ uid: 1000, gid: 1000 });
    expect(files.removeFile('dev', '/tmp/new', { uid: 1001, gid: 1001 })).toBe('EPERM');
    expect(files.changeMode('dev', '/srv/log', 0o777, me)).toBe('EPERM');
    files.write('dev', '/srv/hidden/deep/file', 'x');
    files.changeMode('dev', '/srv/hidden', 0o700);
    expect(files.writeFile('dev', '/srv/hidden/deep/file', 'y', 0o644, me)).toBe('EACCES');
  });

  it('are there for programs, who wait no virtual time for them', () => {
    const { kernel, processes } = dev();
    const seen: unknown[] = [];
    kernel.event<{ ending: { result?: unknown } }>('test/end', ({ ending }) => {
      seen.push(ending.result);
    });
    processes.program('tour', function* () {
      yield* makeDirectory('dev', '/home/dev/x');
      yield* writeFile('dev', '/home/dev/x/one', '1');
      yield* linkFile('dev', 'one', '/home/dev/x/two');
      yield* writeFile('dev', '/dev/null', 'gone');
      const list = yield* listDirectory('dev', '/home/dev/x');
      const size = (yield* stat('dev', '/home/dev/x/two'))?.sizeBytes;
      const empty = (yield* readFile('dev', '/dev/null'))?.content;
      return [
        list?.map(({ name }) => name),
        size,
        empty,
        yield* writeFile('dev', '/dev/full', 'x'),
      ];
    });
    processes.spawn('tour', null, { then: { event: 'test/end', payload: {} } });
    kernel.advance(0);
    expect(seen).toEqual([[['one', 'two'], 1, '', 'ENOSPC']]);
  });

  it('come back with a checkpoint', () => {
    const { kernel, files } = dev();
    files.write('dev', '/srv/a', '1');
    const before = [kernel.checkpoint(), kernel.hash()] as const;
    files.write('dev', '/srv/a', '2');
    expect(kernel.hash()).not.toBe(before[1]);
    kernel.restore(before[0]);
    expect([files.read('dev', '/srv/a')?.content, kernel.hash()]).toEqual(['1', before[1]]);
  });
});
