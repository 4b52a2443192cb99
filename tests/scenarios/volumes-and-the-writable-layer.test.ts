import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'containers/volumes-and-the-writable-layer';
const lived = live(ID);
const { playback, during, endOf, printed } = lived;
const VOLUME = '/var/lib/docker/volumes/data/_data/note';
const onHost = (step: string, path: string): string | undefined =>
  playback.worldAt(endOf(step)).files.read('host', path)?.content;

describe('what a container writes', () => {
  it('to a volume and to a directory of the host is on the host', () => {
    expect(onHost('run', VOLUME)).toBeUndefined();
    expect(onHost('write', VOLUME)).toBe('hello\n');
    expect(onHost('write', '/root/notes/note')).toBe('hello\n');
    expect(onHost('write', '/note')).toBeUndefined();
  });

  it('outlives the container there, and is found by the next one', () => {
    expect(onHost('remove', VOLUME)).toBe('hello\n');
    const [root, notes] = printed('look').split('hello\nhello\n');
    expect(notes).toBe('');
    expect(root?.split(/\s+/)).toEqual(expect.arrayContaining(['data', 'notes']));
    expect(root?.split(/\s+/)).not.toContain('note');
  });

  it('is seen at once when the host changes it', () => {
    expect(printed('edit')).toBe('changed\n');
  });

  it('is mounted at each start, and no longer once the container has ended', () => {
    const mounts = (step: string) =>
      during(step)
        .filter(({ object }) => object === 'volume data')
        .map(({ verb, detail }) => [verb, detail?.containerName]);
    expect(mounts('run')).toEqual([
      ['create', undefined],
      ['mount', 'one'],
    ]);
    expect(mounts('stop')).toEqual([['unmount', 'one']]);
    expect(mounts('start')).toEqual([['mount', 'one']]);
    expect(mounts('next')).toEqual([['mount', 'two']]);
  });

  it('to a volume goes when the volume is removed', () => {
    expect(onHost('end', VOLUME)).toBe('hello\n');
    expect(onHost('volume', VOLUME)).toBeUndefined();
    expect(onHost('volume', '/root/notes/note')).toBe('changed\n');
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'containers/storage', 'what-survives', lived);
    expect(faults).toEqual([]);
    const there = (step: string) => {
      const { nodes } = figure.viewAt(endOf(step));
      const notes = ['oneroot', 'datanote', 'hostnote'] as const;
      return notes.map((node) => nodes[node]?.state !== 'empty');
    };
    expect(there('run')).toEqual([false, false, false]);
    for (const step of ['write', 'stop', 'start']) expect(there(step)).toEqual([true, true, true]);
    for (const step of ['remove', 'look']) expect(there(step)).toEqual([false, true, true]);
    expect(there('volume')).toEqual([false, false, true]);
    expect(figure.viewAt(endOf('stop')).nodes.one).toMatchObject({ badge: 'exited 137' });
    expect(figure.viewAt(endOf('volume')).nodes.data).toMatchObject({ state: 'empty' });
  });

  isAStory(lived);
});
