import { describe, expect, it } from 'vitest';
import { accountLayers } from './accounting.ts';
import { directory, modelFile, textFile, type LayerEntries } from './entry.ts';

const MIB = 1024 * 1024;

describe('the account of an image', () => {
  const base: LayerEntries = [
    ['app', directory()],
    ['app/config', textFile('12345')],
    ['tmp', directory()],
    ['tmp/download.tgz', modelFile(40 * MIB, 'download')],
  ];
  const cleanedTooLate: LayerEntries = [
    ['app/config', textFile('1234567890')],
    ['app/server', modelFile(10 * MIB, 'server')],
    ['tmp/download.tgz', { type: 'whiteout' }],
  ];

  it('shows what is stored and cannot be seen', () => {
    const account = accountLayers([base, cleanedTooLate]);
    expect(account.totalBytes).toBe(40 * MIB + 5 + 10 * MIB + 10);
    expect(account.wastedBytes).toBe(40 * MIB + 5);
    expect(account.wasted).toEqual([
      { path: 'tmp/download.tgz', bytes: 40 * MIB },
      { path: 'app/config', bytes: 5 },
    ]);
    const [lower, upper] = account.layers;
    expect(lower).toMatchObject({ addedBytes: 40 * MIB + 5, wastedBytes: 40 * MIB + 5 });
    expect(upper).toMatchObject({
      addedBytes: 10 * MIB,
      overwrittenBytes: 10,
      hiddenBytes: 40 * MIB + 5,
      wastedBytes: 0,
    });
    expect(upper?.changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'changed app/config',
      'added app/server',
      'removed tmp/download.tgz',
    ]);
  });

  it('shows one tree, each path with the layer it comes from', () => {
    const { tree } = accountLayers([base, cleanedTooLate]);
    expect([...tree.entries()].map(([path, { layer }]) => `${path} ${layer}`)).toEqual([
      'app 0',
      'app/config 1',
      'app/server 1',
      'tmp 0',
    ]);
  });

  it('counts what an opaque directory hides, and not what comes with it', () => {
    const fresh: LayerEntries = [
      ['app', { ...directory(), opaque: true }],
      ['app/new', textFile('abc')],
    ];
    const account = accountLayers([base, fresh]);
    expect(account.wastedBytes).toBe(5);
    expect([...account.tree.keys()]).toEqual(['app', 'app/new', 'tmp', 'tmp/download.tgz']);
  });
});
