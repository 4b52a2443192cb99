import { describe, expect, it } from 'vitest';
import { checksumAt, checksumOf } from '../../../src/engine/build/files.ts';
import { cacheForm, type FileCopy, type Op } from '../../../src/engine/build/ops.ts';
import { directory, symlink, textFile, type Entry } from '../../../src/engine/oci/entry.ts';
import { EMPTY_TREE, type FileTree } from '../../../src/engine/oci/tree.ts';
import { BuildWorld, stepsRun, type Built } from '../build-world.ts';

/** Rows of the table of facts that are stories, each under its id. */
const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;
const ran = (built: Built, words: string): boolean =>
  stepsRun(built.output).some((name) => name.includes(words));

describe('the checksum of what is copied', () => {
  const begin = (): BuildWorld => {
    const world = new BuildWorld();
    const Dockerfile = lines(
      'FROM busybox AS base',
      'COPY foo* files/',
      'RUN cat /dev/urandom | head -c 100 | sha256sum > unique',
      'COPY bar files/',
      'FROM scratch',
      'COPY --from=base unique /',
    );
    world.write({ Dockerfile, foo1: 'foo1-data', foo2: 'foo2-data', bar: 'bar-data' });
    expect(world.build().ok).toBe(true);
    return world;
  };

  it('mtime-only', () => {
    const world = begin();
    world.kernel.advance(60_000);
    world.write({ foo1: 'foo1-data' });
    expect(stepsRun(world.build().output)).toEqual([]);
  });

  it('ignored-file', () => {
    const world = new BuildWorld();
    const Dockerfile = lines('FROM scratch', 'COPY . .');
    world.write({ Dockerfile, '.dockerignore': '*.log\nDockerfile\n', a: '1', 'b.log': '1' });
    world.build();
    world.write({ 'b.log': '2' });
    expect(stepsRun(world.build().output)).toEqual([]);
    world.write({ a: '2' });
    expect(ran(world.build(), '] COPY ')).toBe(true);
  });

  it('add-url-mtime', () => {
    const world = new BuildWorld();
    world.write({ Dockerfile: lines('FROM scratch', 'ADD https://example.com/a.txt /') });
    expect(world.build().ok).toBe(true);
    world.kernel.advance(3_600_000);
    expect(stepsRun(world.build().output)).toEqual([]);
  });
});

describe('the key of a step', () => {
  const build = (world: BuildWorld, ...args: string[]): Built => world.build({ 'build-arg': args });

  it('copy-arg-unrelated', () => {
    const world = new BuildWorld();
    const Dockerfile = lines('FROM alpine', 'ARG A', 'COPY f /', 'RUN true');
    world.write({ Dockerfile, f: 'f' });
    build(world, 'A=1');
    const again = build(world, 'A=2');
    expect([ran(again, '] COPY '), ran(again, '] RUN ')]).toEqual([false, true]);
  });

  it('run-string-only', () => {
    const world = new BuildWorld();
    world.write({ Dockerfile: lines('FROM debian', 'RUN apt-get -y update') });
    build(world);
    world.kernel.advance(86_400_000);
    expect(stepsRun(build(world).output)).toEqual([]);
  });

  it('secret-change', () => {
    const world = new BuildWorld();
    const Dockerfile = lines('FROM alpine', 'RUN --mount=type=secret,id=k cat /run/secrets/k');
    world.write({ Dockerfile, key: 'one' });
    const first = world.build({ secret: ['id=k,src=key'] });
    expect(first.output).toContain(' one\n');
    world.write({ key: 'two' });
    expect(stepsRun(world.build({ secret: ['id=k,src=key'] }).output)).toEqual([]);
  });

  it('parent-miss', () => {
    const world = new BuildWorld();
    const Dockerfile = lines('FROM alpine', 'RUN echo 0', 'COPY f /', 'RUN true', 'WORKDIR /w');
    world.write({ Dockerfile, f: '1' });
    build(world);
    world.write({ f: '2' });
    expect(stepsRun(build(world).output)).toEqual([
      '[3/5] COPY f /',
      '[4/5] RUN true',
      '[5/5] WORKDIR /w',
    ]);
  });

  it('bind-mount', () => {
    const world = new BuildWorld();
    const Dockerfile = lines('FROM alpine', 'RUN --mount=type=bind,target=/c cat /c/f');
    world.write({ Dockerfile, f: 'first' });
    expect(build(world).output).toContain(' first\n');
    expect(stepsRun(build(world).output)).toEqual([]);
    world.write({ f: 'second' });
    expect(build(world).output).toContain(' second\n');
  });

  it('exec-key', () => {
    const op: Op & { op: 'exec' } = {
      ...{
        op: 'exec',
        base: 0,
        args: ['a'],
        env: ['A=1'],
        cwd: '/',
        user: 'u',
        hosts: ['h:1.1.1.1'],
      },
      ...{ network: 'default', security: 'sandbox', proxy: { http_proxy: 'p' }, platform: 'linux' },
      mounts: [
        {
          ...{ type: 'cache', target: '/c', readOnly: false, source: '', from: undefined, id: 'i' },
          ...{ sharing: 'shared', required: false },
        },
      ],
    };
    const key = (change: Partial<typeof op>): string =>
      JSON.stringify(cacheForm({ ...op, ...change }));
    const [mount] = op.mounts;
    const counts: Partial<typeof op>[] = [
      ...[{ args: ['b'] }, { env: ['A=2'] }, { cwd: '/x' }, { user: 'v' }, { network: 'none' }],
      ...[{ security: 'insecure' }, { platform: 'other' }, { hosts: ['g:1.1.1.1'] }],
      { mounts: [{ ...mount!, target: '/d' }] },
    ];
    for (const change of counts) expect(key(change)).not.toBe(key({}));
    const free: Partial<typeof op>[] = [
      ...[{ hosts: ['h:2.2.2.2'] }, { proxy: {} }],
      { mounts: [{ ...mount!, id: 'j', sharing: 'locked' }] },
    ];
    for (const change of free) expect(key(change)).toBe(key({}));
  });
});

