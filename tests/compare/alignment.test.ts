import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  PLATFORM_NAMES,
  readAlignment,
  valueAt,
} from '../../src/components/alignment/alignment.ts';
import { loadProject } from '../../src/engine/compose-file/load.ts';
import { runWithTexts } from '../../src/engine/compose-file/files.ts';
import { loadStack } from '../../src/engine/compose-file/stack.ts';
import { oneAppFiles } from './one-app.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = 'content/alignments';
const fromDisk = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const FILE = `${FOLDER}/bookshelf.yaml`;

describe('files of several platforms, aligned key by key', () => {
  it.each(readdirSync(join(ROOT, FOLDER)))('%s names only what its files hold', (name) => {
    const { rows } = readAlignment(`${FOLDER}/${name}`, fromDisk(`${FOLDER}/${name}`), fromDisk);
    expect(rows.length).toBeGreaterThan(10);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('covers what the comparison is about', () => {
    const ids = readAlignment(FILE, fromDisk(FILE), fromDisk).rows.map(({ id }) => id);
    const wanted = ['health', 'replicas', 'update', 'config', 'secret', 'volume', 'published-port'];
    expect(ids).toEqual(expect.arrayContaining(wanted));
  });

  it('says with file and line what is not there, and what is not the same', () => {
    const lost = fromDisk(FILE).replace('[services.api.image]', '[services.api.picture]');
    expect(() => readAlignment(FILE, lost, fromDisk)).toThrow(
      /bookshelf\.yaml:\d+ image: there is nothing at services\.api\.picture for compose/,
    );
    const other = (path: string) =>
      fromDisk(path).replace('stop_grace_period: 10s', 'stop_grace_period: 1m');
    expect(() => readAlignment(FILE, fromDisk(FILE), other)).toThrow(
      /stop-grace: "1m" for compose is not 10 for kubernetes/,
    );
    const silent = fromDisk(FILE).replace('en: Image ', "en: '' ");
    expect(() => readAlignment(FILE, silent, fromDisk)).toThrow(/image: words are not there/);
  });

  it('finds values by index, by a member, and under keys with dots', () => {
    const object = { a: [{ name: 'x', v: 1 }], 'b.c': 2, d: null };
    expect(valueAt(object, 'a[0].v')).toBe(1);
    expect(valueAt(object, 'a[name=x].v')).toBe(1);
    expect(valueAt(object, 'a[name=y].v')).toBeUndefined();
    expect(valueAt(object, 'b.c')).toBe(2);
    expect(valueAt(object, 'd')).toEqual({});
    expect(PLATFORM_NAMES).toHaveLength(3);
  });
});

describe('the files of the application, as the tools read them', () => {
  const texts = Object.fromEntries(
    Object.entries(oneAppFiles()).map(([path, text]) => [`/app/${path}`, text]),
  );

  it('are a project of Compose without a warning', () => {
    const loaded = runWithTexts(loadProject({ cwd: '/app', environment: {} }), texts);
    expect(loaded).toMatchObject({ warnings: [], project: { name: 'bookshelf' } });
  });

  it('are a stack of Swarm', () => {
    const options = { cwd: '/app', environment: {}, files: ['stack.yaml'] };
    const loaded = runWithTexts(loadStack(options), texts);
    expect(loaded).not.toHaveProperty('error');
    expect(loaded).toMatchObject({ warnings: [], notices: [] });
  });
});