describe('the checksum of paths', () => {
  const treeOf = (entries: Record<string, Entry>): FileTree =>
    Object.entries(entries).reduce((tree, [path, entry]) => tree.set(path, entry), EMPTY_TREE);
  const tree = treeOf({
    foo: textFile('data0'),
    d0: directory(),
    'd0/abc': textFile('data0'),
    'd0/def': symlink('abc'),
    'd0/ghi': symlink('nosuchfile'),
  });
  const sum = (of: FileTree, path: string): string => {
    const checked = checksumAt(of, path);
    return checked.ok ? checked.digest : checked.message;
  };

  it('hash-fields', () => {
    const one = textFile('x');
    const at = (entry: Entry): string => sum(treeOf({ f: entry }), '/f');
    for (const change of [{ mode: 0o600 }, { uid: 1 }, { gid: 1 }]) {
      expect(at({ ...one, ...change })).not.toBe(at(one));
    }
    expect(at(textFile('y'))).not.toBe(at(one));
    expect(sum(treeOf({ d: directory(), 'd/a': symlink('x') }), '/d')).not.toBe(
      sum(treeOf({ d: directory(), 'd/a': symlink('y') }), '/d'),
    );
    expect(sum(treeOf({ d: directory(), 'd/a': one }), '/d')).not.toBe(
      sum(treeOf({ d: directory(), 'd/b': one }), '/d'),
    );
    expect(at({ ...one, modifiedMs: 5 } as Entry)).toBe(at(one));
  });

  it('hash-same-content', () => {
    expect(sum(tree, '/foo')).toBe(sum(tree, '/d0/abc'));
  });

  it('hash-symlink', () => {
    expect(sum(tree, '/d0/def')).toBe(sum(tree, '/d0/abc'));
  });

  it('hash-dangling', () => {
    expect(sum(tree, '/d0/ghi')).toContain('not found');
  });

  it('hash-dir-anywhere', () => {
    const below = treeOf({
      abc: textFile('data0'),
      def: symlink('abc'),
      ghi: symlink('nosuchfile'),
    });
    expect(sum(below, '/')).toBe(sum(tree, '/d0'));
  });

  it('hash-remove-dangling', () => {
    expect(sum(tree.delete('d0/ghi'), '/d0')).not.toBe(sum(tree, '/d0'));
  });

  it('takes a pattern as a part of the name', () => {
    const copy = (source: string): FileCopy => ({
      ...{ do: 'copy', from: 0, source, destination: '/', mode: '', owner: '', include: [] },
      ...{ exclude: [], required: [], unpack: false, plain: false },
    });
    expect(checksumOf(tree, copy('/fo*'))).not.toEqual(checksumOf(tree, copy('/foo')));
  });
});

describe('images', () => {
  it('entrypoint-resets-cmd', () => {
    const world = new BuildWorld();
    world.write({ Dockerfile: lines('FROM busybox', 'ENTRYPOINT ["x"]') });
    const { config } = world.build();
    expect(config?.config.Cmd).toBeUndefined();
    world.write({ Dockerfile: lines('FROM busybox', 'CMD ["y"]', 'ENTRYPOINT ["x"]') });
    expect(world.build().config?.config.Cmd).toEqual(['y']);
  });
});
